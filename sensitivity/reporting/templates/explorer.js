"use strict";
// The explorer: chooses among numbers that stand in the page, adds rows up and draws. No word is made here.
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const { words, look, settings, sign } = data;
  const section = document.getElementById("explorer");

  // ---- texts ----------------------------------------------------------------------------------------------
  const fill = (text, given) => text.replace(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
  const minus = (text) => text.replace("-", "−");

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
  for (const place of section.querySelectorAll("[data-word]")) place.textContent = words[place.dataset.word];

  // The scale of the heatmaps: the excess over the best, linear at first and logarithmic above.
  function excess(low, high, soft) {
    const whole = Math.log1p((high - low) / soft);
    const of = (value) => (whole > 0 ? Math.min(Math.max(Math.log1p(Math.max(value - low, 0) / soft) / whole, 0), 1) : 0);
    of.inverse = (unit) => low + soft * Math.expm1(unit * whole);
    return of;
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
    return excess(low, high, Math.max(spreads.length ? median(spreads) : 0, low / 10, (high - low) / 300));
  }
  const colourAt = (unit) => Math.min(Math.floor(unit * look.colours.length), look.colours.length - 1);

  // ---- cells ----------------------------------------------------------------------------------------------
  const TUNED = "tuned";
  const AVERAGED = "averaged";
  const state = { row: data.begin[0], column: data.begin[1], how: settings.map(() => TUNED), rest: TUNED, at: null };
  const others = () => settings.map((_, place) => place).filter((place) => place !== state.row && place !== state.column);
  const isFixed = (place) => typeof state.how[place] === "number";
  const doing = (what) => others().filter((place) => state.how[place] === what);

  // Number, mean and sample standard deviation of all trials of some rows.
  function pooled(rows) {
    let n = 0;
    let sum = 0;
    for (const row of rows) {
      n += data.count[row];
      sum += data.count[row] * data.mean[row];
    }
    const mean = sum / n;
    let squares = 0;
    for (const row of rows) {
      squares += data.count[row] * (data.mean[row] - mean) ** 2;
      if (data.count[row] > 1) squares += (data.count[row] - 1) * data.sd[row] ** 2;
    }
    return { n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null, of: rows };
  }

  function summary(rows) {
    const averaged = others().length ? doing(AVERAGED).length > 0 : state.rest === AVERAGED;
    if (!averaged) { // rows stand in their order: the first one holds the best configuration
      const [n, mean, sd] = data.best[rows[0]] ?? [data.count[rows[0]], data.mean[rows[0]], data.sd[rows[0]]];
      return { n, mean, sd, of: [rows[0]], first: n };
    }
    const tuned = doing(TUNED);
    if (!tuned.length) return pooled(rows);
    const groups = Map.groupBy ? Map.groupBy(rows, (row) => tuned.map((place) => data.level[place][row]).join()) : null;
    const parts = groups ?? rows.reduce((found, row) => {
      const key = tuned.map((place) => data.level[place][row]).join();
      return found.set(key, [...(found.get(key) ?? []), row]);
    }, new Map());
    return [...parts.values()].map(pooled).reduce((best, one) => (one.mean < best.mean ? one : best));
  }

  // Cells by row and column; null where there is no trial. A held setting counts only where it is used.
  function cells() {
    const held = others().filter(isFixed);
    const down = data.level[state.row];
    const across = data.level[state.column];
    const found = new Map();
    const levels = [new Set(), new Set()];
    for (let row = 0; row < data.count.length; row += 1) {
      if (down[row] < 0 || across[row] < 0) continue;
      levels[0].add(down[row]);
      levels[1].add(across[row]);
      if (held.some((place) => data.level[place][row] >= 0 && data.level[place][row] !== state.how[place])) continue;
      const key = `${down[row]} ${across[row]}`;
      if (found.has(key)) found.get(key).push(row);
      else found.set(key, [row]);
    }
    const [rows, columns] = levels.map((set) => [...set].sort((a, b) => a - b));
    return {
      rows,
      columns,
      cells: rows.map((y) => columns.map((x) => {
        const inside = found.get(`${y} ${x}`);
        if (!inside) return null;
        const trials = inside.reduce((sum, row) => sum + data.count[row], 0);
        const failed = inside.reduce((sum, row) => sum + data.failed[row], 0);
        return { ...summary(inside), inside, trials, failed, share: failed / trials, y, x };
      })),
    };
  }

  // ---- the grid -------------------------------------------------------------------------------------------
  let shown = null; // what `cells` gave
  let places = null; // decimals in cells
  const holder = part("grid");

  function cellOf(cell, scale, best) {
    const td = make("td", { role: "gridcell", tabindex: "-1" });
    if (!cell) {
      td.className = "empty";
      td.append("–");
      td.setAttribute("aria-label", words.noTrial);
      return td;
    }
    const failed = cell.share >= 1;
    const at = failed ? -1 : colourAt(scale(cell.mean));
    td.style.backgroundColor = failed ? look.missing : look.colours[at];
    td.style.color = look.inks[Number(at >= 0 && look.dark[at])];
    if (cell.share >= look.hatch[0]) td.classList.add(cell.share >= look.hatch[1] ? "dense" : "hatched");
    if (failed) {
      td.append(make("span", {}, words.allFailedShort));
    } else {
      const spread = cell.sd === null ? "" : make("small", {}, `±${inCell(cell.sd, places)}`);
      const share = cell.share ? make("small", {}, `${Math.min(Math.max(Math.round(100 * cell.share), 1), 99)} %`) : "";
      td.append(make("span", {}, inCell(sign * cell.mean, places), spread, share));
      if (Math.abs(cell.mean - best) <= 1e-9 * Math.abs(best)) td.classList.add("best");
    }
    return td;
  }

  function drawGrid() {
    shown = cells();
    const good = shown.cells.flat().filter((cell) => cell && cell.share < 1);
    places = commonDecimals(good);
    const scale = good.length ? colourScale(good) : null;
    const [down, across] = [settings[state.row], settings[state.column]];
    const head = make("tr", {}, make("th", { scope: "col" }, `${down.name} ↓ ${across.name} →`),
      ...shown.columns.map((level) => make("th", { scope: "col", title: across.whole[level] }, across.levels[level])));
    const body = shown.cells.map((line, y) => {
      const means = line.filter((cell) => cell && cell.share < 1).map((cell) => cell.mean);
      const name = make("th", { scope: "row", title: down.whole[shown.rows[y]] }, down.levels[shown.rows[y]]);
      return make("tr", {}, name, ...line.map((cell) => cellOf(cell, scale, Math.min(...means))));
    });
    const table = make("table", { role: "grid", "aria-label": fill(words.grid, { rows: down.name, columns: across.name }) },
      make("thead", {}, head), make("tbody", {}, ...body));
    holder.replaceChildren(table);
    drawScale(scale);
    part("meaning").textContent = meaning();
    const start = startingCell();
    select(...start);
  }

  function startingCell() {
    const [y, x] = state.at ? [shown.rows.indexOf(state.at[0]), shown.columns.indexOf(state.at[1])] : [-1, -1];
    if (y >= 0 && x >= 0) return [y, x];
    const flat = shown.cells.flat().filter(Boolean);
    const best = flat.length ? flat.reduce((one, other) => (other.mean < one.mean ? other : one)) : { y: shown.rows[0], x: shown.columns[0] };
    return [shown.rows.indexOf(best.y), shown.columns.indexOf(best.x)];
  }

  function meaning() {
    const averaged = others().length ? doing(AVERAGED).length : Number(state.rest === AVERAGED);
    const kind = !averaged ? words.meaningTuned : doing(TUNED).length ? words.meaningMixed : words.meaningAveraged;
    return others().some(isFixed) ? `${kind} ${words.meaningFixed}` : kind;
  }

  function drawScale(scale) {
    const bar = part("scale");
    bar.hidden = !scale;
    if (!scale) return;
    const ends = [0, 0.5, 1].map((unit) => make("span", {}, short(sign * scale.inverse(unit), 2)));
    const stops = [0, 0.25, 0.5, 0.75, 1].map((unit) => look.colours[colourAt(unit)]);
    const strip = make("span", { class: "strip" });
    strip.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
    bar.replaceChildren(make("span", { class: "name" }, `${words.metric}: ${words.good} → ${words.bad}`), strip,
      make("span", { class: "ends" }, ...ends));
  }

  function tdAt(y, x) {
    return holder.querySelector("tbody").rows[y]?.cells[x + 1];
  }

  // Read a cell out; it alone is reached by Tab.
  function select(y, x, focus = false) {
    const td = tdAt(y, x);
    if (!td) return;
    for (const other of holder.querySelectorAll('[tabindex="0"]')) {
      other.tabIndex = -1;
      other.removeAttribute("aria-selected");
    }
    td.tabIndex = 0;
    td.setAttribute("aria-selected", "true");
    state.at = [shown.rows[y], shown.columns[x]];
    read(shown.cells[y][x], shown.rows[y], shown.columns[x]);
    if (focus) td.focus();
  }
  const placeOf = (td) => [td.parentElement.sectionRowIndex, td.cellIndex - 1];

  holder.addEventListener("pointerover", (event) => {
    const td = event.target.closest("td");
    if (td && event.pointerType === "mouse") select(...placeOf(td));
  });
  holder.addEventListener("click", (event) => {
    const td = event.target.closest("td");
    if (td) select(...placeOf(td), true);
  });
  holder.addEventListener("focusin", (event) => {
    const td = event.target.closest("td");
    if (td && td.tabIndex !== 0) select(...placeOf(td));
  });
  holder.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    if (!td || event.ctrlKey || event.altKey || event.metaKey) return;
    const [y, x] = placeOf(td);
    const [last, end] = [shown.rows.length - 1, shown.columns.length - 1];
    const way = { ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], Home: [y, 0], End: [y, end] };
    const goal = way[event.key];
    if (!goal) return;
    event.preventDefault();
    select(Math.min(Math.max(goal[0], 0), last), Math.min(Math.max(goal[1], 0), end), true);
  });

  // ---- the reading ----------------------------------------------------------------------------------------
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
    const spread = cell.sd === null ? " ± –" : ` ± ${short(cell.sd)}`;
    const failed = fill(words.failedOf, { share: percent(cell.share), failed: count(cell.failed), count: count(cell.trials) });
    panel.replaceChildren(title,
      make("p", { class: "number" }, make("span", {}, `${words.metric}, ${words.number}`),
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
    const marks = [0, 85, 170, 255].map((byte) => make("g", {},
      make("line", { class: "rule", x1: left, x2: width - right, y1: y(byte), y2: y(byte) }),
      make("text", { x: left - 5, y: y(byte) + 4, "text-anchor": "end" }, short(sign * scale.inverse(byte / 255), 2))));
    const names = [[0, "start"], [steps.length - 1, "end"]].map(([place, anchor]) =>
      make("text", { x: x(place), y: height - bottom + 14, "text-anchor": anchor }, String(steps[place])));
    const middle = make("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }, words.step);
    const said = fill(words.curvesOf, { shown: count(thin.length + strong.length), count: count(cell.trials) });
    chart.replaceChildren(
      make("p", {}, make("strong", {}, words.curves), ` ${said}${strong.length ? `. ${words.curvesBold}` : ""}`),
      make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words.curves },
        ...marks, ...thin.map(path), ...strong.map(path), ...names, middle));
  }

  // ---- the choices ----------------------------------------------------------------------------------------
  function choice(label, options, value, change, name) {
    const select = make("select", { "data-choice": name }, ...options.map(([key, text]) => make("option", { value: key }, text)));
    select.value = value;
    select.addEventListener("change", () => change(select.value));
    return make("label", {}, make("span", {}, label), select);
  }

  function choose(which, place) {
    const other = which === "row" ? "column" : "row";
    if (state[other] === place) state[other] = state[which];
    state[which] = place;
    redraw();
  }

  function button(text, act, name) {
    const made = make("button", { type: "button", "data-choice": name }, text);
    made.addEventListener("click", act);
    return made;
  }

  function drawChoices() {
    const focused = document.activeElement?.dataset?.choice;
    const names = settings.map((setting, place) => [place, setting.name]);
    part("axes").replaceChildren(
      choice(words.rows, names, state.row, (value) => choose("row", Number(value)), "row"),
      choice(words.columns, names, state.column, (value) => choose("column", Number(value)), "column"),
      button(words.swap, () => choose("row", state.column), "swap"));
    const all = (what) => () => {
      state.rest = what;
      for (const place of others()) state.how[place] = what;
      redraw();
    };
    const single = others().map((place) => choice(settings[place].name,
      [[TUNED, words.tuned], [AVERAGED, words.averaged],
        ...settings[place].levels.map((level, at) => [at, fill(words.fixedAt, { level })])],
      state.how[place],
      (value) => {
        state.how[place] = value === TUNED || value === AVERAGED ? value : Number(value);
        redraw();
      }, `how-${place}`));
    part("all").replaceChildren(
      button(words.allTuned, all(TUNED), "all-tuned"), button(words.allAveraged, all(AVERAGED), "all-averaged"));
    part("others").replaceChildren(...(single.length ? single : [make("p", {}, words.onlyTwo)]));
    if (focused) section.querySelector(`[data-choice="${focused}"]`)?.focus();
  }

  function redraw() {
    drawChoices();
    drawGrid();
  }
  redraw();

  // ---- one learning rate for all --------------------------------------------------------------------------
  const rate = data.rate;
  if (rate) drawValleys();

  function drawValleys() {
    const { places: marks, texts, branches } = rate;
    const coordinate = rate.log ? Math.log : (value) => value;
    const ends = [coordinate(marks[0]), coordinate(marks.at(-1))];
    const unit = (value) => (coordinate(value) - ends[0]) / (ends[1] - ends[0] || 1);
    const near = (one, other) => Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
    const bests = branches.flatMap((branch) => [...branch.best, ...(branch.untuned ?? [])]).filter((value) => value !== null);
    const [low, high] = [Math.min(...bests), Math.max(...bests)];
    const height = excess(low, high, Math.max(low / 10, (high - low) / 300) || 1);
    const size = { width: 220, height: 118, left: 8, right: 8, top: 8, bottom: 16 };
    const x = (value) => size.left + (size.width - size.left - size.right) * unit(value);
    const y = (value) => size.height - size.bottom - (size.height - size.top - size.bottom) * height(value);

    // Response of a branch at a rate, linear between levels on the setting's scale; null outside of them.
    function at(branch, value, of = branch.best) {
      const here = branch.level.findIndex((level) => near(level, value));
      if (here >= 0) return of[here];
      const right = branch.level.findIndex((level) => level > value);
      if (right <= 0) return null;
      const [a, b] = [right - 1, right].map((place) => coordinate(branch.level[place]));
      const weight = (coordinate(value) - a) / (b - a);
      return of[right - 1] === null || of[right] === null ? null : of[right - 1] * (1 - weight) + of[right] * weight;
    }
    const meets = (branch, value) => value <= branch.bar + 1e-12 * Math.abs(branch.bar);
    const line = (branch, values) => branch.level.map((level, place) => (values[place] === null ? ""
      : `${place && values[place - 1] !== null ? "L" : "M"}${x(level).toFixed(1)} ${y(values[place]).toFixed(1)}`)).join("");

    // Where a curve meets the bar, as a line along the axis.
    function goodPart(branch, of, any, height) {
      const [first, last] = [coordinate(branch.level[0]), coordinate(branch.level.at(-1))];
      let path = "";
      let inside = false;
      for (let part = 0; part <= 400; part += 1) {
        const place = first + ((last - first) * part) / 400;
        const value = part === 400 ? branch.level.at(-1) : rate.log ? Math.exp(place) : place;
        const response = at(branch, value, of);
        const good = any || (response !== null && meets(branch, response));
        if (good) path += `${inside ? "L" : "M"}${x(value).toFixed(1)} ${height}`;
        inside = good;
      }
      return path;
    }

    function card(branch) {
      const known = branch.low.every((value) => value !== null) && branch.high.every((value) => value !== null);
      const band = known ? make("path", { class: "band", d: `${line(branch, branch.high)}L${line({ level: [...branch.level].reverse() }, [...branch.low].reverse()).slice(1)}Z` }) : "";
      const bar = branch.few || branch.any ? "" : make("line", { class: "bar", x1: size.left, x2: size.width - size.right, y1: y(branch.bar), y2: y(branch.bar) });
      const marker = make("line", { class: "marker", y1: size.top, y2: size.height - 2 });
      const dot = make("circle", { class: "dot", r: 4.5 });
      const second = make("circle", { class: "dot", r: 3.2 });
      const said = make("p", { class: "said" });
      const drawing = make("svg", { viewBox: `0 0 ${size.width} ${size.height}`, "aria-hidden": "true" },
        make("line", { class: "rule", x1: size.left, x2: size.width - size.right, y1: size.height - 10, y2: size.height - 10 }),
        branch.few ? "" : make("path", { class: "good", d: goodPart(branch, branch.best, branch.any, size.height - 10) }),
        branch.few || !branch.untuned ? "" : make("path", { class: "good untuned", d: goodPart(branch, branch.untuned, false, size.height - 4) }),
        band, bar, branch.untuned ? make("path", { class: "rest", d: line(branch, branch.untuned) }) : "",
        make("path", { class: "curve", d: line(branch, branch.best) }), marker, dot, second);
      const item = make("li", { "data-branch": branch.name }, make("strong", {}, branch.name), drawing, said);
      return { branch, marker, dots: [dot, second], said, item };
    }

    const cards = branches.map(card);
    part("valleys").replaceChildren(...cards.map((one) => one.item));
    const bars = [...new Set(branches.filter((branch) => branch.bar !== null).map((branch) => branch.bar))];
    part("bar").textContent = bars.length === 1 ? fill(words.bar, { bar: short(sign * bars[0]) }) : "";
    part("predicted").hidden = !branches.some((branch) => branch.predicted);

    // A dot at the response, or none.
    function put(dot, value, response) {
      dot.style.visibility = response === null ? "hidden" : "visible";
      if (response === null) return;
      dot.setAttribute("cx", x(value));
      dot.setAttribute("cy", y(response));
    }
    function judged(branch, response, any, kind) {
      const fine = !branch.few && (any || meets(branch, response));
      const word = branch.few ? words.few_ : fine ? `✓ ${words.good_}` : `✗ ${words.bad_}`;
      return [fine, make("b", { class: `value ${kind}` }, short(sign * response)), " ",
        make("span", { class: `verdict ${branch.few ? "" : fine ? "fine" : "poor"}` }, word)];
    }

    function move(place) {
      const value = marks[place];
      const [good, forgiving] = [[], []];
      for (const { branch, marker, dots, said, item } of cards) {
        const response = at(branch, value);
        const rest = branch.untuned ? at(branch, value, branch.untuned) : null;
        for (const name of ["x1", "x2"]) marker.setAttribute(name, x(value));
        put(dots[0], value, response);
        put(dots[1], value, rest);
        item.className = "";
        if (response === null) {
          said.replaceChildren(words.untried);
          continue;
        }
        const lost = response - Math.min(...branch.best.filter((one) => one !== null));
        const [fine, ...texts] = judged(branch, response, branch.any, "tuned");
        const [also, ...others] = rest === null ? [false] : judged(branch, rest, false, "untuned");
        if (fine) good.push(branch.name);
        if (also) forgiving.push(branch.name);
        item.className = branch.few ? "unknown" : also || (fine && rest === null) ? "fine" : fine ? "tunable" : "poor";
        const level = branch.level.findIndex((one) => near(one, value));
        const share = level >= 0 ? branch.diverged_share[level] : null;
        said.replaceChildren(make("span", { class: "how" }, words.withTuned), ...texts,
          make("span", { class: "loss" }, lost <= 1e-12 ? words.lossNone : fill(words.loss, { loss: short(lost) })),
          ...(others.length ? [make("span", { class: "how" }, words.withUntuned), ...others] : []),
          share ? make("span", { class: "failed" }, fill(words.failedHere, { share: percent(share) })) : "");
      }
      const here = fill(words.rateSaid, { level: texts[place] });
      part("rate").textContent = here;
      const tell = (text, names) => make("p", {}, fill(text, { good: names.length, count: branches.length, names: names.join(", ") }));
      part("summary").replaceChildren(tell(words.summary, good), hasRest ? tell(words.summaryUntuned, forgiving) : "");
      slider.setAttribute("aria-valuetext", here);
    }
    const hasRest = branches.some((branch) => branch.untuned);
    part("untuned").hidden = !hasRest;
    const slider = part("slider");
    slider.max = marks.length - 1;
    slider.setAttribute("aria-label", words.rate);
    const best = branches.reduce((one, other) => (Math.min(...other.best) < Math.min(...one.best) ? other : one));
    const start = best.level[best.best.indexOf(Math.min(...best.best))];
    slider.value = marks.findIndex((mark) => near(mark, start));
    slider.addEventListener("input", () => move(Number(slider.value)));
    move(Number(slider.value));
    part("rate-part").hidden = false;
  }

  section.hidden = false;
  for (const link of document.querySelectorAll('a[href="#explorer"]')) (link.closest("li") ?? link).hidden = false;
})();
