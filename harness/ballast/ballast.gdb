# SPDX-License-Identifier: BSD-2-Clause
# gdb on one replay: `ballast replay FILE --gdb --until EVENT` gives this to gdb. It runs to the event and
# shows the driver there. docs/debugging.md says how to work with it; no Python is needed.

set pagination off
# A guest's fault is an event like others: the harness turns it into its domain's end.
handle SIGSEGV nostop noprint pass
handle SIGBUS nostop noprint pass
handle SIGFPE nostop noprint pass
handle SIGILL nostop noprint pass
set breakpoint pending on
set $ballast_in_guest = 0

define ballast-leave
  if $ballast_in_guest
    # Registers of an outer frame are its callees' stack slots: only the innermost one's are the processor's.
    select-frame 0
    set $ballast_in_guest = 0
    set $r15 = $ballast_r15
    set $r14 = $ballast_r14
    set $r13 = $ballast_r13
    set $r12 = $ballast_r12
    set $rbx = $ballast_rbx
    set $rbp = $ballast_rbp
    set $rsp = $ballast_rsp
    set $pc = $ballast_pc
  end
end
document ballast-leave
Back from the guest's stack to the machine's, where the processor really is. For the other commands.
end

define ballast-host
  if $ballast_in_guest
    ballast-leave
    frame
  else
    printf "gdb shows where the processor is already: the guest runs, or Ballast itself does\n"
  end
end
document ballast-host
Show Ballast's own stack, where the processor really is while the guest is in a call.
end

define ballast-save
  set $ballast_r15 = $r15
  set $ballast_r14 = $r14
  set $ballast_r13 = $r13
  set $ballast_r12 = $r12
  set $ballast_rbx = $rbx
  set $ballast_rbp = $rbp
  set $ballast_rsp = $rsp
  set $ballast_pc = $pc
  set $ballast_in_guest = 1
end
document ballast-save
Keep the machine's registers, to go back to. For the other commands.
end

# What a stopped context has on its stack, from its lowest address on: six registers and where it goes on.
define ballast-load
  set $ballast_frame = (unsigned long *) $arg0
  set $r15 = $ballast_frame[0]
  set $r14 = $ballast_frame[1]
  set $r13 = $ballast_frame[2]
  set $r12 = $ballast_frame[3]
  set $rbx = $ballast_frame[4]
  set $rbp = $ballast_frame[5]
  set $rsp = (unsigned long) ($ballast_frame + 7)
  set $pc = $ballast_frame[6]
end
document ballast-load
Show a stopped context by the address of its saved registers. For the other commands.
end

define ballast-driver
  ballast-leave
  if ballast_stop.domain == 0
    printf "this event concerns no domain: there is no guest to show\n"
  else
    select-frame 0
    ballast-save
    if ballast_stop.faulted
      set $rbp = ballast_stop.domain->vcpu.fault.frame_pointer
      set $rsp = ballast_stop.domain->vcpu.fault.sp
      set $pc = ballast_stop.domain->vcpu.fault.pc
    else
      ballast-load ballast_stop.domain->vcpu.guest_sp
    end
    set $ballast_found = 0
    set $ballast_depth = 0
    if ballast_stop.in_driver
      while $ballast_found == 0 && $ballast_depth < 64
        if (unsigned long) $pc >= (unsigned long) ballast_stop.domain->image.driver_text_start && (unsigned long) $pc < (unsigned long) ballast_stop.domain->image.driver_text_end
          set $ballast_found = 1
        else
          set $ballast_depth = $ballast_depth + 1
          up-silently
        end
      end
    else
      printf "the driver isn't on this thread's stack; ballast-threads lists the others\n"
    end
    frame
  end
end
document ballast-driver
Show the guest where it is stopped, the driver's innermost frame selected.
Then bt, info locals, up and down are the guest's. The guest goes on with ballast-go or continue.
end

define ballast-go
  if ballast_stop.faulted
    printf "this guest has died: it can't go on\n"
  else
    if $ballast_in_guest && ballast_stop.in_driver
      ballast-driver
      tbreak *$pc
    else
      tbreak *((unsigned long *) ballast_stop.domain->vcpu.guest_sp)[6]
    end
    ballast-leave
    continue
  end
end
document ballast-go
Let the machine answer the guest's call, and stop in the driver behind it.
From there on step, next, finish and breakpoints work as in any program.
end

# The run is the same each time, so that to go back is to begin again and stop earlier.
define ballast-goto
  if $argc != 1
    printf "ballast-goto EVENT: to which event? ballast-event shows the present one\n"
  else
    set $ballast_to = (unsigned long) ($arg0)
    if $ballast_to == 0
      printf "the first event is number 1\n"
    else
      set $ballast_in_guest = 0
      eval "set environment GDB_BALLAST_EVENT=%lu", $ballast_to
      set confirm off
      run
    end
  end
end
document ballast-goto
ballast-goto EVENT: stop at another event of this run, before or behind the present one.
The run begins anew for it; breakpoints stay.
end

define ballast-thread
  if $argc != 1
    printf "ballast-thread N: which one? ballast-threads lists them\n"
  else
    set $ballast_n = (unsigned long) ($arg0)
    set $ballast_known = 0
    if ballast_stop.domain != 0 && ballast_stop.domain->image.threads != 0 && $ballast_n < ballast_stop.domain->image.nr_threads
      set $ballast_known = ((struct lwp *) ballast_stop.domain->image.threads + $ballast_n)->l_state != 0
    end
    if $ballast_known
      ballast-show-thread $ballast_n
    else
      printf "there is no thread %lu; ballast-threads lists those that there are\n", $ballast_n
    end
  end
end
document ballast-thread
ballast-thread N: show thread N of the guest, numbered as ballast-threads does.
end

define ballast-show-thread
  ballast-leave
  select-frame 0
  set $ballast_lwp = (struct lwp *) ballast_stop.domain->image.threads + $arg0
  if $ballast_lwp == *(struct lwp **) ballast_stop.domain->image.current_thread
    ballast-driver
  else
    ballast-save
    ballast-load $ballast_lwp->l_sp
    frame 0
  end
end
document ballast-show-thread
Show a thread that there is. For ballast-thread.
end

define ballast-threads
  if ballast_stop.domain == 0 || ballast_stop.domain->image.threads == 0
    printf "no kernel with threads runs there\n"
  else
    set $ballast_lwp = (struct lwp *) ballast_stop.domain->image.threads
    set $ballast_current = *(struct lwp **) ballast_stop.domain->image.current_thread
    set $ballast_n = 0
    while $ballast_n < ballast_stop.domain->image.nr_threads
      if $ballast_lwp->l_state != 0
        if $ballast_lwp == $ballast_current
          printf "* %2d  %-16s runs\n", $ballast_n, $ballast_lwp->l_name
        else
          if $ballast_lwp->l_state == 2
            printf "  %2d  %-16s waits for %s\n", $ballast_n, $ballast_lwp->l_name, $ballast_lwp->l_wmesg
          end
          if $ballast_lwp->l_state == 1
            printf "  %2d  %-16s could run\n", $ballast_n, $ballast_lwp->l_name
          end
          if $ballast_lwp->l_state == 3
            printf "  %2d  %-16s has ended\n", $ballast_n, $ballast_lwp->l_name
          end
        end
      end
      set $ballast_lwp = $ballast_lwp + 1
      set $ballast_n = $ballast_n + 1
    end
  end
end
document ballast-threads
The guest's threads: which one runs, and what the others wait for.
end

define ballast-machine
  printf "time     %lu.%06lu s of virtual time\n", ballast_stop.machine->now_ns / 1000000000, ballast_stop.machine->now_ns / 1000 % 1000000
  printf "host     %lu pages free of %lu\n", ballast_stop.machine->host.free_pages, ballast_stop.machine->host.pages
  set $ballast_n = 0
  while $ballast_n < ballast_stop.machine->nr_domains
    set $ballast_d = ballast_stop.machine->domains[$ballast_n]
    printf "%-8s domid %u: reservation %lu pages, maximum %lu pages, ", $ballast_d->name, $ballast_d->domid, $ballast_d->reservation_pages, $ballast_d->maximum_pages
    if $ballast_d->target_known
      printf "target read %lu KiB (%lu pages)\n", $ballast_d->target_kib, $ballast_d->target_kib / 4
    else
      printf "no target read yet\n"
    end
    set $ballast_n = $ballast_n + 1
  end
end
document ballast-machine
Time, the host's free memory, and of each domain reservation, maximum and the target that it last read.
end

define ballast-event
  printf "%s", ballast_stop.text
end
document ballast-event
The event at which this run was stopped, and the scenario's line in charge.
end

# Who goes on, goes on where the processor is; stepping in the driver begins behind its call.
define hook-continue
  ballast-leave
end
define hook-next
  if $ballast_in_guest
    ballast-go
  end
end
define hook-step
  if $ballast_in_guest
    ballast-go
  end
end
define hook-finish
  if $ballast_in_guest
    ballast-go
  end
end

break ballast_event_reached
commands
  silent
  set $ballast_in_guest = 0
  ballast-event
  ballast-driver
end
run
