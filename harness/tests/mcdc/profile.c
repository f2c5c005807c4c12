/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linked with guests that clang counts (make mcdc). Its runtime would write at the end of the process, when an image has long
 * been closed; here it writes when the image is.
 */
int __llvm_profile_runtime; /* that this name is there keeps the runtime from starting by itself */
void *__dso_handle = &__dso_handle;

void __llvm_profile_initialize_file(void);
int __llvm_profile_write_file(void);

__attribute__((constructor)) static void counts_begin(void)
{
    __llvm_profile_initialize_file();
}

__attribute__((destructor)) static void counts_end(void)
{
    (void)__llvm_profile_write_file();
}
