/* SPDX-License-Identifier: BSD-2-Clause */
/* The elements of the page. */

function buildHead() {
  document.title = data.verdict + " " + data.path;
  return make("header", {},
    data.index !== "" ? make("nav", { "aria-label": "report" }, make("a", { href: data.index }, "all runs")) : null,
    make("h1", {}, make("span", { class: "verdict " + data.verdict }, data.verdict), " ", data.path),
    make("p", { class: "faint" }, (data.end / 1e9).toFixed(3) + " s of virtual time, " + count + " events, seed " + data.seed +
      (data.scheduleSeed !== "0" ? ", schedule seed " + data.scheduleSeed : "") + ", on " + (data.backend === "xen" ? "the real Xen" : "the simulator") +
      (data.judged !== "" ? "; files: " + data.judged : "") + "; ballast " + data.ballast),
    data.command !== "" ? commandLine(replayCommand) : null);
}

/* Invariants that were broken at one place of the driver are one cause; the one that began first comes first. */
function groupFindings() {
  const groups = new Map();
  for (const f of [...data.findings].sort((a, b) => a.cause - b.cause)) {
    const key = f.place !== "" ? f.place : f.cause + " " + f.event;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(f);
  }
  return [...groups.values()];
}

const leadTo = (event, ...text) => make("button", { type: "button", onclick: () => { choose(event); byId("list").focus({ preventScroll: true }); } }, ...text);

function findingButton(f) {
  return leadTo(f.cause, make("b", {}, f.what), " broken" + (f.times > 1 ? " " + f.times + " times" : "") + ": " + f.text + " (event " + f.cause + ")");
}

/* What the driver did last before it, where that is another event. */
function stepsOf(failure) {
  const steps = failure.steps.filter((step) => step.event !== failure.cause && step.event !== failure.event);
  if (steps.length === 0) return null;
  return make("p", { class: "steps" }, ...steps.flatMap((step) => [goTo(step.event, step.what + ": event " + step.event), step.place !== "" ? make("code", {}, " " + step.place) : "", " "]));
}

function buildCauses() {
  const list = make("ul", { class: "causes", "aria-labelledby": "wrong" });
  for (const [first, ...more] of groupFindings())
    list.append(make("li", {}, make("h3", {}, ...first.place !== "" ? ["at ", make("code", {}, first.place)] : ["what broke it is not known"]), findingButton(first), stepsOf(first) || "",
      more.length > 0 ? make("details", { open: more.length < 4 }, make("summary", {}, more.length + " more from there"), ...more.map(findingButton)) : ""));
  for (const failure of data.failures)
    list.append(make("li", {}, leadTo(failure.event, make("b", {}, failure.what), " " + failure.text + " (event " + failure.event + ")"), stepsOf(failure) || ""));
  if (list.children.length === 0 && data.text === "") return null;
  return make("section", { "aria-labelledby": "wrong" }, make("h2", { id: "wrong" }, list.children.length > 0 ? "What went wrong" : "Remarks"),
    list, data.text !== "" ? make("details", { open: list.children.length === 0 }, make("summary", {}, "as a terminal shows it"), make("pre", {}, data.text)) : null);
}

function button(text, label, act) { return make("button", { type: "button", "aria-label": label, title: label, onclick: act }, text); }

function legendOf(pairs) {
  const legend = make("ul", { class: "legend", "aria-label": "colours" });
  for (const [name, colour, line] of pairs) legend.append(make("li", { class: line || "area", style: "--c: var(--" + colour + ")" }, name));
  return legend;
}

function buildTimeline() {
  const canvas = make("canvas", { id: "time", role: "slider", tabindex: 0, "aria-label": "memory over time", "aria-valuemin": 1, "aria-valuemax": count, "aria-describedby": "keys" });
  return make("section", { "aria-labelledby": "memory" }, make("h2", { id: "memory" }, "Memory over time"),
    make("div", { class: "bar" },
      button("‹", "previous event", () => choose(now - 1)), button("›", "next event", () => choose(now + 1)),
      button("« mark", "previous mark", () => nextMark(-1)), button("mark »", "next mark", () => nextMark(1)),
      button("+", "zoom in", () => zoom(.5, spot(now))), button("−", "zoom out", () => zoom(2, spot(now))), button("all", "show all of the time", () => look(0, 1)),
      make("label", {}, make("input", { type: "checkbox", id: "scale", onchange: (change) => { toScale = change.target.checked; look(0, 1); } }), " time to scale"),
      lanes.length < data.domains.length ? make("span", { class: "faint" }, lanes.length + " of " + data.domains.length + " domains") : null),
    canvas,
    make("div", { class: "bar" }, legendOf([["reservation", "reservation", "line"], ["target", "target", "dots"], ["maximum", "maximum", "dashes"],
      ["used by the guest", "used"], ["free in the guest", "free"], ["given up (the balloon)", "balloon"], ["host's free memory", "host", "line"]])),
    make("p", { id: "keys", class: "faint" }, "Marks: $ a command, f an injected fault, ! something broken or failed, X a death. " +
      "A click chooses an event. Keys, here and in the lists: arrows go from event to event, n and p to the next and previous mark, + and − zoom."));
}

function buildMap() {
  const whose = make("select", { id: "whose", "aria-label": "domain of the map", onchange: (change) => { domain = Number(change.target.value); draw(); } });
  data.domains.forEach((d, i) => whose.append(make("option", { value: i }, d.label)));
  return make("section", { "aria-labelledby": "pages" }, make("h2", { id: "pages" }, "Pages at this event"),
    make("div", { class: "bar" }, whose, make("label", { for: "scrub", class: "faint" }, "event"),
      make("input", { id: "scrub", type: "range", min: 1, max: count, step: 1, oninput: (input) => choose(Number(input.target.value)) })),
    make("canvas", { id: "map", role: "img", "aria-labelledby": "maptext", onpointermove: pointAtMap }), make("p", { id: "maptext", class: "faint" }),
    legendOf(states.slice(1)),
    make("details", { ontoggle: draw }, make("summary", {}, "as ranges of page frame numbers"), make("pre", { id: "ranges" })));
}

function buildList() {
  const kinds = [...new Set(ev.k)].sort((a, b) => a - b);
  const kind = make("select", { id: "kind", "aria-label": "kind of event", onchange: filterRows }, make("option", { value: "" }, "all kinds"));
  for (const k of kinds) kind.append(make("option", { value: data.kinds[k] }, data.kinds[k] === "LOG" ? "LOG (consoles)" : data.kinds[k]));
  const who = make("select", { id: "who", "aria-label": "domain of events", onchange: filterRows }, make("option", { value: "" }, "all domains"), make("option", { value: "-1" }, "host"));
  data.domains.forEach((d, i) => who.append(make("option", { value: i }, d.name)));
  const words = make("input", { id: "words", type: "search", placeholder: "find in events", "aria-label": "find in events",
    onkeydown: (key) => { if (key.key === "Enter") search(key.target.value); } });
  return make("section", { "aria-labelledby": "events" }, make("h2", { id: "events" }, "Events"),
    make("div", { class: "bar" }, kind, who, words, make("span", { id: "said", role: "status", class: "faint" }), make("span", { id: "shown", class: "faint" })),
    eventList.element);
}

function buildLog() {
  if (logList.rows.length === 0) return null;
  return make("section", { "aria-labelledby": "said-by-guests" }, make("h2", { id: "said-by-guests" }, several ? "Consoles" : "Console"), logList.element);
}

function buildScenario() {
  const list = make("ol", { id: "scenario", "aria-label": "scenario" });
  const failing = new Set(data.failures.map((failure) => ev.l[failure.event - 1]));
  data.scenario.replace(/\n$/, "").split("\n").forEach((text, i) => list.append(make("li", {}, make("button", { type: "button", id: "line" + (i + 1), class: "mono" + (failing.has(i + 1) ? " is-failed" : ""),
    onclick: () => { const event = ev.l.indexOf(i + 1); if (event >= 0) choose(event + 1); } }, String(i + 1).padStart(4) + "  " + text))));
  return make("section", { "aria-labelledby": "lines" }, make("h2", { id: "lines" }, "Scenario"), list);
}

function buildInvariants() {
  const table = make("table", { "aria-labelledby": "held" }, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "invariant"), make("th", { scope: "col", class: "number" }, "asked"), make("th", { scope: "col", class: "number" }, "broken"))));
  const body = make("tbody", {});
  for (const i of data.invariants)
    body.append(make("tr", { class: i.asked > 0 ? "" : "faint" }, make("th", { scope: "row", class: i.broken > 0 ? "FAIL" : "" }, i.name), make("td", { class: "number" }, String(i.asked)), make("td", { class: "number" }, String(i.broken))));
  table.append(body);
  return make("section", { "aria-labelledby": "held" }, make("h2", { id: "held" }, "Invariants"), table);
}
