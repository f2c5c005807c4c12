/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and the mouse. */

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
