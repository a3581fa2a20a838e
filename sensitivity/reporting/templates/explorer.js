// The cells of two settings, what a cell holds, and the choices.
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
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : null;
  return { n, mean, sd: sd !== null && sd <= 1e-12 * Math.abs(mean) ? 0 : sd, of: rows }; // rounding is no spread
}

function summary(rows) {
  const averaged = others().length ? doing(AVERAGED).length > 0 : state.rest === AVERAGED;
  if (!averaged) { // rows stand in their order: the first one holds the best configuration
    const [n, mean, sd] = data.best[rows[0]] ?? [data.count[rows[0]], data.mean[rows[0]], data.sd[rows[0]]];
    return { n, mean, sd, of: [rows[0]], first: n };
  }
  const tuned = doing(TUNED);
  if (!tuned.length) return pooled(rows);
  const parts = new Map();
  for (const row of rows) {
    const key = tuned.map((place) => data.level[place][row]).join();
    if (parts.has(key)) parts.get(key).push(row);
    else parts.set(key, [row]);
  }
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
  const head = make("tr", {}, make("th", { scope: "col" }, `${down.axis} ↓ ${across.axis} →`),
    ...shown.columns.map((level) => make("th", { scope: "col", title: across.whole[level] }, across.levels[level])));
  const body = shown.cells.map((line, y) => {
    const means = line.filter((cell) => cell && cell.share < 1).map((cell) => cell.mean);
    const name = make("th", { scope: "row", title: down.whole[shown.rows[y]] }, down.levels[shown.rows[y]]);
    return make("tr", {}, name, ...line.map((cell) => cellOf(cell, scale, Math.min(...means))));
  });
  const table = make("table", { role: "grid", "aria-label": fill(words.grid, { rows: down.axis, columns: across.axis }) },
    make("thead", {}, head), make("tbody", {}, ...body));
  holder.replaceChildren(table);
  drawScale(scale);
  part("meaning").textContent = meaning();
  const [y, x] = startingCell();
  select(y, x);
  uncover();
}

// On a narrow screen the cell that is read out may lie beyond the edge of the grid; no column is sliced at the left.
function uncover() {
  const td = holder.querySelector('[tabindex="0"]');
  if (td && td.offsetLeft + td.offsetWidth > holder.clientWidth) {
    const [name, ...columns] = td.parentElement.cells;
    const lefts = columns.map((column) => column.offsetLeft - columns[0].offsetLeft + 4); // its padding
    const goal = td.offsetLeft - (holder.clientWidth + name.offsetWidth) / 2;
    holder.scrollLeft = lefts.reduce((one, other) => (Math.abs(other - goal) < Math.abs(one - goal) ? other : one));
  }
}

function startingCell() {
  const [y, x] = state.at ? [shown.rows.indexOf(state.at[0]), shown.columns.indexOf(state.at[1])] : [-1, -1];
  if (y >= 0 && x >= 0) return [y, x];
  const flat = shown.cells.flat().filter(Boolean);
  const best = flat.length ? flat.reduce((one, other) => (other.mean < one.mean ? other : one)) : { y: shown.rows[0], x: shown.columns[0] };
  return [shown.rows.indexOf(best.y), shown.columns.indexOf(best.x)];
}

function meaning() {
  if (!data.choosable) return words.meaningOnly;
  const averaged = others().length ? doing(AVERAGED).length : Number(state.rest === AVERAGED);
  const kind = !averaged ? words.meaningTuned : doing(TUNED).length ? words.meaningMixed : words.meaningAveraged;
  return others().some(isFixed) ? `${kind} ${words.meaningFixed}` : kind;
}

function drawScale(scale) {
  const bar = part("scale");
  bar.hidden = !scale;
  if (!scale) return;
  const ends = evenTicks(scale, 5).map(([value, unit]) => {
    const tick = make("span", { class: unit < 0.06 ? "first" : unit > 0.94 ? "last" : null }, short(sign * value, 4));
    tick.style.left = `${100 * unit}%`;
    return tick;
  });
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

// A browser also says that the mouse is over a cell when that cell was scrolled beneath it: nobody pointed then.
let pointer = null;
window.addEventListener("pointermove", (event) => {
  const before = pointer;
  pointer = [event.clientX, event.clientY];
  const still = before ? before.every((place, at) => place === pointer[at]) : holder.contains(document.activeElement);
  const td = event.target.closest?.("td");
  if (still || event.pointerType !== "mouse" || !td || !holder.contains(td)) return;
  select(...placeOf(td));
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
  const names = settings.map((setting, place) => [place, setting.axis]);
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
  part("rest").hidden = !data.choosable;
  part("others").hidden = !single.length;
  part("others").replaceChildren(...single);
  if (focused) section.querySelector(`[data-choice="${focused}"]`)?.focus();
}

function redraw() {
  drawChoices();
  drawGrid();
}
redraw();
