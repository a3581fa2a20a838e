// Checks of a page in the browser: each returns what is wrong, in words, at most ten of them.
const SLACK = 1.5; // pixels
const named = (element) => `${element.tagName} ${element.id || element.getAttribute("class") || ""}: ` +
  element.textContent.trim().slice(0, 60);
const visible = (element) => element.getClientRects().length > 0;
const texts = () => [...document.querySelectorAll(
  "h1, h2, h3, p, li, figcaption, dt, dd, summary, th, td, button, pre, a")].filter(visible);
const few = (problems) => problems.slice(0, 10);

function beyondThePage() {
  const problems = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    problems.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`);
  }
  const scrolling = getComputedStyle(document.querySelector(".scroll")).overflowX === "auto";
  for (const element of [...texts(), ...document.querySelectorAll("table, svg")]) {
    if (scrolling && element.closest(".scroll, pre")) continue; // these may be wider, and scroll
    const box = element.getBoundingClientRect();
    if (visible(element) && (box.left < -SLACK || box.right > width + SLACK)) {
      problems.push(`${named(element)} reaches from ${box.left} to ${box.right} of ${width}`);
    }
  }
  return few(problems);
}

function cutTexts() {
  const problems = [];
  for (const element of texts()) {
    const scrolls = getComputedStyle(element).overflowX === "auto";
    const inline = getComputedStyle(element).display === "inline";
    if (!scrolls && !inline && element.scrollWidth > element.clientWidth + SLACK) {
      problems.push(`${named(element)}: ${element.scrollWidth} in ${element.clientWidth}`);
    }
  }
  for (const button of document.querySelectorAll("th button")) {
    const inner = button.getBoundingClientRect();
    const outer = button.closest("th").getBoundingClientRect();
    if (inner.left < outer.left - SLACK || inner.right > outer.right + SLACK || inner.bottom > outer.bottom + SLACK) {
      problems.push(`${named(button)} sticks out of its heading`);
    }
  }
  return few(problems);
}

function overlappingBlocks() {
  const problems = [];
  for (const parent of document.querySelectorAll("body, header, main, section, figure, details, ol, ul.cautions")) {
    const boxes = [...parent.children].filter(visible);
    boxes.slice(1).forEach((below, place) => {
      const above = boxes[place];
      if (below.getBoundingClientRect().top < above.getBoundingClientRect().bottom - SLACK) {
        problems.push(`${named(below)} lies on ${named(above)}`);
      }
    });
  }
  return few(problems);
}

function wrongPictures() {
  const problems = [];
  for (const svg of document.querySelectorAll(".drawing svg")) {
    const box = svg.getBoundingClientRect();
    const holder = svg.closest(".scroll");
    if (box.width < 300 || box.height < 60) problems.push(`${named(svg)}: ${box.width} × ${box.height}`);
    if (box.width > holder.scrollWidth + SLACK) problems.push(`${named(svg)} is wider than it scrolls`);
    const words = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const boxes = words.map((text) => text.getBoundingClientRect());
    const slanted = words.map((text) => Math.abs(text.getScreenCTM().a * text.getScreenCTM().b) > 1e-6);
    boxes.forEach((one, place) => {
      const out = Math.max(box.left - one.left, one.right - box.right, box.top - one.top, one.bottom - box.bottom);
      const limit = slanted[place] ? 16 : 8; // fonts differ a little from the one the picture was laid out with
      if (out > limit) problems.push(`${svg.parentElement.ariaLabel}: "${words[place].textContent}" is cut by ${out}`);
      for (let other = 0; other < place; other += 1) {
        if (slanted[place] || slanted[other]) continue; // their boxes overlap where the letters do not
        const two = boxes[other];
        const width = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const height = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        const least = Math.min(one.width * one.height, two.width * two.height);
        if (width > 0 && height > 0 && width * height > 0.4 * least) {
          problems.push(`${svg.parentElement.ariaLabel}: "${words[place].textContent}" on "${words[other].textContent}"`);
        }
      }
    });
  }
  return few(problems);
}

const colour = (text) => (text.match(/[\d.]+/g) || []).map(Number);

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ground(element) {
  for (let place = element; place; place = place.parentElement) {
    const found = colour(getComputedStyle(place).backgroundColor);
    if (found.length === 3 || found[3] > 0) return found;
  }
  return [255, 255, 255];
}

function lowContrasts() {
  const problems = new Set();
  const check = (element, text) => {
    const [light, dark] = [luminance(colour(text)), luminance(ground(element))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) problems.add(`${named(element)}: ${contrast.toFixed(2)}`);
  };
  for (const element of texts()) check(element, getComputedStyle(element).color);
  for (const text of document.querySelectorAll("svg text")) {
    // Words on a coloured ground have colours of their own; the others take the page's.
    if (/fill: var\(--/.test(text.getAttribute("style") || "")) check(text, getComputedStyle(text).fill);
  }
  return few([...problems]);
}
