/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of one run. `data` is what reports/html_run.c wrote; texts of events lie in pieces of their own, which are read when
 * they are first shown. Everything follows one number, `now`: the event that is looked at.
 */
/* A long run's page would stand still while it is made: other tasks have their turn in between. */
const pause = () => new Promise((done) => setTimeout(done));
const parsed = (id) => JSON.parse(document.getElementById(id).textContent);

const data = parsed("data");
await pause();
const ev = parsed("events"), count = ev.t.length;
await pause();
let now = count, domain = 0, view = [0, 1], toScale = false, found = null;

/* ---- small tools ---------------------------------------------------------------------------- */

function byId(id) { return document.getElementById(id); }

function copyButton(text) {
  return make("button", { type: "button", onclick: async (click) => {
    const button = click.currentTarget;
    try { await navigator.clipboard.writeText(text()); button.textContent = "Copied"; } catch {
      const range = document.createRange();
      range.selectNodeContents(button.parentElement.querySelector("code"));
      getSelection().removeAllRanges(); getSelection().addRange(range);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } }, "Copy");
}

const seconds = (ns) => (ns / 1e9).toFixed(6) + " s";
const mib = (pages) => pages / 256 >= 1024 ? +(pages / 262144).toFixed(2) + " GiB" : +(pages / 256).toFixed(2) + " MiB";

/* ---- texts, in pieces ----------------------------------------------------------------------- */

const pieces = [];
function piece(event) {
  const p = Math.floor((event - 1) / data.piece);
  if (!pieces[p]) pieces[p] = parsed("piece" + p);
  return pieces[p];
}
const textOf = (event) => piece(event).x[(event - 1) % data.piece];
const placesOf = (event) => piece(event).p[event] || [];
const framesOf = (event) => piece(event).f[event] || "";
const nameOf = (d) => d < 0 ? "host" : data.domains[d].label;
/* Two domains of one name, such as one that was destroyed and built again, are told apart by their numbers. */
for (const d of data.domains) d.label = data.domains.filter((other) => other.name === d.name).length > 1 ? d.name + " (" + d.domid + ")" : d.name;

/* ---- time as a place on the paper ------------------------------------------------------------ */

/* Where event i + 1 stands between 0 and 1. Unless it is to scale, a wait takes as much room as its logarithm. */
const spots = [new Float64Array(count), new Float64Array(count)];
(function place() {
  const start = count > 0 ? ev.t[0] : 0, end = Math.max(data.end, start + 1);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const wait = i > 0 ? ev.t[i] - ev.t[i - 1] : 0;
    sum += 1 + (wait > 0 ? Math.log2(1 + wait / 1000) : 0);
    spots[0][i] = sum;
    spots[1][i] = (ev.t[i] - start) / (end - start);
  }
  for (let i = 0; i < count; i++) spots[0][i] = (spots[0][i] - 1) / Math.max(sum - 1, 1);
})();
await pause();
const spot = (event) => spots[toScale ? 1 : 0][Math.min(Math.max(event, 1), count) - 1];

function nearest(where) {
  const list = spots[toScale ? 1 : 0];
  let low = 0, high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < where) low = middle + 1; else high = middle;
  }
  return low > 0 && where - list[low - 1] < list[low] - where ? low : low + 1;
}

/* ---- quantities ------------------------------------------------------------------------------ */

/* Pages on the guest's free lists, and in its segments, as steps [event, pages, ...]; and of those how many at boot. */
function countPages(map) {
  const free = [], plugged = [];
  let freePages = 0, pluggedPages = 0, atBoot = 0;
  for (let i = 0; i < map.length; i += 4) {
    const what = map[i + 1], pages = map[i + 3];
    if (what === 3 || what === 4) { freePages += what === 3 ? pages : -pages; free.push(map[i], Math.max(freePages, 0)); }
    if (what <= 2) { pluggedPages += what === 2 ? -pages : pages; plugged.push(map[i], pluggedPages); }
    if (what === 0) atBoot += pages;
  }
  return { free, plugged, atBoot };
}

/*
 * What the guest uses, has free, and has given up lie on one another: all that it could use with a frame behind each page is
 * what it was built with, and what was plugged since. [event, used, reservation, all of it, ...]
 */
function stackPages(d) {
  const lists = [d.reservation, d.free, d.plugged], at = [0, 0, 0], value = [0, 0, d.atBoot], stack = [];
  const built = d.reservation.length > 1 ? d.reservation[1] : 0;
  for (;;) {
    let event = Infinity;
    for (let l = 0; l < 3; l++) if (at[l] < lists[l].length) event = Math.min(event, lists[l][at[l]]);
    if (event === Infinity) return stack;
    for (let l = 0; l < 3; l++)
      for (; at[l] < lists[l].length && lists[l][at[l]] === event; at[l] += 2) value[l] = lists[l][at[l] + 1];
    const [reservation, free, plugged] = value, whole = Math.max(built + Math.max(plugged, d.atBoot) - d.atBoot, reservation);
    stack.push(event, Math.max(reservation - free, 0), reservation, reservation > 0 ? whole : 0);
  }
}
const every = (stack, column) => { const list = []; for (let i = 0; i < stack.length; i += 4) list.push(stack[i], stack[i + column]); return list; };
for (const d of data.domains) {
  Object.assign(d, countPages(d.map));
  const stack = stackPages(d);
  d.used = d.free.length > 0 ? every(stack, 1) : [];
  d.whole = d.free.length > 0 ? every(stack, 3) : [];
  d.balloon = [];
  for (let i = 0; i < d.whole.length; i += 2) d.balloon.push(d.whole[i], d.whole[i + 1] - stack[2 * i + 2]);
}

function valueAt(steps, event) {
  let low = 0, high = steps.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[2 * middle] <= event) low = middle + 1; else high = middle;
  }
  return low > 0 ? steps[2 * low - 1] : undefined;
}

await pause();

/* ---- the timeline ---------------------------------------------------------------------------- */

const LANE = 150, HOST = 64, LEFT = 74, MARKS = 18, TIMES = 20, LANES = 8;
const glyphs = { command: "$", fault: "f", broken: "!", failed: "!", death: "X" }, rank = Object.keys(glyphs);
let ink = {};

function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["ink", "faint", "rule", "reservation", "target", "maximum", "used", "free", "balloon", "host", "warn", "bad", "good", "panel", "boot",
    "boot-used", "plug", "plug-used", "kept", "bound"]) ink[name] = style.getPropertyValue("--" + name).trim();
}

function paper(canvas, height) {
  const width = canvas.clientWidth, ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = height + "px";
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  return { pen, width };
}

const columnOf = (event, width) => LEFT + (spot(event) - view[0]) / (view[1] - view[0]) * (width - LEFT - 8);

/* The last step that begins before what is shown. */
function firstInView(steps) {
  let low = 0, high = steps.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spot(steps[2 * middle]) < view[0]) low = middle + 1; else high = middle;
  }
  return Math.max(2 * low - 2, 0);
}

/*
 * Steps as they are drawn, of a whole list or merged: a block has its place between 0 and 1, the least and the largest value in
 * it, and the last. Blocks nearer to one another than `apart` are one.
 */
function blocksOf(steps) {
  const size = steps.length / 2, blocks = { size, at: new Float64Array(size), low: new Float64Array(size), high: new Float64Array(size), last: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    blocks.at[i] = spot(steps[2 * i]);
    blocks.low[i] = blocks.high[i] = blocks.last[i] = steps[2 * i + 1];
  }
  return blocks;
}

function mergeBlocks(from, apart) {
  const to = { size: 0, at: new Float64Array(from.size), low: new Float64Array(from.size), high: new Float64Array(from.size), last: new Float64Array(from.size) };
  for (let i = 0; i < from.size; i++) {
    if (to.size === 0 || from.at[i] - to.at[to.size - 1] >= apart) {
      to.at[to.size] = from.at[i];
      to.low[to.size] = from.low[i];
      to.high[to.size] = from.high[i];
      to.size++;
    }
    const b = to.size - 1;
    to.low[b] = Math.min(to.low[b], from.low[i]);
    to.high[b] = Math.max(to.high[b], from.high[i]);
    to.last[b] = from.last[i];
  }
  return to;
}

/* From the finest to the coarsest; which one is drawn depends on how much of the time is shown. */
const merged = new Map([[false, new Map()], [true, new Map()]]);
function levelsOf(steps) {
  const known = merged.get(toScale);
  if (!known.has(steps)) {
    const levels = [blocksOf(steps)];
    if (steps.length > 4000) for (const apart of [2 ** -17, 2 ** -15, 2 ** -13]) levels.push(mergeBlocks(levels[levels.length - 1], apart));
    known.set(steps, levels);
  }
  return known.get(steps);
}

function levelInView(steps) {
  const levels = levelsOf(steps), shown = view[1] - view[0];
  return levels[Math.min(shown > 1 / 2 ? 3 : shown > 1 / 8 ? 2 : shown > 1 / 32 ? 1 : 0, levels.length - 1)];
}

/* Draws steps as a line; what moves within one column of the paper is a band from its least to its largest value. */
function drawSteps(pen, steps, width, y, colour, dash, fill) {
  const blocks = levelInView(steps), right = width - 8, scale = (width - LEFT - 8) / (view[1] - view[0]);
  const bands = new Path2D();
  let b = 0, column = LEFT, low = 0, high = 0, last = null;
  for (let end = blocks.size; b < end;) { const middle = (b + end) >> 1; if (blocks.at[middle] < view[0]) b = middle + 1; else end = middle; }
  if (b > 0) low = high = last = blocks.last[b - 1];
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 1.6;
  pen.setLineDash(dash);
  pen.beginPath();
  const level = (to) => {
    if (last === null) return;
    if (fill) { pen.lineTo(column, y(last)); pen.lineTo(to, y(last)); return; }
    if (low !== high) { bands.moveTo(column, y(low)); bands.lineTo(column, y(high)); }
    pen.moveTo(column, y(last)); pen.lineTo(to, y(last));
  };
  if (fill) pen.moveTo(LEFT, y(0));
  for (; b < blocks.size; b++) {
    const x = Math.round(LEFT + (blocks.at[b] - view[0]) * scale);
    if (x > right) break;
    if (x !== column || last === null) {
      level(x);
      if (fill && last === null) pen.lineTo(x, y(0));
      column = x;
      low = last === null ? blocks.low[b] : last;
      high = last === null ? blocks.high[b] : last;
    }
    low = Math.min(low, blocks.low[b]);
    high = Math.max(high, blocks.high[b]);
    last = blocks.last[b];
  }
  level(right);
  if (fill) { pen.lineTo(right, y(0)); pen.fill(); } else pen.stroke();
  pen.setLineDash([]); /* a band in dashes would be many, and each costs */
  pen.stroke(bands);
}

const largestOf = new Map();
function largest(...lists) {
  for (const list of lists)
    if (!largestOf.has(list)) {
      let most = 1;
      for (let i = 1; i < list.length; i += 2) if (list[i] > most) most = list[i];
      largestOf.set(list, most);
    }
  return Math.max(...lists.map((list) => largestOf.get(list)));
}

function drawLane(pen, width, top, height, name, most, draw) {
  const y = (pages) => top + height - 4 - Math.min(pages / most, 1) * (height - 22);
  pen.fillStyle = ink.ink;
  pen.fillText(name, 6, top + 13);
  pen.fillStyle = ink.faint;
  pen.textAlign = "right";
  pen.fillText(mib(most), LEFT - 6, y(most) + 12);
  pen.fillText("0", LEFT - 6, y(0));
  pen.textAlign = "left";
  pen.strokeStyle = ink.rule;
  pen.lineWidth = 1;
  pen.beginPath(); pen.moveTo(LEFT, y(0) + .5); pen.lineTo(width - 8, y(0) + .5); pen.stroke();
  draw(y);
}

const MARK = 8;
function drawMarks(pen, width, top, marks) {
  const best = new Map();
  for (let i = firstInView(marks); i < marks.length; i += 2) {
    const x = Math.round(columnOf(marks[i], width) / MARK) * MARK;
    if (x > width - 8) break;
    if (x < LEFT) continue;
    if (!best.has(x) || rank.indexOf(marks[i + 1]) > rank.indexOf(best.get(x))) best.set(x, marks[i + 1]);
  }
  pen.textAlign = "center";
  for (const [x, kind] of best) {
    pen.font = kind === "fault" || kind === "command" ? "12px ui-monospace, monospace" : "bold 14px ui-monospace, monospace";
    pen.fillStyle = kind === "command" ? ink.ink : kind === "fault" ? ink.warn : ink.bad;
    pen.fillText(glyphs[kind], x, top + 12);
  }
  pen.font = "12px system-ui, sans-serif";
  pen.textAlign = "left";
}

/* With as many digits as it takes to tell neighbours apart. */
function drawTimes(pen, width, top) {
  const ticks = Math.max(2, Math.floor((width - LEFT) / 110)), at = [];
  for (let i = 0; i <= ticks; i++) {
    const event = nearest(view[0] + (view[1] - view[0]) * i / ticks);
    if (at.length === 0 || ev.t[event - 1] !== ev.t[at[at.length - 1] - 1]) at.push(event);
  }
  let end = 0;
  pen.fillStyle = ink.faint;
  at.forEach((event, i) => {
    const time = ev.t[event - 1], x = Math.max(columnOf(event, width), LEFT);
    const apart = Math.min(...[i - 1, i + 1].filter((n) => n >= 0 && n < at.length).map((n) => Math.abs(ev.t[at[n] - 1] - time)), 1e9);
    const label = time === 0 ? "0 s" : (time / 1e9).toFixed(Math.min(Math.max(Math.ceil(9 - Math.log10(apart)), 0), 9)) + " s";
    const length = pen.measureText(label).width, left = Math.min(x, width - 8 - length);
    if (left < end) return;
    pen.fillText(label, left, top + 13);
    end = left + length + 12;
  });
}

/* Of many domains only so many have a lane: where something broke, and the one that is looked at. */
const severity = (d) => { let worst = 0; for (let i = 1; i < d.marks.length; i += 2) worst = Math.max(worst, rank.indexOf(d.marks[i])); return worst; };
let lanes = data.domains.map((d, i) => i);
if (lanes.length > LANES)
  lanes = lanes.sort((a, b) => severity(data.domains[b]) - severity(data.domains[a]) || a - b).slice(0, LANES).sort((a, b) => a - b);
function giveLane(d) {
  if (d >= 0 && !lanes.includes(d)) { lanes[lanes.length - 1] = d; lanes.sort((a, b) => a - b); }
}

const laneTop = (lane) => lane * (LANE + MARKS);
function drawTimeline() {
  const height = laneTop(lanes.length) + HOST + TIMES, { pen, width } = paper(byId("time"), height);
  lanes.forEach((number, lane) => {
    const d = data.domains[number], top = laneTop(lane);
    const rest = largest(d.reservation, d.target, d.whole), most = Math.max(rest, Math.min(largest(d.maximum), rest * 1.15));
    drawLane(pen, width, top, LANE, d.label, most, (y) => {
      if (d.used.length > 0) {
        drawSteps(pen, d.whole, width, y, ink.balloon, [], true);
        drawSteps(pen, d.reservation, width, y, ink.free, [], true);
        drawSteps(pen, d.used, width, y, ink.used, [], true);
      }
      drawSteps(pen, d.maximum, width, y, ink.maximum, [6, 4]);
      drawSteps(pen, d.target, width, y, ink.target, [2, 3]);
      drawSteps(pen, d.reservation, width, y, ink.reservation, []);
    });
    drawMarks(pen, width, top + LANE, d.marks);
  });
  const top = laneTop(lanes.length);
  drawLane(pen, width, top, HOST, "host free", largest(data.hostFree), (y) => drawSteps(pen, data.hostFree, width, y, ink.host, []));
  drawTimes(pen, width, top + HOST);
  const x = Math.round(columnOf(now, width));
  if (x >= LEFT - 1 && x <= width - 7) {
    pen.strokeStyle = ink.ink;
    pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(x + .5, 0); pen.lineTo(x + .5, height - TIMES + 2); pen.stroke();
  }
}

/* ---- the map of pages ------------------------------------------------------------------------ */

const states = [["nothing", null], ["boot memory, free", "boot"], ["boot memory, in use or given up", "boot-used"],
  ["hot-plugged, free", "plug"], ["hot-plugged, in use or given up", "plug-used"], ["kept by the boot code", "kept"],
  ["has a frame and is in no segment", "bound"]];
const maps = data.domains.map((d) => {
  let end = 1;
  for (let i = 0; i < d.map.length; i += 4) end = Math.max(end, d.map[i + 2] + d.map[i + 3]);
  return { end, cells: null, done: 0, kept: [] };
});
/* One cell stands for so many pages that there are not more cells than this. */
const CELLS = 1 << 20;
/* A copy is kept each time so many changes were made: at most 256 of them. */
const keepEvery = (d) => Math.max(1024, Math.ceil(data.domains[d].map.length / 4 / 256));

function changeCell(cells, what, from, to) {
  for (let c = from; c < to; c++) {
    const was = cells[c];
    cells[c] = what === 0 ? 2 : what === 1 ? 4 : what === 2 ? 0 : what === 5 ? 5
      : what === 6 ? (was === 0 ? 6 : was)
      : what === 3 ? (was === 2 ? 1 : was === 4 ? 3 : was) : (was === 1 ? 2 : was === 3 ? 4 : was);
  }
}

function mapAt(d, event) {
  const map = maps[d], changes = data.domains[d].map, scale = Math.max(1, Math.ceil(map.end / CELLS));
  const size = Math.ceil(map.end / scale);
  if (map.cells === null || (map.done > 0 && changes[4 * (map.done - 1)] > event)) {
    const kept = map.kept.filter((k) => k.done === 0 || changes[4 * (k.done - 1)] <= event).pop();
    map.cells = kept ? kept.cells.slice() : new Uint8Array(size);
    map.done = kept ? kept.done : 0;
  }
  while (4 * map.done < changes.length && changes[4 * map.done] <= event) {
    const i = 4 * map.done;
    changeCell(map.cells, changes[i + 1], Math.floor(changes[i + 2] / scale), Math.max(Math.ceil((changes[i + 2] + changes[i + 3]) / scale), 0));
    map.done++;
    if (map.done % keepEvery(d) === 0 && size <= CELLS / 4 && !map.kept.some((k) => k.done === map.done))
      map.kept.push({ done: map.done, cells: map.cells.slice() });
  }
  return { cells: map.cells, scale };
}

/* Which pages are in which state: [state, first pfn, pfn behind], as exactly as cells are. */
function rangesAt(d, event) {
  const { cells, scale } = mapAt(d, event), ranges = [];
  for (let from = 0; from < cells.length;) {
    const state = cells[from];
    let to = from + 1;
    while (to < cells.length && cells[to] === state) to++;
    if (state !== 0) ranges.push([state, from * scale, to * scale]);
    from = to;
  }
  return ranges;
}

const hex = (pfn) => "0x" + pfn.toString(16);
const MAP_TOP = 4, MAP_BAR = 46;

function drawMap() {
  const { pen, width } = paper(byId("map"), 70);
  if (data.domains.length === 0) return;
  const { cells, scale } = mapAt(domain, now), counts = new Array(states.length).fill(0), total = new Array(states.length).fill(0);
  for (let x = 0; x < width; x++) {
    const from = Math.floor(x * cells.length / width), to = Math.max(from + 1, Math.floor((x + 1) * cells.length / width));
    counts.fill(0);
    for (let c = from; c < to; c++) counts[cells[c]]++;
    let y = MAP_TOP;
    for (let s = 1; s < states.length; s++) {
      const part = counts[s] / (to - from) * MAP_BAR;
      if (part === 0) continue;
      pen.fillStyle = ink[states[s][1]];
      pen.fillRect(x, y, 1, s === states.length - 1 ? Math.max(part, 3) : part);
      y += part;
    }
  }
  pen.strokeStyle = ink.rule;
  pen.strokeRect(.5, MAP_TOP - .5, width - 1, MAP_BAR + 1);
  pen.fillStyle = ink.faint;
  let end = 0;
  for (let tick = 0; tick <= 4; tick++) {
    const label = (tick === 0 ? "pfn " : "") + hex(Math.round((maps[domain].end - 1) * tick / 4)), length = pen.measureText(label).width;
    const x = Math.min(Math.max((width - 1) * tick / 4 - (tick > 0 ? length / 2 : 0), 2), width - length - 2);
    if (x > end) { pen.fillText(label, x, 65); end = x + length + 8; }
  }
  for (const c of cells) total[c]++;
  byId("maptext").textContent = states.map((s, i) => i > 0 && total[i] > 0 ? s[0] + ": " + mib(total[i] * scale) : "").filter((s) => s).join("; ") ||
    "This guest tells of no pages.";
  if (byId("ranges").parentElement.open) drawRanges();
}

const RANGES = 300;
function drawRanges() {
  const ranges = rangesAt(domain, now);
  byId("ranges").textContent = ranges.slice(0, RANGES).map(([state, from, to]) =>
    (hex(from) + "-" + hex(to - 1)).padEnd(18) + String(to - from).padStart(8) + (to - from === 1 ? " page   " : " pages  ") + states[state][0]).join("\n") +
    (ranges.length > RANGES ? "\n(and " + (ranges.length - RANGES) + " more)" : "");
}

/* What is under the mouse. */
function pointAtMap(mouse) {
  const { cells, scale } = mapAt(domain, now), cell = Math.min(Math.floor(mouse.offsetX / mouse.target.clientWidth * cells.length), cells.length - 1);
  mouse.target.title = cell >= 0 ? hex(cell * scale) + ": " + states[cells[cell]][0] : "";
}

await pause();

/* ---- lists of events ------------------------------------------------------------------------- */

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

/* ---- what is looked at ----------------------------------------------------------------------- */

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

/* ---- the page -------------------------------------------------------------------------------- */

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

function moveByKey(key, list) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 18, PageUp: -18 }[key.key], size = list.size();
  if (key.ctrlKey || key.altKey || key.metaKey) return;
  if (step !== undefined) {
    const row = Math.min(Math.max(list.row(now) + step, 0), size - 1);
    if (size > 0) choose(list.event(row));
  } else if (key.key === "Home" && size > 0) choose(list.event(0));
  else if (key.key === "End" && size > 0) choose(list.event(size - 1));
  else if (key.key === "n") nextMark(1);
  else if (key.key === "p") nextMark(-1);
  else if (key.key === "+") zoom(.5, spot(now));
  else if (key.key === "-") zoom(2, spot(now));
  else return;
  key.preventDefault();
}

function drive(canvas) {
  const where = (mouse) => view[0] + (mouse.offsetX - LEFT) / (canvas.clientWidth - LEFT - 8) * (view[1] - view[0]);
  let held = null;
  canvas.addEventListener("pointerdown", (mouse) => { held = { x: mouse.offsetX, view, moved: false }; canvas.setPointerCapture(mouse.pointerId); });
  canvas.addEventListener("pointermove", (mouse) => {
    if (held === null) return;
    const by = (held.x - mouse.offsetX) / (canvas.clientWidth - LEFT - 8) * (held.view[1] - held.view[0]);
    held.moved = held.moved || Math.abs(held.x - mouse.offsetX) > 4;
    if (held.moved) look(held.view[0] + by, held.view[1] + by);
  });
  canvas.addEventListener("pointerup", (mouse) => {
    if (held !== null && !held.moved) chooseAt(where(mouse), mouse.offsetY, canvas);
    held = null;
  });
  canvas.addEventListener("wheel", (wheel) => { if (!wheel.ctrlKey) { zoom(wheel.deltaY > 0 ? 1.25 : .8, where(wheel)); wheel.preventDefault(); } }, { passive: false });
  canvas.addEventListener("keydown", (key) => moveByKey(key, eventList));
}

/* A click on a row of marks takes the nearest mark; elsewhere the nearest event, of that domain where there is one. */
function chooseAt(where, y, canvas) {
  const lane = Math.floor(y / (LANE + MARKS));
  if (lane < lanes.length && y >= laneTop(lane) + LANE) {
    const marks = data.domains[lanes[lane]].marks;
    let best = null;
    for (let i = 0; i < marks.length; i += 2)
      if (best === null || Math.abs(spot(marks[i]) - where) < Math.abs(spot(best) - where)) best = marks[i];
    if (best !== null && Math.abs(spot(best) - where) / (view[1] - view[0]) * (canvas.clientWidth - LEFT - 8) < 12) { choose(worstMark(best, canvas)); return; }
  }
  choose(nearest(where));
}

/* Of the marks that are drawn as one with that of an event: the event of the worst. */
function worstMark(event, canvas) {
  const column = (other) => Math.round(columnOf(other, canvas.clientWidth) / MARK);
  let worst = event;
  for (const other of markedEvents)
    if (column(other) === column(event) && rank.indexOf(classOf.get(other)) > rank.indexOf(classOf.get(worst))) worst = other;
  return worst;
}

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
