"""README's table is the stored ledger, and the stored ledger has every claim that there is."""

from pathlib import Path

import pandas as pd
import pytest

from sensitivity.claims.ledger import CLAIMS
from sensitivity.claims.schedules import SCHEDULES
from sensitivity.claims.tables import LEDGER_COLUMNS, rule_in_words
from sensitivity.claims.verdicts import Judged
from sensitivity.claims.writing import _cautions
from sensitivity.words import short

ROOT = Path(__file__).parents[3]
# Every claim of the notes for which a rule was fixed before its trainings.
FIXED = [
    "too-large-diverges",
    "momentum-beats-sgd",
    "nesterov-beats-momentum",
    "terminal-speed",
    "beta-09-robust",
    "beta-needs-retuning",
    "ema-shifts-lr",
    "bias-correction-minor",
    "momentum-damps",
    "saddle-stall",
    "momentum-jumps",
    "adagrad-less-tuning",
    "adagrad-stops-early",
    "rmsprop-beats-adagrad",
    "rho-insensitive",
    "adam-bounded-step",
    "adam-bias-correction",
    "adamax-stable",
    "nadam-faster",
    "rmsprop-sometimes-beats-nadam",
    "exponential-and-performance",
    "one-cycle-best",
    "adam-then-sgd",
    "adam-fast-sgd-accurate",
    "lr-01",
    "batch-exact-slow",
    "gradient-beats-random",
    "local-beats-random",
    "good-initialisation",
    "good-activation",
    "batch-norm",
    "reuse-layers",
    "sensitivity-order",
    "planted-null",
    "planted-false",
]


@pytest.fixture(scope="module")
def ledger():
    """The ledger that README and notebook show."""
    return pd.read_csv(ROOT / "notebooks" / "ledger" / "ledger.csv", keep_default_na=False)


def test_every_claim_has_a_verdict(ledger):
    """Those that were fixed, the schedules one by one, and the controls; with the columns that it says."""
    schedules = {f"{name.replace('_', '-')}-beats-constant" for name in SCHEDULES}
    assert set(CLAIMS) == {*FIXED, *schedules, "planted-double"}
    assert ledger["claim"].tolist() == list(CLAIMS)
    assert set(ledger["verdict"]) <= {"supported", "contradicted", "inconclusive"}
    assert ledger.columns.tolist() == [column.name for column in LEDGER_COLUMNS]


def test_the_ledger_has_the_rules_of_the_claims(ledger):
    """Words, measured part and rule are those of the code: a rule that changed needs another ledger."""
    for row in ledger.to_dict("records"):
        claim = CLAIMS[row["claim"]]
        part = next(part for part in claim.parts if part.words == row["part"])
        assert row["words"] == claim.words
        assert row["rule"] == rule_in_words(part.rule, part.unit)
        assert row["amended"] == "; ".join(claim.amendments)
        assert row["reading"] == "; ".join(claim.interpretations)
        assert bool(row["amended_verdict"]) == bool(row["amended_rule"]) == bool(claim.instead)


# Claim → words of the readings that were found when the rules were read once more.
READ = {
    "momentum-beats-sgd": ["what sgd, momentum and adam reach", "the one with fewest"],
    "power-beats-constant": ["for all three optimizers"],
    "one-cycle-beats-constant": ["for all three optimizers"],
    "good-initialisation": ["trained by sgd"],
    "good-activation": ["trained by sgd"],
    "batch-norm": ["trained by sgd"],
    "reuse-layers": ["trained by sgd"],
    "adam-then-sgd": ["one rate is tuned, Adam's"],
    "momentum-damps": ["the equal rate is 0.18"],
    "sensitivity-order": ["optimizer, batch size, schedule and initialiser", "six rates and two replicates"],
    "batch-exact-slow": ["in units of the loss at initialisation"],
    "terminal-speed": ["takes no share of the level (Bonferroni"],
    "ema-shifts-lr": ["after results were seen"],
    "adam-bias-correction": ["after results were seen"],
}


@pytest.mark.parametrize("name", READ)
def test_how_a_rule_was_read_stands_in_its_row(ledger, name):
    """Where its words leave something open or it departs from them, with the reason."""
    row = ledger.set_index("claim").loc[name]
    for words in READ[name]:
        (clause,) = [text for text in f"{row['amended']}; {row['reading']}".split("; ") if words in text]
        assert "because" in clause


def test_the_page_says_each_reading_once():
    """With its claims where they are few, with their number where they are many."""
    said = _cautions([Judged(claim, []) for claim in CLAIMS.values()])
    assert len(set(said)) == len(said)
    (three,) = [text for text in said if "after results were seen" in text]
    assert three.endswith("(terminal-speed, ema-shifts-lr, adam-bias-correction).")
    (many,) = [text for text in said if "what sgd, momentum and adam reach" in text]
    assert many.startswith("Amended: ")
    assert many.endswith(" claims).")


def test_the_bound_of_adam_has_a_verdict_by_either_rule(ledger):
    """The fixed rule counts; the one with the bound that holds stands beside, and the row says why."""
    row = ledger.set_index("claim").loc["adam-bounded-step"]
    assert row["amended_verdict"] == "supported"
    assert "7.27 η" in row["amended_rule"]
    for words in ("by the words of the claim", "no theorem", "3.16 η", "7.27 η"):
        assert words in row["beside"]


def test_readme_shows_the_ledger(ledger):
    """Row by row: name, verdict, effect with the interval that decides."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- ledger -->")[2].partition("<!-- end of ledger -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in block.strip().splitlines()[2:]]
    expected = [
        (
            f"`{row['claim']}`",
            row["words"],
            f"**{row['verdict']}**",
            f"{short(float(row['effect']), 3)} {row['adjusted']}",
        )
        for row in ledger.to_dict("records")
    ]
    assert [(row[0], row[1], row[3], row[5]) for row in rows] == expected
