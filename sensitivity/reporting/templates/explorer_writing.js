// The explorer chooses among numbers that stand in the page, adds up and draws. No word is made here.
// Its files are one block of one script: what all of it writes and draws with; see also explorer.js.
const data = JSON.parse(document.getElementById("explorer-data").textContent);
const { words, look, settings, sign } = data;
const section = document.getElementById("explorer");

const fill = (text, given) => text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(given, name) ? given[name] : whole));
const minus = (text) => text.replace(/^-/, "−");

// Python rounds an exact half to the even digit, toFixed away from zero.
function fixed(number, places) {
  const text = number.toFixed(places);
  const exact = Math.abs(number).toFixed(Math.min(places + 40, 100));
  const tail = places ? exact.slice(exact.indexOf(".") + 1 + places) : exact.split(".")[1];
  if (!/^50*$/.test(tail) || !(Number(text.at(-1)) % 2)) return text;
  const unit = 10 ** -places;
  return (number - (Math.sign(number) * unit) / 2).toFixed(places);
}
const shorn = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

// As `sensitivity.words.short`: so many significant digits.
function short(number, digits = 3) {
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size * (1 + 1e-9) >= 1e-3 && size < 1e5) {
    return minus(shorn(fixed(number, Math.max(0, digits - 1 - Math.floor(Math.log10(size) + 1e-9)))));
  }
  const [mantissa, exponent] = number.toExponential(digits - 1).split("e");
  return minus(`${shorn(mantissa)}e${Number(exponent)}`);
}
const percent = (share) => `${fixed(100 * share, 1)} %`;
const count = (number) => number.toLocaleString("en-US");

// As `sensitivity.pictures.marks.numbers`: as many decimals in all cells; null where each needs its own.
function commonDecimals(cells) {
  const values = cells.map((cell) => cell.mean);
  const spreads = cells.map((cell) => cell.sd).filter((sd) => sd !== null);
  const known = values.filter((value) => value !== 0);
  const least = Math.min(...values);
  let best = 2;
  if (known.length) {
    const lowest = Math.min(...known);
    const digits = lowest > 0 ? 2 : 3;
    best = Math.min(Math.max(digits - 1 - Math.floor(Math.log10(Math.abs(lowest))), 0), 5);
  }
  for (let places = best; places > Math.max(best - 3, -1); places -= 1) {
    const texts = [...values.map((value) => fixed(value, places)), ...spreads.map((sd) => `+${fixed(sd, places)}`)];
    const longest = Math.max(0, ...texts.map((text) => text.length));
    if (longest <= look.longest && (!values.length || !least || Math.abs(least) * 10 ** places >= 0.5)) return places;
  }
  return null;
}
const inCell = (value, places) => (places === null ? short(value, 2) : minus(fixed(value, places)));

// ---- elements -------------------------------------------------------------------------------------------
function make(tag, given = {}, ...inside) {
  const drawn = ["svg", "path", "line", "circle", "text", "g"].includes(tag);
  const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.filter((child) => child !== null && child !== ""));
  return element;
}
const part = (name) => section.querySelector(`[data-part="${name}"]`);
for (const place of section.querySelectorAll("[data-word]")) place.textContent = words[place.dataset.word] ?? "";

// The scale of the heatmaps: the excess over the best, linear at first and logarithmic above.
function excess(low, high, soft) {
  const whole = Math.log1p((high - low) / soft);
  const of = (value) => (whole > 0 ? Math.min(Math.max(Math.log1p(Math.max(value - low, 0) / soft) / whole, 0), 1) : 0);
  of.inverse = (unit) => low + soft * Math.expm1(unit * whole);
  return of;
}
// The number with the coarsest step of those between two, as `sensitivity.pictures.marks.colours` has it.
function roundBetween(low, high) {
  const power = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high), 1e-300)));
  for (let at = power + 1; at > power - 9; at -= 1) {
    for (const part of [5, 2, 1]) {
      const step = part * 10 ** at;
      const near = [Math.round((low + high) / 2 / step) * step, Math.ceil(low / step) * step];
      const tick = near.find((value) => low <= value && value <= high);
      if (tick !== undefined) return Number(tick.toPrecision(9));
    }
  }
  return (low + high) / 2;
}
// Round numbers close to some even places of a scale, each with its place.
function evenTicks(scale, most) {
  const step = 1 / (most - 1);
  const near = (place) => scale.inverse(Math.min(Math.max(place, 0), 1));
  const found = Array.from({ length: most }, (_, at) => roundBetween(near((at - 0.3) * step), near((at + 0.3) * step)));
  return [...new Set(found)].map((value) => [value, scale(value)]);
}
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
// As `sensitivity.pictures.marks.colours.colour_scale`.
function colourScale(cells) {
  const values = cells.map((cell) => cell.mean);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const middle = median(values);
  const spreads = cells.filter((cell) => cell.mean <= middle && cell.sd !== null).map((cell) => cell.sd);
  const least = (high - low) / (low > 0 || spreads.length ? 300 : 20);
  return excess(low, high, Math.max(spreads.length ? median(spreads) : 0, low / 10, least));
}
const colourAt = (unit) => Math.min(Math.floor(unit * look.colours.length), look.colours.length - 1);
