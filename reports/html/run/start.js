/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts the page together and shows the event that is asked for. */

await pause();
readInk();
const parts = (...all) => all.filter((part) => part !== null);
document.body.append(...parts(buildHead(), buildCauses()));
await pause();
document.body.append(make("main", { class: "run" }, buildTimeline(), make("section", { id: "event", "aria-labelledby": "eventname" }), buildMap(), buildList(),
  make("div", { class: "columns" }, make("div", {}, ...parts(buildScenario(), buildLog())), buildInvariants())));
drive(byId("time"));
addEventListener("resize", () => { draw(); eventList.draw(false); logList.draw(false); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readInk(); draw(); });
const asked = () => Number((/^#event=(\d+)$/.exec(location.hash) || [0, 0])[1]);
addEventListener("hashchange", () => { if (asked() > 0) choose(asked(), true); });
const guilty = groupFindings();
await pause();
filterRows();
for (const list of [data.hostFree, ...lanes.flatMap((lane) => ["whole", "used", "reservation", "target", "maximum"].map((name) => data.domains[lane][name]))]) {
  levelsOf(list);
  largest(list);
  if (list.length > 4000) await pause();
}
/* Its pages are followed once to the end, so that each event is near one whose map is kept. */
const first = asked() || (guilty.length > 0 ? guilty[0][0].cause : data.failures.length > 0 ? data.failures[0].event : ev.d.findLastIndex((d) => d >= 0) + 1);
if (data.domains.length > 0) {
  const whose = Math.max(ev.d[first - 1] || 0, 0), changes = data.domains[whose].map;
  for (let change = 0; change < changes.length; change += 4 * keepEvery(whose)) { mapAt(whose, changes[change]); await pause(); }
}
choose(first, true);
document.body.dataset.ready = "yes";
