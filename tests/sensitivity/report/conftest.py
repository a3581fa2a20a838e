"""Pages of trials without training, and an eye for what is wrong with a page."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from sensitivity.reading.source import Source
from sensitivity.results import make_folder, write_report
from sweeps.run_folder import RunFolder
from sweeps.space import FloatRange, Setting, Space, Variant

VOID = {"meta", "link", "br", "img", "input", "hr"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Element:
    """Tag, attributes and all text inside it."""

    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.text = tag, dict(attributes), ""


class Page(HTMLParser):
    """A page as its elements in their order; whatever a browser would have to guess is an error."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.source, self.elements, self.open = text, [], []
        self.feed(text)
        self.close()
        assert not self.open, f"left open: {[element.tag for element in self.open]}"

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in <{tag}>"
        element = Element(tag, attrs)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        """Note an element that has no inside."""
        self.elements.append(Element(tag, attrs))

    def handle_endtag(self, tag):
        """Close the element that was opened last."""
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        """Note text, in every element that is open."""
        for element in self.open:
            element.text += data

    def all(self, *tags):
        """All elements of these tags."""
        return [element for element in self.elements if element.tag in tags]

    @property
    def text(self):
        """All that is shown: without style and script."""
        return " ".join(element.text for element in self.all("body")).replace("\N{NO-BREAK SPACE}", " ")


def check(page):
    """Assert what holds for every page, whatever the trials are called."""
    script = (files("sensitivity.report") / "templates" / "report.js").read_text(encoding="utf-8")
    assert [element.text for element in page.all("script")] == [script]
    assert len(page.all("style")) == 1
    tags = {element.tag for element in page.elements}
    assert not tags & {"img", "iframe", "object", "embed", "form", "base", "foreignobject", "audio", "video"}
    _check_attributes(page)
    _check_order(page)
    assert len(page.source.encode()) < 10_000_000


def _check_attributes(page):
    identifiers = Counter(e.attributes["id"] for e in page.elements if "id" in e.attributes)
    assert [name for name, times in identifiers.items() if times > 1] == []
    for element in page.elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on"), f"{name}={value}"
            if name in {"href", "xlink:href", "src"}:
                assert re.match(r"#|tables/\w+\.csv$|figures/\w+\.(png|svg)$|data:", value), value
            targets = [value[1:]] if name.endswith("href") and value.startswith("#") else []
            targets += value.split() if name == "aria-labelledby" else []
            if name in {"style", "fill", "stroke", "clip-path", "mask"}:
                targets += re.findall(r"url\(#([^)]*)\)", value)
            assert set(targets) <= set(identifiers), f"{name}={value} leads nowhere"


def _check_order(page):
    assert page.all("html")[0].attributes["lang"] == "en"
    levels = [HEADINGS.index(heading.tag) for heading in page.all(*HEADINGS)]
    assert levels.count(0) == 1
    assert levels[0] == 0
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(heading.text.strip() for heading in page.all(*HEADINGS))
    assert all(head.attributes.get("scope") == "col" for head in page.all("th"))
    for region in page.elements:
        if region.attributes.get("role") in {"region", "img"}:
            assert region.attributes["aria-label"].strip()
    assert all(
        {"aria-label", "aria-labelledby"} & set(element.attributes) for element in page.all("section", "nav")
    )


@pytest.fixture
def written(tmp_path):
    """Write the whole report of trials and read its page: (source) → checked page."""

    def write(source):
        folder = RunFolder(tmp_path / "run")
        make_folder(folder)
        results = write_report(folder, source, "python -m sensitivity report run", trials=True)
        page = Page(results.page.read_text(encoding="utf-8"))
        check(page)
        return page

    return write


@pytest.fixture
def sweep_source(tabulate, setting):
    """Source of a made-up sweep: optimizers, rates, batch sizes; two replicates with curves; some diverge."""

    def make(optimizers=("sgd", "adam"), rates=5, batch_sizes=(16, 64), replicates=2, steps=6):
        space = Space(
            [
                setting("optimizer", *optimizers),
                Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=rates)),)),
                setting("batch_size", *batch_sizes),
            ]
        )
        noise = np.random.default_rng(1)

        def response(configuration, _):
            best = -1.0 - optimizers.index(configuration["optimizer"]) / len(optimizers)
            miss = np.log10(configuration["learning_rate"]) - best
            return min(
                0.05 + 0.06 * miss**2 + 1e-4 * configuration["batch_size"] + noise.normal(0, 0.005), 0.9
            )

        trials = tabulate(space, response, replicates)
        trials.loc[trials["value"] >= 0.5, "outcome"] = "diverged"
        trials.loc[trials["value"] >= 0.5, "value"] = 0.9
        decay = np.geomspace(1, 0.01, steps)
        curves = {
            int(number): list(value + (0.9 - value) * decay)
            for number, value in zip(trials["number"], trials["value"], strict=True)
        }
        return Source(trials, space, "validation error", 0.9, curves=curves, name="made up")

    return make
