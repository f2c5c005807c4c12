/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of events and the consoles, of which only the rows in view are there. */

const ROW = 22;
const HYPERCALL = data.kinds.indexOf("HYPERCALL"), LOG = data.kinds.indexOf("LOG");
const classOf = new Map(); /* of events, the worst mark that they have */
const failed = new Set(data.failures.map((failure) => failure.event));
for (const event of failed) {
  const whose = ev.d[event - 1];
  for (const d of whose >= 0 ? [data.domains[whose]] : data.domains) d.marks.push(event, "failed");
}
for (const d of data.domains) {
  const pairs = [];
  for (let i = 0; i < d.marks.length; i += 2) pairs.push([d.marks[i], d.marks[i + 1]]);
  pairs.sort((a, b) => a[0] - b[0]);
  d.marks = pairs.flat();
  for (const [event, kind] of pairs)
    if (!classOf.has(event) || rank.indexOf(kind) > rank.indexOf(classOf.get(event))) classOf.set(event, kind);
}
const markedEvents = [...classOf.keys()].sort((a, b) => a - b);

/* A list of which only what can be seen is there. `rows` are event numbers; null: all events. */
function makeList(id, label, line) {
  const inner = make("div", { role: "presentation" });
  const list = { rows: null, id };
  list.element = make("div", { id, class: "list", role: "listbox", tabindex: 0, "aria-label": label, onscroll: () => list.draw(false), onkeydown: (key) => moveByKey(key, list) }, inner);
  list.size = () => list.rows === null ? count : list.rows.length;
  list.event = (row) => list.rows === null ? row + 1 : list.rows[row];
  /* The row of an event, or else of the next one that there is. */
  list.row = (event) => {
    if (list.rows === null) return event - 1;
    let low = 0, high = list.rows.length;
    while (low < high) { const middle = (low + high) >> 1; if (list.rows[middle] < event) low = middle + 1; else high = middle; }
    return low;
  };
  list.draw = (follow) => {
    const box = list.element, at = Math.min(list.row(now), list.size() - 1), height = box.clientHeight || 430;
    inner.style.height = list.size() * ROW + "px";
    if (follow && at >= 0 && (at * ROW < box.scrollTop || (at + 2) * ROW > box.scrollTop + height))
      box.scrollTop = Math.max(0, at * ROW - height / 2);
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 4), last = Math.min(list.size(), first + Math.ceil(height / ROW) + 8);
    const shown = [];
    for (let row = first; row < last; row++) {
      const event = list.event(row);
      shown.push(make("div", { role: "option", id: id + event, "aria-selected": String(event === now), "aria-posinset": row + 1, "aria-setsize": list.size(), style: "top:" + row * ROW + "px",
        class: "mono" + (event === now ? " now" : "") + (classOf.has(event) ? " is-" + classOf.get(event) : ""), onclick: () => choose(event) }, line(event)));
    }
    inner.replaceChildren(...shown);
    if (byId(id + now)) box.setAttribute("aria-activedescendant", id + now);
    else box.removeAttribute("aria-activedescendant");
  };
  return list;
}

const several = data.domains.length > 1;
const eventList = makeList("list", "events", (event) => String(event).padStart(String(count).length) + "  " + seconds(ev.t[event - 1]) + "  " +
  nameOf(ev.d[event - 1]) + "  " + textOf(event));
const logList = makeList("log", "consoles", (event) => seconds(ev.t[event - 1]) + "  " + (several ? nameOf(ev.d[event - 1]) + "  " : "") +
  textOf(event).replace(/^says: /, ""));
logList.rows = [];
for (let i = 0; i < count; i++) if (ev.k[i] === LOG) logList.rows.push(i + 1);

function filterRows() {
  const kind = byId("kind").value, who = byId("who").value;
  eventList.rows = null;
  if (kind !== "" || who !== "") {
    eventList.rows = [];
    for (let i = 0; i < count; i++)
      if ((kind === "" || data.kinds[ev.k[i]] === kind) && (who === "" || String(ev.d[i]) === who)) eventList.rows.push(i + 1);
  }
  byId("shown").textContent = eventList.size() === count ? count + " events" : eventList.size() + " of " + count + " events";
  eventList.draw(true);
}

/* Looks for the next event whose text holds the words, piece by piece, so that the page stays alive. */
function search(words) {
  const wanted = words.toLowerCase(), from = now;
  let step = 0;
  clearTimeout(found);
  if (wanted === "") return;
  const go = () => {
    for (const stop = step + 2000; step < count && step < stop; step++) {
      const event = (from + step) % count + 1;
      if (textOf(event).toLowerCase().includes(wanted)) { byId("said").textContent = ""; choose(event); return; }
    }
    if (step < count) found = setTimeout(go, 0); else byId("said").textContent = "no event says that";
  };
  go();
}
