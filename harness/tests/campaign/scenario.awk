# SPDX-License-Identifier: BSD-2-Clause
# Writes a random scenario of a Linux guest: targets, faults, workloads, blocks of memory that go on- and offline, saves, over hours of
# virtual time. At its end all faults are healed and the workload is gone; two targets later, and five hours, the guest has
# what was asked for last. Same seed, same scenario.
#     awk -v seed=N -v kernel=linux-6.1 -f scenario.awk
function pick(n) { return int(rand() * n) }
function one(list, words, n) { n = split(list, words, " "); return words[1 + pick(n)] }
function say(when, line) { printf "%-8s %s\n", "+" when, line }
function target_kib() { return int(memory * 256 * (0.3 + rand() * (rand() < 0.5 ? 0.7 : most / memory - 0.3))) * 4 }
function block() { return "/sys/devices/system/memory/memory" pick(1 + most / 128) "/" }

function fault(site) {
	site = one("populate_physmap populate_physmap alloc_page alloc_page memmap add_memory_resource online_pages allocate_resource memory_going_online memory_going_offline xenstore.read xenstore.event.lost xenstore.event.late xenstore.event.doubled evtchn.late evtchn.doubled xenstored.update")
	if (pvh && site == "populate_physmap" && rand() < 0.3) site = "decrease_reservation"
	return "fault lx " site " " one("call=1 call=2 every=1 chance=5% chance=30% call=" (1 + pick(600))) " " one("times=3 sticky sticky") \
	    (site == "populate_physmap" ? " short=" pick(3) * 100 : "")
}

function step(kind) {
	kind = pick(100)
	if (kind < 30) return "xl mem-set lx " int(target_kib() / 1024) "m"
	if (kind < 40) return "lx$ echo " target_kib() " > /sys/devices/system/xen_memory/xen_memory0/target_kb"
	if (kind < 55) return fault()
	if (kind < 63) return "heal lx"
	if (kind < 68) return "lx$ cache " (5 + pick(memory)) "m"
	if (kind < 73) return "lx$ fill " (1 + pick(memory)) "m"
	if (kind < 78) return "lx$ hold " pick(60) "%"
	if (kind < 80) return "lx$ churn " (1 + pick(8)) "m"
	if (kind < 85) return "lx$ release"
	if (kind < 89) return "lx$ echo " one("online offline online_movable") " > " block() "state"
	if (kind < 91) return "lx$ echo " one("online offline online_movable") " > /sys/devices/system/memory/auto_online_blocks"
	if (kind < 93) return "xl mem-max lx " int(memory + pick(most - memory + 1)) 
	if (kind < 95) return "lx$ echo " 1 + pick(5) " > /sys/devices/system/xen_memory/xen_memory0/max_retry_count"
	if (kind < 97 && !pvh && !dom0) { say("0", "heal lx"); say("0", "xl save lx /tmp/lx"); say("1s", "xl restore /tmp/lx"); return "xl mem-set lx " memory "m" }
	return "lx$ verify"
}

BEGIN {
	srand(seed); rand()
	kernel = kernel one(" -online -online -static", words); if (rand() < 0.25) kernel = substr(kernel, 1, match(kernel, /(-online|-static)?$/) - 1)
	dom0 = rand() < 0.2; pvh = rand() < 0.3
	memory = one(dom0 ? "192 256 320" : "64 96 128 200 256"); most = int(memory * one("1 1.5 2 4 8")) # xl leaves a dom0 128 MiB
	if (pvh && !dom0 && most > 4 * memory) most = 4 * memory
	hvm = pvh && !dom0 && rand() < 0.4
	if (!pvh && !dom0 && rand() < 0.4) map = one("e820=xl e820=\"0m.." memory "m\" e820=\"0m..32m|48m.." memory + 16 "m\" e820=\"0m.." memory "m|" memory + 100 "m.." memory + 300 "m:unusable\"")
	if (dom0) host = one(" e820=\"0m..640k|1m.." most + 64 "m\" e820=\"0m..640k|1m.." int(memory / 2) "m|" memory "m.." 2 * most + 64 "m\"")
	gsub(/\|/, " ", map); gsub(/\|/, " ", host)
	print "language 1"
	print "host     mem=" (rand() < 0.8 ? "4g" : int(memory * 1.3 + 80) "m") (host ? " " host : "")
	print "domain   lx kernel=" kernel " memory=" memory "m maxmem=" most "m" (pvh ? " type=" (hvm ? "hvm" : "pvh") : "") (dom0 ? " role=dom0" : "") (map ? " " map : "")
	if (rand() < 0.5) say("0", "lx$ echo online > /sys/devices/system/memory/auto_online_blocks")
	for (n = 4 + pick(16); n > 0; n--) say(one("1us 1us 1ms 300ms 1s 1s 3s 10s 60s 20min 1h 3h"), step())
	say("1s", "heal lx")
	say("0", "lx$ release")
	say("0", "lx$ echo 3 > /proc/sys/vm/drop_caches")
	say("1s", "xl mem-max lx " most)
	say("1s", "xl mem-set lx " int(memory * 0.9) "m")
	say("1s", "xl mem-set lx " int(memory * 0.8) "m")
	say("5h", "settle")
	# xl's target has the frame buffer's 8 MiB, and the 32 pages of the VGA hole that an HVM guest has no frames for.
	last = int(memory * 0.8) * 256 - (hvm ? 8 * 256 + 32 : 0)
	# Without the page of its ACPI tables, a PVH dom0 that counts its own pages has one more than Linux knows of.
	if (pvh && dom0) { print "         expect lx reservation >= " last "p"; last++; print "         expect lx reservation <= " last "p" }
	else print "         expect lx reservation == " last "p"
}
