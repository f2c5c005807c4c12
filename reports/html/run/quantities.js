/* SPDX-License-Identifier: BSD-2-Clause */
/* How many pages the guest uses, has free and has given up, as steps in time. */

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
