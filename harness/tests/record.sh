#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes one scenario's recording to a file of FOLDER that is named after the scenario and its folder.
#     record.sh BALLAST FOLDER SCENARIO
name=${3#scenarios/}
name=$(echo "${name%.scn}" | tr / -)
exec "$1" replay --quiet --timeout "$(cat harness/tests/wait_s)" --record "$2/$name.rec" "$3"
