/* SPDX-License-Identifier: BSD-2-Clause */
/* Embeds the pages' style, scripts and the scripts' hashes, which the Makefile makes (reports/html_assets.h). */
	.section .rodata
	.macro embed name, file
	.globl \name
	.globl \name\()_end
\name:
	.incbin "\file"
\name\()_end:
	.byte 0
	.endm
	embed html_style, "reports/html/style.css"
	embed html_run_script, "html/run.js"
	embed html_run_hash, "html/run.js.sha256"
	embed html_index_hash, "html/index.js.sha256"
	embed html_index_script, "html/index.js"
	.section .note.GNU-stack, "", @progbits
