/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of reports/html/, as they are, and the scripts' hashes. Each is from NAME to NAME_end. */
#ifndef REPORTS_HTML_ASSETS_H
#define REPORTS_HTML_ASSETS_H

extern const char html_style[], html_style_end[];
extern const char html_run_script[], html_run_script_end[], html_run_hash[], html_run_hash_end[];
extern const char html_index_script[], html_index_script_end[], html_index_hash[], html_index_hash_end[];

/* NAME of them as a struct html_script. */
#define HTML_SCRIPT(name) \
    { \
        .text = html_##name##_script, .bytes = (size_t)(html_##name##_script_end - html_##name##_script), \
        .hash = html_##name##_hash, .hash_bytes = (size_t)(html_##name##_hash_end - html_##name##_hash) \
    }

#endif
