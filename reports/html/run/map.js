/* SPDX-License-Identifier: BSD-2-Clause */
/* The map of pages: which pfns have a frame, and in which state they are. */

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

/*
 * The state behind each kind of change, by the state before it. Pages that a plug adds go to the allocator before it ends; a frame
 * that goes back to Xen makes a difference only where no segment has its page.
 */
const behind = [
  [2, 2, 2, 2, 2, 2, 2], // memory at boot
  [4, 4, 4, 3, 4, 4, 4], // a plug
  [0, 0, 0, 0, 0, 0, 0], // an unplug
  [3, 1, 1, 3, 3, 5, 3], // to the allocator
  [0, 2, 2, 4, 4, 5, 6], // from it
  [5, 5, 5, 5, 5, 5, 5], // kept by the boot code
  [6, 1, 2, 3, 4, 5, 6], // a frame is bound
  [0, 1, 2, 3, 4, 5, 0], // its frame goes back
];

function changeCell(cells, what, from, to) {
  const next = behind[what];
  for (let c = from; c < to; c++) cells[c] = next[cells[c]];
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
