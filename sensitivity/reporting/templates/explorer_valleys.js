// One learning rate for every branch: a slider moves a marker over all valleys at once.
const rate = data.rate;
const MOST = 0.5; // of the trials at a rate: where more fail, a result that can be reached has no tick
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
  function judged(branch, response, any, kind, risky) {
    const fine = !branch.few && (any || meets(branch, response));
    const good = risky ? `! ${words.isRisky}` : `✓ ${words.isGood}`;
    const word = branch.few ? words.isFew : fine ? good : `✗ ${words.isBad}`;
    return [fine, make("b", { class: `value ${kind}` }, short(sign * response)), " ",
      make("span", { class: `verdict ${branch.few || (fine && risky) ? "" : fine ? "fine" : "poor"}` }, word)];
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
      const risky = at(branch, value, branch.diverged_share) >= MOST;
      const [fine, ...texts] = judged(branch, response, branch.any, "tuned", risky);
      const [also, ...others] = rest === null ? [false] : judged(branch, rest, false, "untuned", risky);
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
    const tell = (text, names) => make("p", {}, fill(text, { good: names.length, count: branches.length, names: names.length < branches.length ? names.join(", ") : "" }));
    if (cards.length > 1) part("summary").replaceChildren(tell(words.summary, good), hasRest ? tell(words.summaryUntuned, forgiving) : "");
    slider.setAttribute("aria-valuetext", here);
  }
  const hasRest = branches.some((branch) => branch.untuned);
  part("untuned").hidden = !hasRest;
  const slider = part("slider");
  slider.max = marks.length - 1;
  slider.setAttribute("aria-label", words.rate);
  slider.value = rate.start;
  slider.addEventListener("input", () => move(Number(slider.value)));
  move(Number(slider.value));
  part("rate-title").replaceChildren(make("h3", {}, words.rateTitle));
  part("rate-part").hidden = false;
}

section.hidden = false;
uncover();
for (const link of document.querySelectorAll('a[href="#explorer"]')) (link.closest("li") ?? link).hidden = false;
