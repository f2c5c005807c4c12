/* SPDX-License-Identifier: BSD-2-Clause */
/* All that is told of the event that is looked at. */

function term(list, name, ...what) { list.append(make("dt", {}, name), make("dd", {}, ...what)); }

const goTo = (event, text) => make("button", { type: "button", class: "link", onclick: () => choose(event) }, text);

/* The last event of that kind and domain before one, or the next behind it; 0: there is none. */
function beside(event, step, kind) {
  for (let i = event - 1 + step; i >= 0 && i < count; i += step)
    if (ev.k[i] === kind && ev.d[i] === ev.d[event - 1]) return i + 1;
  return 0;
}

const lineText = (line) => data.scenario.split("\n")[line - 1] || "";

function termsOfFindings(box) {
  for (const f of data.findings) {
    if (f.cause === now && f.cause === f.event)
      term(box, "seen here", make("b", { class: "FAIL" }, f.what), " ", ...(stepsOf(f) || make("p")).childNodes);
    else if (f.cause === now)
      term(box, f.place !== "" ? "broken here" : "found here", make("b", { class: "FAIL" }, f.what), " " + f.text + " ", goTo(f.event, "seen at event " + f.event));
    else if (f.event === now) term(box, "broken", goTo(f.cause, "at event " + f.cause));
  }
  for (const failure of data.failures)
    if (failure.event === now) term(box, "verdict", make("b", { class: "FAIL" }, "this fails the run"), " ", ...(stepsOf(failure) || make("p")).childNodes);
}

function drawEvent() {
  const place = placesOf(now), box = make("dl", {}), i = now - 1;
  term(box, "what", make("code", {}, textOf(now)));
  termsOfFindings(box);
  term(box, "when", seconds(ev.t[i]) + " of virtual time");
  term(box, "who", nameOf(ev.d[i]));
  term(box, "kind", data.kinds[ev.k[i]].toLowerCase().replaceAll("_", " "));
  if (ev.l[i] > 0) term(box, "scenario", "line " + ev.l[i] + ": ", make("code", {}, lineText(ev.l[i]).trim()));
  if (place.length > 0) term(box, "driver", make("code", {}, place[0]));
  if (place.length > 1) term(box, "called from", make("ol", { class: "calls" }, ...place.slice(1).map((caller) => make("li", {}, make("code", {}, caller)))));
  for (const [name, row] of [["ran before", piece(now).b[now]], ["ran after", piece(now).a[now]]]) {
    const functions = (row || "").split("\t").filter((f) => f !== "" && !place.includes(f));
    if (functions.length > 0) term(box, name, make("code", {}, functions.slice(0, 8).join(", ")));
  }
  if (ev.d[i] >= 0) {
    const d = data.domains[ev.d[i]], said = [], calls = [];
    for (const [name, text] of [["reservation", "reservation"], ["target", "target"], ["maximum", "maximum"], ["plugged", "in segments"], ["used", "used"], ["free", "free"], ["balloon", "given up"]]) {
      const value = valueAt(d[name], now);
      if (value !== undefined) said.push(text + " " + mib(value));
    }
    if (said.length > 0) term(box, "memory", said.join(", "));
    for (const [step, text] of [[-1, "before"], [1, "behind"]]) {
      const call = beside(now, step, HYPERCALL);
      if (call > 0) calls.push(goTo(call, text + ": event " + call), " ");
    }
    if (calls.length > 0) term(box, "hypercalls", ...calls);
  }
  const parts = [make("h2", { id: "eventname" }, "Event " + now), box];
  if (framesOf(now) !== "")
    parts.push(make("details", { open: ev.k[i] === HYPERCALL }, make("summary", {}, "frames and pages"), make("pre", {}, framesOf(now).replace(/^ {10}/gm, ""))));
  if (data.command !== "") parts.push(make("h3", {}, "Replay up to here"), commandLine(() => replayCommand() + " --until " + now),
    make("p", { class: "faint" }, "With --gdb behind it: in the debugger."));
  byId("event").replaceChildren(...parts);
}

function replayCommand() {
  return data.command + " " + quoted(data.path) + " --seed " + data.seed + (data.scheduleSeed !== "0" ? " --schedule-seed " + data.scheduleSeed : "");
}

function commandLine(text) { return make("div", { class: "command", role: "group", "aria-label": "command to replay it" }, make("code", {}, text()), copyButton(text)); }

const quoted = (path) => /^[A-Za-z0-9_.,\/+@%-]+$/.test(path) ? path : "'" + path.replaceAll("'", "'\\''") + "'";

let lineNow = null;
function drawScenario() {
  if (lineNow !== null) { lineNow.classList.remove("now"); lineNow.removeAttribute("aria-current"); }
  lineNow = byId("line" + ev.l[now - 1]);
  if (lineNow === null) return;
  lineNow.classList.add("now");
  lineNow.setAttribute("aria-current", "true");
  const box = byId("scenario");
  box.scrollTop = lineNow.offsetTop - box.offsetTop - 120;
}

let waiting = false;
function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; drawTimeline(); drawMap(); });
}

function choose(event, quiet) {
  now = Math.min(Math.max(event, 1), count);
  if (ev.d[now - 1] >= 0 && ev.d[now - 1] !== domain) { domain = ev.d[now - 1]; byId("whose").value = String(domain); }
  giveLane(ev.d[now - 1]);
  byId("scrub").value = String(now);
  byId("scrub").setAttribute("aria-valuetext", "event " + now + ", " + seconds(ev.t[now - 1]));
  byId("time").setAttribute("aria-valuenow", String(now));
  byId("time").setAttribute("aria-valuetext", "event " + now + ", " + seconds(ev.t[now - 1]) + ", " + nameOf(ev.d[now - 1]) + ": " + textOf(now));
  if (!quiet) history.replaceState(null, "", "#event=" + now);
  const where = spot(now);
  if (where < view[0] || where > view[1]) { const half = (view[1] - view[0]) / 2; look(where - half, where + half); }
  eventList.draw(true);
  logList.draw(true);
  drawEvent();
  drawScenario();
  draw();
}

function look(from, to) {
  const width = Math.min(Math.max(to - from, 1e-6), 1);
  from = Math.min(Math.max(from, 0), 1 - width);
  view = [from, from + width];
  draw();
}

function zoom(factor, around) {
  look(around - (around - view[0]) * factor, around + (view[1] - around) * factor);
}

function nextMark(direction) {
  const next = direction > 0 ? markedEvents.find((event) => event > now) : markedEvents.findLast((event) => event < now);
  if (next !== undefined) choose(next);
}
