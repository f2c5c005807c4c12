/* SPDX-License-Identifier: BSD-2-Clause */
/* The colours of the style, and a canvas to draw on. */

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
