/* SPDX-License-Identifier: BSD-2-Clause */
/* Long lists of steps, drawn fast: steps that lie near to one another are merged. */

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
