#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One scenario's recording, in a file named after it and its folder: record.sh BALLAST FOLDER SCENARIO
name=${3#scenarios/}
name=$(echo "${name%.scn}" | tr / -)
exec "$1" replay --quiet --record "$2/$name.rec" "$3"
