"""Pages of trials without training, and an eye for what is wrong with a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import create_trial

from sensitivity.estimators.surrogate import trees
from sensitivity.files import make_folder
from sensitivity.pictures import saving
from sensitivity.reading import from_study
from sensitivity.reporting.page import explorer_script
from sensitivity.reporting.results import write_report
from sensitivity.study import Study
from sweeps.run_folder import RunFolder
from sweeps.space import FloatRange, Setting, Space, Variant

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}",
    "]]><svg onload=alert(1)>",
    r"$\alpha$ & {{ 7 * 7 }}",
    'a #ffffff b id="c url(#d) font-family: e',
    "배치 크기",
    "two\nlines\tand a tab",
    "n" * 300,
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--hide-scrollbars",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
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
        whole = " ".join(element.text for element in self.all("body"))
        for script in self.all("script"):
            whole = whole.replace(script.text, "")
        return whole.replace("\N{NO-BREAK SPACE}", " ")


def check(page):
    """Assert what holds for every page, whatever the trials are called."""
    script = (files("sensitivity.reporting") / "templates" / "report.js").read_text(encoding="utf-8")
    data = [e for e in page.all("script") if e.attributes.get("type") == "application/json"]
    scripts = [element.text for element in page.all("script") if element not in data]
    assert scripts == [script, *([explorer_script()] if data else [])]
    assert all(json.loads(element.text) for element in data)
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
                assert re.match(r"#|tables/\w+\.csv$|figures/\w+\.(png|svg|pdf)$|data:", value), value
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


def write(source, path):
    """Write the whole report of trials to a folder: path of its page."""
    folder = RunFolder(path)
    make_folder(folder)
    return write_report(folder, source, "python -m sensitivity report run", trials=True).page


def write_page_only(source, path):
    """The same without the PNG files, which no page shows: to draw them takes half of the time."""
    drawn = saving._bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "_bytes", lambda figure, kind: b"" if kind == "png" else drawn(figure, kind))
        return write(source, path)


@pytest.fixture(scope="session")
def hostile_study():
    """Study of a stranger whose every name is an attack or an accident."""
    study = optuna.create_study(study_name=HOSTILE[0] + HOSTILE[1], direction="maximize")
    kinds = [
        CategoricalDistribution(HOSTILE[1:6]),
        FloatDistribution(1e-5, 1.0, log=True),
        IntDistribution(1, 8),
        CategoricalDistribution(HOSTILE[:2]),
        *[FloatDistribution(0.0, 1.0)] * (len(HOSTILE) - 4),
    ]
    sampler = optuna.samplers.RandomSampler(seed=1)
    for _ in range(40):
        drawn = {
            name: sampler.sample_independent(study, None, name, kind)
            for name, kind in zip(HOSTILE, kinds, strict=True)
        }
        value = drawn[HOSTILE[1]] + 0.1 * drawn[HOSTILE[2]] + (drawn[HOSTILE[0]] == HOSTILE[2])
        study.add_trial(
            create_trial(
                value=value,
                params=drawn,
                distributions=dict(zip(HOSTILE, kinds, strict=True)),
                intermediate_values={step: value * step / 3 for step in range(4)},
                user_attrs={HOSTILE[1]: HOSTILE[0]},
            )
        )
    return study


@pytest.fixture(scope="session")
def hostile_names():
    """Names of the settings of `hostile_study`."""
    return HOSTILE


@pytest.fixture
def checked():
    """Read a page and check what holds for every page: (path) → page."""

    def read(path):
        page = Page(path.read_text(encoding="utf-8"))
        check(page)
        return page

    return read


@pytest.fixture
def written(tmp_path, checked):
    """Write the report of trials and read its page: (source) → checked page."""
    return lambda source: checked(write_page_only(source, tmp_path / "run"))


@pytest.fixture(scope="session")
def page_files(sweep_source, hostile_study, tmp_path_factory):
    """Pages as files, written once, with their SVG files: name → path."""
    folder = tmp_path_factory.mktemp("pages")
    sources = {"sweep": sweep_source(), "hostile": from_study(hostile_study)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "MUCH", 1)  # as the fixture few_trees does: nobody looks at the numbers
        return {name: write_page_only(source, folder / name) for name, source in sources.items()}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One headless browser with a fresh profile; nothing is downloaded for it."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if not (CHROMIUM and DRIVER):
        pytest.skip("no Chromium or no chromedriver on PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.get("about:blank")
    for kind in ("browser", "performance"):
        driver.get_log(kind)  # of the browser's own first page
    yield driver
    driver.quit()


@pytest.fixture
def shown(browser):
    """Open a page from its file: (path, width, theme, medium) → browser."""
    from selenium.webdriver.support.wait import WebDriverWait

    def open_page(path, width=1280, theme="light", medium="screen"):
        features = [{"name": "prefers-color-scheme", "value": theme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.get("about:blank")  # or the same page may not yet have been left when its address is back
        browser.get(path.as_uri())
        loaded = "return document.readyState === 'complete' && location.href"
        WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(loaded) == path.as_uri())
        return browser

    return open_page


@pytest.fixture(scope="session")
def sweep_source(tabulate, setting):
    """Study of a made-up sweep: optimizers, rates, batch sizes; two replicates with curves; some diverge."""

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
        return Study(trials, space, "validation error", 0.9, curves=curves, name="made up")

    return make


@pytest.fixture(scope="session")
def ours():
    """Run a Python program in a process of its own, where numbers and lines are the same; what it printed."""
    place = Path(find_spec("sensitivity").origin).parents[1]  # wherever it runs, the package tested here
    # One kind of BLAS kernel adds in one order on every x86 machine.
    numbers = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"}
    words = {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(place)}

    def call(program, *arguments, cwd=None):
        line = [sys.executable, *map(str, [*program, *arguments])]
        environment = os.environ | numbers | words
        done = subprocess.run(
            line, check=False, capture_output=True, encoding="utf-8", env=environment, cwd=cwd
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call
