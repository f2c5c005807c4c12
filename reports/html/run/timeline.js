/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory over time: a lane for each domain, with marks, and one for the host. */

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
