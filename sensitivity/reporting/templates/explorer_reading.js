// What the cell that is pointed at holds: its number, its trials and their learning curves.
const pairsOf = (list) => list.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]);
const nameAt = (place, level) => `${settings[place].name} ${settings[place].whole[level]}`;

function read(cell, y, x) {
  const title = make("p", { class: "where" }, `${nameAt(state.row, y)}, ${nameAt(state.column, x)}`);
  const panel = part("reading");
  const chart = part("curves");
  if (!cell) {
    panel.replaceChildren(title, make("p", {}, words.noTrial));
    chart.replaceChildren();
    return;
  }
  const [how, spread] = cell.sd === null ? ["", ""] : [`, ${words.number}`, ` ± ${short(cell.sd)}`];
  const failed = fill(words.failedOf, { share: percent(cell.share), failed: count(cell.failed), count: count(cell.trials) });
  panel.replaceChildren(title,
    make("p", { class: "number" }, make("span", {}, `${words.metric}${how}`),
      make("b", {}, `${short(sign * cell.mean)}${spread}`)),
    cell.share >= 1 ? make("p", {}, words.allFailed) : "",
    make("dl", {}, ...pairsOf([
      [words.n, count(cell.n)],
      [words.failed, failed],
      ...restOf(cell),
    ])));
  drawCurves(cell, chart);
}

// What the other settings are in the trials that the number is of.
function restOf(cell) {
  const level = (place) => data.level[place][cell.of[0]];
  const used = (list) => list.filter((place) => level(place) >= 0).map((place) => nameAt(place, level(place))).join(", ");
  const averaged = doing(AVERAGED).map((place) => settings[place].name).join(", ");
  const lines = [[words.tunedTo, used(doing(TUNED))], [words.fixedTo, used(others().filter(isFixed))], [words.averagedOver, averaged]];
  return lines.filter(([, text]) => text);
}

const curves = data.curves;
const bytes = curves ? Uint8Array.from(atob(curves.data), (letter) => letter.charCodeAt(0)) : null;
const begins = [];
if (curves) curves.count.reduce((sum, kept) => (begins.push(sum), sum + kept), 0);
const MOST_LINES = 80;

function drawCurves(cell, chart) {
  const lines = [];
  if (curves) {
    for (const row of cell.inside) {
      for (let which = 0; which < curves.count[row]; which += 1) {
        const bold = cell.of !== cell.inside && cell.of.includes(row) && (!cell.first || which < cell.first);
        lines.push({ at: (begins[row] + which) * curves.steps.length, bold });
      }
    }
  }
  if (!lines.length) {
    chart.replaceChildren();
    return;
  }
  const bold = lines.filter((line) => line.bold);
  const step = Math.max(1, Math.ceil((lines.length - bold.length) / MOST_LINES));
  const thin = lines.filter((line) => !line.bold).filter((_, place) => place % step === 0);
  const strong = bold.slice(0, MOST_LINES);
  const [width, height, left, right, top, bottom] = [290, 170, 46, 8, 8, 32];
  const steps = curves.steps;
  const span = steps.at(-1) - steps[0] || 1;
  const x = (place) => left + ((width - left - right) * (steps[place] - steps[0])) / span;
  const y = (byte) => height - bottom - ((height - top - bottom) * byte) / 255;
  const path = (line) => make("path", {
    class: line.bold ? "bold" : "thin",
    d: steps.map((_, place) => `${place ? "L" : "M"}${x(place).toFixed(1)} ${y(bytes[line.at + place]).toFixed(1)}`).join(""),
  });
  const scale = excess(curves.low, curves.high, curves.soft);
  const marks = evenTicks(scale, 4).map(([value, unit]) => make("g", {},
    make("line", { class: "rule", x1: left, x2: width - right, y1: y(255 * unit), y2: y(255 * unit) }),
    make("text", { x: left - 5, y: y(255 * unit) + 4, "text-anchor": "end" }, short(sign * value, 4))));
  const names = [[0, "start"], [steps.length - 1, "end"]].map(([place, anchor]) =>
    make("text", { x: x(place), y: height - bottom + 14, "text-anchor": anchor }, String(steps[place])));
  const middle = make("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }, words.step);
  const said = fill(words.curvesOf, { shown: count(thin.length + strong.length), count: count(cell.trials) });
  chart.replaceChildren(
    make("p", {}, make("strong", {}, words.curves), ` ${said}${strong.length ? `. ${words.curvesBold}` : ""}`),
    make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words.curves },
      ...marks, ...thin.map(path), ...strong.map(path), ...names, middle));
}
