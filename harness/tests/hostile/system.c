/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deeds against the computer that runs Ballast, and not against Xen: system calls, which no kernel under Xen makes. They are
 * made with instructions of the guest's own, for nothing in an image is libc's. Each ends its domain, whatever it asks for.
 */
#include "hostile.h"

static long room[64];
static long all_ones = -1;
static const char verdict[] = "PASS    forged.scn  (1.000 s of virtual time, 100 events)\n";
static const struct {
    const char *bytes;
    unsigned long count;
} vector[] = {{verdict, sizeof verdict - 1}};

static inline long system_call_of(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#define system_call(...) with_six(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define with_six(number, a, b, c, d, e, f, ...) \
    system_call_of((long)(number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#define CALL(name, ...) \
    static void name(void) \
    { \
        printf("it is answered: %ld\n", system_call(__VA_ARGS__)); \
    }

/* Some address of the image's code. */
static void *guest_image_text(void)
{
    return __builtin_extract_return_addr(__builtin_return_address(0));
}

/* clang-format off: a call is a line */
CALL(exit_as_if_done, 231, 0)
CALL(exit_thread, 60, 0)
CALL(exit_with_a_status, 231, 3)
CALL(kill_parent, 62, system_call(110), 9)
CALL(stop_itself, 62, system_call(39), 19)
CALL(kill_group, 62, 0, 9)
CALL(signal_a_thread, 234, 1, 1, 9)
CALL(signal_by_queue, 129, 1, 9, 0)
CALL(trace_parent, 101, 16, 1)
CALL(write_to_another_process, 311, 1, 0, 0, 0, 0, 0)
CALL(read_from_another_process, 310, 1, 0, 0, 0, 0, 0)
CALL(open_a_file, 2, (long)"/etc/passwd", 0)
CALL(open_own_memory, 2, (long)"/proc/self/mem", 2)
CALL(make_a_file, 85, (long)"/tmp/ballast-hostile", 0644)
CALL(open_a_file_at, 257, -100, (long)"/etc/passwd", 0)
CALL(open_a_file_with_wishes, 437, -100, (long)"/etc/passwd", (long)&room, 24)
CALL(print_a_verdict, 1, 1, (long)verdict, sizeof verdict - 1)
CALL(print_an_error, 1, 2, (long)verdict, sizeof verdict - 1)
CALL(print_by_vector, 20, 1, (long)vector, 1)
CALL(write_outcome, 18, 3, (long)verdict, sizeof verdict - 1, 0)
CALL(write_outcome_by_vector, 296, 3, (long)vector, 1, 0)
CALL(truncate_outcome, 77, 3, 0)
CALL(seal_outcome, 72, 3, 1033, 8)
CALL(splice_outcome, 275, 3, 0, 1, 0, 10, 0)
CALL(send_outcome, 40, 1, 3, 0, 10)
CALL(allocate_outcome, 285, 3, 0, 0, 1l << 40)
CALL(read_from_input, 0, 0, (long)&room, 8)
CALL(read_at, 17, 3, (long)&room, 8, 0)
CALL(fork_a_child, 57, 0)
CALL(fork_with_its_memory, 58, 0)
CALL(clone_a_thread, 56, 0x10900, (long)&room, 0, 0, 0)
CALL(clone_with_wishes, 435, (long)&room, 88)
CALL(execute, 59, (long)"/bin/sh", 0, 0)
CALL(execute_at, 322, -100, (long)"/bin/sh", 0, 0, 0)
CALL(open_a_socket, 41, 2, 1, 0)
CALL(open_a_pair, 53, 1, 1, 0, (long)&room)
CALL(connect_somewhere, 42, 3, (long)&room, 16)
CALL(leave_the_session, 112, 0)
CALL(leave_the_group, 109, 0, 0)
CALL(end_no_more_with_parent, 157, 1, 0)
CALL(turn_off_the_filter, 157, 59, 0, 0, 0, 0)
CALL(name_itself, 157, 15, (long)"init")
CALL(filter_for_itself, 317, 1, 0, 0)
CALL(change_a_handler, 13, 11, (long)&room, 0, 8)
CALL(block_signals, 14, 2, (long)&all_ones, 0, 8)
CALL(return_from_no_signal, 15, 0)
CALL(drop_handlers_stack, 131, (long)&room, 0)
CALL(set_an_alarm, 37, 1)
CALL(make_a_timer, 222, 0, 0, (long)&room)
CALL(set_a_timer, 38, 0, (long)&room, 0)
CALL(map_memory, 9, 0, 4096, 7, 0x22, -1, 0)
CALL(map_over_code, 9, (long)guest_image_text() & ~4095l, 4096, 7, 0x32, -1, 0)
CALL(make_code_writable, 10, (long)guest_image_text() & ~4095l, 4096, 7)
CALL(unmap_everything, 11, 4096, 0x7ffffffde000l)
CALL(move_memory, 25, (long)&room & ~4095l, 4096, 8192, 1, 0)
CALL(grow_the_heap, 12, 0)
CALL(forget_memory, 28, (long)guest_image_text() & ~4095l, 4096, 4)
CALL(protect_by_key, 329, 0, 4096, 0, 0)
CALL(lock_memory, 151, 3)
CALL(close_a_file, 3, 2)
CALL(close_all, 436, 0, 1000, 0)
CALL(copy_a_descriptor, 33, 2, 1)
CALL(ask_a_device, 16, 1, 0x5412, (long)verdict)
CALL(change_the_thread_pointer, 158, 0x1002, 0)
CALL(disable_time, 158, 0x1012, 0)
CALL(change_a_segment, 154, 1, (long)&room, 16)
CALL(set_limits, 160, 9, (long)&room)
CALL(set_parents_limits, 302, 1, 9, (long)&room, 0)
CALL(remove_a_file, 87, (long)"/tmp/ballast-hostile")
CALL(rename_a_file, 82, (long)"/tmp/ballast-hostile", (long)"/tmp/ballast-hostile-2")
CALL(make_a_folder, 83, (long)"/tmp/ballast-hostile", 0755)
CALL(change_folder, 80, (long)"/")
CALL(link_a_file, 88, (long)"/etc/passwd", (long)"/tmp/ballast-hostile")
CALL(change_root, 161, (long)"/tmp")
CALL(mount_something, 165, 0, 0, 0, 0, 0)
CALL(change_mode, 90, (long)"/tmp/ballast-hostile", 0777)
CALL(restart_the_computer, 169, 0, 0, 0, 0)
CALL(load_a_module, 175, 0, 0, 0)
CALL(ring_of_requests, 425, 8, (long)&room)
CALL(load_a_program, 321, 0, (long)&room, 48)
CALL(handle_page_faults, 323, 0)
CALL(file_in_memory, 319, (long)"x", 0)
CALL(open_a_process, 434, 1, 0)
CALL(signal_a_process, 424, 3, 9, 0, 0)
CALL(take_a_descriptor, 438, 3, 1, 0)
CALL(advise_a_process, 440, 3, 0, 0, 4, 0)
CALL(ask_for_parent, 110, 0)
CALL(sleep_a_while, 35, (long)&room, 0)
CALL(wait_for_a_signal, 34, 0)
CALL(wait_for_a_futex, 202, (long)&room, 0, 0, 0, 0, 0)
CALL(ask_the_time, 96, (long)&room, 0)
CALL(ask_for_chance, 318, (long)&room, 8, 0)
CALL(choose_a_processor, 203, 0, 8, (long)&all_ones)
CALL(be_another_user, 105, 0)
CALL(be_capable, 126, (long)&room, (long)&room)
CALL(another_personality, 135, 0x0040000)
CALL(use_ports, 172, 3)
CALL(leave_namespaces, 272, 0x10000000)
CALL(enter_a_namespace, 308, 3, 0)
CALL(keep_a_key, 250, 0, 0, 0, 0, 0)
CALL(listen_to_the_kernel, 298, (long)&room, 0, -1, -1, 0)
CALL(number_of_nothing, 100000, 0)
CALL(number_below_nothing, -1, 0)
CALL(number_of_another_kind, 0x40000027, 0)
/* clang-format on */

/* By the other way in, which counts its calls otherwise. */
static void interrupt_80(void)
{
    long result = 1;

    __asm__ volatile("int $0x80" : "+a"(result) : "b"(0L) : "memory");
    printf("it is answered: %ld\n", result);
}

static void enter_fast_lost(void)
{
    __asm__ volatile("xor %%ebp, %%ebp; mov $1, %%eax; sysenter" : : : "eax", "memory");
}

/* 32-bit code: a far return into its segment. */
static void another_mode_lost(void)
{
    __asm__ volatile("pushq $0x23; pushq $0x1000; lretq" : : : "memory");
}

/* Selectors that stand for other bases. */
static void change_selectors(void)
{
    __asm__ volatile("mov %w0, %%fs; mov %w0, %%gs; mov %w0, %%ds; mov %w0, %%es" : : "r"(0x2b) : "memory");
    printf("still here\n");
    panic("as was wished");
}

/* The page that every process had for asking the time. */
static void old_page_of_the_kernel(void)
{
    long (*volatile time)(long *) = (long (*)(long *))0xffffffffff600400ul;

    printf("it is answered: %ld\n", time(NULL));
}

/* An instruction that is not the guest's own: one of the program, below the gate. */
static const unsigned char *instruction_of_the_program(unsigned nth)
{
    extern struct {
        void *word[24];
    } guest_image;
    const unsigned char *at = guest_image.word[9];

    for (;; at--)
        if (at[0] == 0x0f && at[1] == 0x05 && nth-- == 0)
            return at;
}

static void by_code_of_the_program(void)
{
    const unsigned char *volatile at = instruction_of_the_program(0);
    long result = 231;

    __asm__ volatile("call *%1" : "+a"(result) : "r"(at), "D"(0L) : "rcx", "r11", "memory");
    printf("it is answered: %ld\n", result);
}

/* A place with a line's end in its name, behind which another event's place seems to begin. */
#line 1 "evil\n999 forged.c:1 (f)"
static void forged_place_lost(void)
{
    *(volatile int *)nowhere = 1;
}

const struct deed deeds[] = {
    {"exit_as_if_done", exit_as_if_done},
    {"exit_thread", exit_thread},
    {"exit_with_a_status", exit_with_a_status},
    {"kill_parent", kill_parent},
    {"stop_itself", stop_itself},
    {"kill_group", kill_group},
    {"signal_a_thread", signal_a_thread},
    {"signal_by_queue", signal_by_queue},
    {"trace_parent", trace_parent},
    {"write_to_another_process", write_to_another_process},
    {"read_from_another_process", read_from_another_process},
    {"open_a_file", open_a_file},
    {"open_own_memory", open_own_memory},
    {"make_a_file", make_a_file},
    {"open_a_file_at", open_a_file_at},
    {"open_a_file_with_wishes", open_a_file_with_wishes},
    {"print_a_verdict", print_a_verdict},
    {"print_an_error", print_an_error},
    {"print_by_vector", print_by_vector},
    {"write_outcome", write_outcome},
    {"write_outcome_by_vector", write_outcome_by_vector},
    {"truncate_outcome", truncate_outcome},
    {"seal_outcome", seal_outcome},
    {"splice_outcome", splice_outcome},
    {"send_outcome", send_outcome},
    {"allocate_outcome", allocate_outcome},
    {"read_from_input", read_from_input},
    {"read_at", read_at},
    {"fork_a_child", fork_a_child},
    {"fork_with_its_memory", fork_with_its_memory},
    {"clone_a_thread", clone_a_thread},
    {"clone_with_wishes", clone_with_wishes},
    {"execute", execute},
    {"execute_at", execute_at},
    {"open_a_socket", open_a_socket},
    {"open_a_pair", open_a_pair},
    {"connect_somewhere", connect_somewhere},
    {"leave_the_session", leave_the_session},
    {"leave_the_group", leave_the_group},
    {"end_no_more_with_parent", end_no_more_with_parent},
    {"turn_off_the_filter", turn_off_the_filter},
    {"name_itself", name_itself},
    {"filter_for_itself", filter_for_itself},
    {"change_a_handler", change_a_handler},
    {"block_signals", block_signals},
    {"return_from_no_signal", return_from_no_signal},
    {"drop_handlers_stack", drop_handlers_stack},
    {"set_an_alarm", set_an_alarm},
    {"make_a_timer", make_a_timer},
    {"set_a_timer", set_a_timer},
    {"map_memory", map_memory},
    {"map_over_code", map_over_code},
    {"make_code_writable", make_code_writable},
    {"unmap_everything", unmap_everything},
    {"move_memory", move_memory},
    {"grow_the_heap", grow_the_heap},
    {"forget_memory", forget_memory},
    {"protect_by_key", protect_by_key},
    {"lock_memory", lock_memory},
    {"close_a_file", close_a_file},
    {"close_all", close_all},
    {"copy_a_descriptor", copy_a_descriptor},
    {"ask_a_device", ask_a_device},
    {"change_the_thread_pointer", change_the_thread_pointer},
    {"disable_time", disable_time},
    {"change_a_segment", change_a_segment},
    {"set_limits", set_limits},
    {"set_parents_limits", set_parents_limits},
    {"remove_a_file", remove_a_file},
    {"rename_a_file", rename_a_file},
    {"make_a_folder", make_a_folder},
    {"change_folder", change_folder},
    {"link_a_file", link_a_file},
    {"change_root", change_root},
    {"mount_something", mount_something},
    {"change_mode", change_mode},
    {"restart_the_computer", restart_the_computer},
    {"load_a_module", load_a_module},
    {"ring_of_requests", ring_of_requests},
    {"load_a_program", load_a_program},
    {"handle_page_faults", handle_page_faults},
    {"file_in_memory", file_in_memory},
    {"open_a_process", open_a_process},
    {"signal_a_process", signal_a_process},
    {"take_a_descriptor", take_a_descriptor},
    {"advise_a_process", advise_a_process},
    {"ask_for_parent", ask_for_parent},
    {"sleep_a_while", sleep_a_while},
    {"wait_for_a_signal", wait_for_a_signal},
    {"wait_for_a_futex", wait_for_a_futex},
    {"ask_the_time", ask_the_time},
    {"ask_for_chance", ask_for_chance},
    {"choose_a_processor", choose_a_processor},
    {"be_another_user", be_another_user},
    {"be_capable", be_capable},
    {"another_personality", another_personality},
    {"use_ports", use_ports},
    {"leave_namespaces", leave_namespaces},
    {"enter_a_namespace", enter_a_namespace},
    {"keep_a_key", keep_a_key},
    {"listen_to_the_kernel", listen_to_the_kernel},
    {"number_of_nothing", number_of_nothing},
    {"number_below_nothing", number_below_nothing},
    {"number_of_another_kind", number_of_another_kind},
    {"interrupt_80", interrupt_80},
    {"enter_fast_lost", enter_fast_lost},
    {"another_mode_lost", another_mode_lost},
    {"change_selectors", change_selectors},
    {"old_page_of_the_kernel", old_page_of_the_kernel},
    {"by_code_of_the_program", by_code_of_the_program},
    {"forged_place_lost", forged_place_lost},
    {NULL, NULL},
};
