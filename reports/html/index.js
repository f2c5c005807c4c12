/* SPDX-License-Identifier: BSD-2-Clause */
/* The index: runs grouped by what went wrong, the worst and most far-reaching first. `data` is what reports/html_index.c wrote. */
const data = JSON.parse(document.getElementById("data").textContent);
const rank = ["CRASH", "FAIL", "ERROR", "TIMEOUT", "CUT", "SKIP", "PASS"];

/* Runs of one scenario on several kernels are told apart by these, and stand beside one another in a table of what they took. */
const kernelsOf = new Map();
for (const run of data.runs) kernelsOf.set(run.path, (kernelsOf.get(run.path) || new Set()).add(run.kernel));
const isCompared = (run) => run.kernel !== "" && kernelsOf.get(run.path).size > 1;

const plainName = (run) => run.path + (isCompared(run) ? ", " + run.kernel : "") + (run.seed !== "1" ? ", seed " + run.seed : "") + (run.scheduleSeed !== "0" ? ", schedule " + run.scheduleSeed : "");
/* Recordings of one scenario that agree in all of that are told apart by their pages' names. */
const named = new Map();
for (const run of data.runs) named.set(plainName(run), (named.get(plainName(run)) || 0) + 1);
const nameOf = (run) => plainName(run) + (named.get(plainName(run)) > 1 && run.file !== "" ? ", " + run.file.replace(/\.html$/, "") : "");
/* A run that left no recording has no page. */
const link = (run, event) => run.file === "" ? make("span", {}, nameOf(run)) : make("a", { href: address({ run, cause: { event } }) }, nameOf(run));

/*
 * One cause is a place in a driver, whatever invariants it broke; or what happened, where no place is known, and what the driver
 * did last before. Where a run has a cause with a place, what else failed in it is a consequence; an expectation counts by itself
 * only where nothing else is known.
 */
function keyOf(run, cause) {
  if (cause.place !== "") return "at " + cause.place;
  return cause.what + "\n" + (cause.what === "expect" ? run.path + "\n" + cause.text : cause.near || cause.text.replace(/0x[0-9a-f]+|\d+/g, "N"));
}

function causesOf(run) {
  const place = (steps) => (steps.find((step) => step.place !== "") || { place: "" }).place;
  const all = [...run.findings.map((f) => ({ event: f.cause, what: f.what, place: f.place, near: place(f.steps), text: f.text })),
    ...run.failures.map((f) => ({ event: f.event, what: f.what, place: f.what === "expect" ? "" : f.place, near: place(f.steps), text: f.text }))];
  if (all.length === 0 && run.sentence !== "" && run.verdict !== "PASS" && run.verdict !== "SKIP")
    all.push({ event: 0, what: run.verdict.toLowerCase(), place: "", near: "", text: run.sentence });
  return [all.filter((cause) => cause.place !== ""), all.filter((cause) => cause.what !== "expect"), all].find((some) => some.length > 0) || [];
}

function group() {
  const causes = new Map();
  for (const run of data.runs) {
    run.causes = causesOf(run);
    for (const cause of run.causes) {
      const key = keyOf(run, cause);
      if (!causes.has(key)) causes.set(key, { whats: new Set(), place: cause.place, near: cause.near, hits: [], verdict: run.verdict });
      const entry = causes.get(key), hit = entry.hits.find((other) => other.run === run);
      entry.whats.add(cause.what);
      if (hit === undefined) entry.hits.push({ run, cause });
      else if (cause.event < hit.cause.event) hit.cause = cause;
      if (rank.indexOf(run.verdict) < rank.indexOf(entry.verdict)) entry.verdict = run.verdict;
    }
  }
  for (const entry of causes.values()) {
    entry.hits.sort((a, b) => rank.indexOf(a.run.verdict) - rank.indexOf(b.run.verdict) || a.run.events - b.run.events);
    entry.what = [...entry.whats].join(", ");
  }
  return [...causes.values()].sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict) || b.hits.length - a.hits.length);
}

const address = (hit) => encodeURIComponent(hit.run.file) + (hit.cause.event > 0 ? "#event=" + hit.cause.event : "");

function rowOf(entry) {
  const [first, ...more] = entry.hits;
  return make("tr", { role: "row" },
    make("td", { role: "cell" }, first.run.file === "" ? make("span", { class: "verdict " + entry.verdict }, entry.verdict)
      : make("a", { class: "verdict " + entry.verdict, href: address(first), "aria-label": entry.verdict + ": the event in the shortest run" }, entry.verdict)),
    make("th", { role: "rowheader", scope: "row" }, entry.what, entry.place !== "" ? make("div", {}, make("code", {}, entry.place)) : entry.near !== "" ? make("div", {}, "last step: ", make("code", {}, entry.near)) : null),
    make("td", { role: "cell" }, first.cause.text),
    make("td", { role: "cell", class: "number" }, String(entry.hits.length)),
    make("td", { role: "cell" }, link(first.run, first.cause.event),
      more.length > 0 ? make("details", {}, make("summary", {}, more.length + " more"), make("ul", {}, ...more.map((hit) => make("li", {}, link(hit.run, hit.cause.event))))) : null));
}

/* Runs of one scenario beside one another, in the columns of one table; below it why a cell has no number. */
function tableOf(path, name) {
  const runs = data.runs.filter((run) => run.path === path && run.kernel !== "");
  const columns = data.columns.map(([head, meaning, table, unknown], at) => ({ head, meaning, table, unknown, at })).filter((column) => column.table === name);
  const missing = columns.filter((column) => runs.some((run) => run.took[column.at] === "-"));
  return [make("table", { role: "table", class: "runs " + (name === data.columns[0][2] ? "compared" : "more") }, make("caption", {}, name === data.columns[0][2] ? path : name), make("thead", {}, make("tr", { role: "row" },
    ...[{ head: "verdict" }, { head: "kernel" }, ...columns].map(({ head, meaning }, at) => make("th", { role: "columnheader", scope: "col", class: at > 1 ? "number" : undefined, title: meaning }, head)))),
  make("tbody", {}, ...runs.map((run) => make("tr", { role: "row" }, make("td", { role: "cell" }, make("span", { class: "verdict " + run.verdict }, run.verdict)),
    make("th", { role: "rowheader", scope: "row" }, run.file === "" ? run.kernel : make("a", { href: encodeURIComponent(run.file) }, run.kernel)),
    ...(run.took.length > 0 ? columns : []).map((column) => make("td", { role: "cell", class: "number", title: run.took[column.at] === "-" ? column.unknown : undefined }, run.took[column.at])))))),
  ...missing.map((column) => make("p", { class: "faint" }, column.head + " -: " + column.unknown))];
}

function tablesOf(path) {
  const names = [...new Set(data.columns.map((column) => column[2]))];
  return [...tableOf(path, names[0]), make("details", {}, make("summary", {}, "more of what was counted"), ...names.slice(1).flatMap((name) => tableOf(path, name)))];
}

function compared() {
  const paths = [...new Set(data.runs.filter(isCompared).map((run) => run.path))];
  if (paths.length === 0) return null;
  return make("section", { "aria-labelledby": "compared" }, make("h2", { id: "compared" }, "Beside one another"), ...paths.flatMap(tablesOf));
}

function build() {
  const counts = rank.map((verdict) => [verdict, data.runs.filter((run) => run.verdict === verdict).length]).filter(([, n]) => n > 0);
  const causes = group(), body = make("tbody", {}), others = make("tbody", {}), shown = new Set(rank);
  const words = make("input", { type: "search", id: "words", placeholder: "filter", "aria-label": "filter by words", oninput: fill });
  const boxes = counts.map(([verdict, n]) => make("label", {}, make("input", { type: "checkbox", checked: true, id: "show" + verdict,
    onchange: (change) => { if (change.target.checked) shown.add(verdict); else shown.delete(verdict); fill(); } }),
  " ", make("span", { class: "verdict " + verdict }, verdict), String(n)));
  const status = make("span", { id: "said", role: "status", class: "faint" });

  function fill() {
    const wanted = words.value.toLowerCase();
    const fits = (text) => text.toLowerCase().includes(wanted);
    const rows = causes.filter((entry) => shown.has(entry.verdict) &&
      (fits(entry.verdict + " " + entry.what + " " + entry.place + " " + entry.near) || entry.hits.some((hit) => fits(nameOf(hit.run) + " " + hit.cause.text))));
    const quiet = data.runs.filter((run) => run.causes.length === 0 && shown.has(run.verdict) && fits(nameOf(run)));
    quiet.sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict));
    body.replaceChildren(...rows.map(rowOf));
    others.replaceChildren(...quiet.map((run) => make("tr", { role: "row" }, make("td", { role: "cell" }, make("span", { class: "verdict " + run.verdict }, run.verdict)),
      make("th", { role: "rowheader", scope: "row" }, link(run), run.sentence !== "" ? make("div", { class: "faint" }, run.sentence) : null), make("td", { role: "cell", class: "number" }, String(run.events)), make("td", { role: "cell", class: "number" }, (Math.floor(run.end / 1e6) / 1e3).toFixed(3) + " s"))));
    status.textContent = rows.length + (rows.length === 1 ? " cause, " : " causes, ") + quiet.length + (quiet.length === 1 ? " run" : " runs") + " without one";
  }

  document.body.append(make("h1", {}, data.runs.length + (data.runs.length === 1 ? " run" : " runs")),
    make("div", { class: "bar", role: "group", "aria-label": "filters" }, ...boxes, words, status),
    make("main", {},
      compared(),
      causes.length > 0 ? make("section", { "aria-labelledby": "causes" }, make("h2", { id: "causes" }, "Causes"), make("table", { role: "table", class: "runs" }, make("thead", {}, make("tr", { role: "row" },
        ...[["verdict"], ["cause"], ["first seen as"], ["count", "number"], ["runs, the shortest first"]].map(([name, style]) => make("th", { role: "columnheader", scope: "col", class: style }, name)))), body)) : null,
      data.runs.some((run) => run.causes.length === 0) ? make("section", { "aria-labelledby": "others" }, make("h2", { id: "others" }, "Runs without a cause"), make("table", { role: "table", class: "runs" }, make("thead", {}, make("tr", { role: "row" },
        ...[["verdict"], ["run"], ["events", "number"], ["virtual time", "number"]].map(([name, style]) => make("th", { role: "columnheader", scope: "col", class: style }, name)))), others)) : null));
  fill();
}
build();
document.body.dataset.ready = "yes";
