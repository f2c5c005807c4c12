/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of one run: its data, small tools, and where events stand in time. `data` is what reports/html_run.c wrote; texts
 * of events lie in pieces of their own, which are read when they are first shown. Everything follows one number, `now`: the
 * event that is looked at. The Makefile puts the files of this folder together in its order; they are one script.
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

/* Cut and not rounded, as in the terminal. */
const seconds = (ns) => (Math.floor(ns / 1e3) / 1e6).toFixed(6) + " s";
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
