"""Every message that is said exists in every language, with the same variables; and none is left over."""

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import parse
from fluent.syntax.ast import Junk, Message
from fluent.syntax.visitor import Visitor

import sensitivity
from sensitivity.across.tables import ONCE, PER_DATASET
from sensitivity.claims.writing import _COLUMNS as CLAIMS
from sensitivity.commands.show import NOTE
from sensitivity.commands.trajectories import PLACES
from sensitivity.estimators.effects import NOISE
from sensitivity.language import LANGUAGES, Voice, say_of, speaking
from sensitivity.language.marks import terms
from sensitivity.language.metrics import METRICS, METRICS_OF_BEST, UNITS
from sensitivity.measures import confirm, versus
from sensitivity.measures.advice import FIX, TUNE, UNKNOWN
from sensitivity.measures.measure import EVERYTHING
from sensitivity.measures.registry import EVERY_TABLE, MEASURES
from sensitivity.pictures.among_best import SIDES as AMONG_BEST
from sensitivity.pictures.survivors import SIDES as SURVIVORS
from sensitivity.reading.by_column import Why
from sensitivity.remarks import ROOM
from sensitivity.reporting import meanings
from sensitivity.reporting.cautions.kinds import KINDS
from sensitivity.reporting.shown import OUR_WORDS
from sweeps.surfaces import SURFACES

PACKAGE = Path(sensitivity.__file__).parent
FOLDER = PACKAGE / "language"
SHARED = "terms"
NAMED = set(EVERY_TABLE)  # tables
AMBIENT = {field.name for field in fields(Voice)}


class _Parts(Visitor):
    def __init__(self):
        self.variables, self.messages, self.functions = set(), set(), set()

    def visit_VariableReference(self, node):  # noqa: N802 (the library's names)
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node):  # noqa: N802
        self.messages.add(node.id.name)

    def visit_FunctionReference(self, node):  # noqa: N802
        self.functions.add(node.id.name)
        self.generic_visit(node)


@cache
def messages(language):
    """Room and name of each message of a language → its parts."""
    found = {}
    for path in sorted((FOLDER / language).glob("*.ftl")):
        for entry in parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, Junk), f"{path}: {entry.content}"
            if isinstance(entry, Message):
                parts = _Parts()
                parts.visit(entry)
                assert (path.stem, entry.id.name) not in found, f"{path}: {entry.id.name} twice"
                found[path.stem, entry.id.name] = parts
    return found


def resolved(language, room, name):
    """Whole set of variables of a message, with those of the messages it refers to."""
    of = messages(language)
    parts = of[room, name] if (room, name) in of else of[SHARED, name]
    found = set(parts.variables)
    for other in parts.messages:
        found |= resolved(language, room, other)
    return found


@cache
def calls():
    """File and node of each call of a plain name that may say something."""
    names = {"say", "in_picture", "Remark", "Phrase", "Several"}
    return [
        (path, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def _of_remarks(node):
    """Messages of a remark or of words given to one, by name: a remark's is that of its name, or given."""
    made = node.func.id
    texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
    texts += [word.value.value for word in node.keywords if word.arg == "message"]
    if made == "Remark":
        return texts[-1:]
    return texts if made in {"Phrase", "Several"} else []


@cache
def of_remarks():
    """Room and name of each message that a remark says."""
    names = {name for _, node in calls() for name in _of_remarks(node)}
    joints = {name for name in names if name.startswith("two-")} | {"two", "two-conditions"}
    return {(SHARED, name) for name in joints} | {
        (ROOM, name) for name in {*names, "judged-above", "judged-not-above"} - joints
    }


def every_column():
    """Columns of every table that a person is shown."""
    tables = [table.columns for table in EVERY_TABLE.values()]
    return [
        column
        for each in (*tables, *CLAIMS.values(), versus.COLUMNS, confirm.COLUMNS, [NOTE])
        for column in each
    ]


@cache
def said():
    """Each use of a message: file and line, room, name, names of what is given (None: unknown)."""
    found = []
    for path, node in calls():
        if node.func.id in {"say", "in_picture"}:
            where = f"{path.name}:{node.lineno}"
            assert isinstance(node.args[0], ast.Constant), f"{where}: a message is named where it is said"
            given = {word.arg for word in node.keywords}
            found.append((where, *node.args[0].value.split("."), None if None in given else given))
    for path in PACKAGE.rglob("*.jinja"):
        names = re.findall(r"""\bsay\(["']([\w.-]+)["']""", path.read_text(encoding="utf-8"))
        found += [(path.name, *name.split("."), None) for name in names]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_is_a_message_with_the_variables_it_is_given(language):
    """A message that misses, or wants what nobody gives, or is given what it does not say, is a mistake."""
    known = messages(language)
    for where, room, name, given in said():
        assert (room, name) in known or (SHARED, name) in known, f"{where}: no {room}.{name} in {language}"
        wanted = resolved(language, room, name) - AMBIENT
        if given is not None:
            assert wanted <= given, f"{where}: {room}.{name} wants {wanted - given}"
            if language == "en":
                assert given <= wanted, f"{where}: {room}.{name} leaves out {given - wanted}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_said(language):
    """Whatever is in the files is used by the code, or by another message."""
    referred = {name for one in LANGUAGES for parts in messages(one).values() for name in parts.messages}
    of_things = {("measures", measure.name) for measure in MEASURES} | {("tables", name) for name in NAMED}
    of_things |= {("cautions", f"about-{kind}") for kind in KINDS}
    of_things |= {("columns", column.title or column.name) for column in every_column() if column.shown}
    of_things |= {("values", word.replace(" ", "-")) for word in (TUNE, FIX, UNKNOWN, ONCE, PER_DATASET)}
    ours = {word for of_column in OUR_WORDS.values() for word in of_column} - {NOISE}
    of_things |= {("values", word.replace(" ", "-")) for word in (*ours, "noise of seed")}
    metrics = [name.replace(" ", "-") for name in (*METRICS, *METRICS_OF_BEST)]
    of_things |= {("metrics", name) for name in (*metrics, *(f"unit-{unit}" for unit in UNITS.values()))}
    of_things |= {("first_screen", f"why-{why.name.lower()}") for why in Why if why != Why.DOUBT}
    of_things |= {("rules", f"surface-{name}") for name in SURFACES}
    of_things |= {("rules", f"goal-{name}") for name, surface in SURFACES.items() if not surface.minima}
    of_things |= {("rules", f"where-{where.replace(' ', '-')}") for where in PLACES}
    of_things |= {
        ("captions", name)
        for both in (AMONG_BEST, SURVIVORS)
        for name in (both.left.name, both.right.name, both.label)
    }
    explained = {("glossary", part) for name, _ in terms("en") for part in (name, f"{name}-means")}
    of_things |= {one if one in messages(language) else (SHARED, one[1]) for one in explained}
    of_things |= {(meanings.ROOM, name) for name in meanings.ids().values() if language != "en"}
    assert of_things <= set(messages(language))
    assert of_remarks() <= set(messages(language))
    used = (
        of_things
        | of_remarks()
        | {(room, name) for _, room, name, _ in said()}
        | {(SHARED, name) for _, _, name, _ in said()}
    )
    assert not {one for one in messages(language) if one not in used and one[1] not in referred}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_says_the_same(language):
    """Same messages, and no variable that English does not have: numbers come from one place."""
    english, other = messages("en"), messages(language)
    assert set(english) == {one for one in other if one[0] != meanings.ROOM}  # its English is in the code
    for room, name in english:
        extra = resolved(language, room, name) - resolved("en", room, name) - AMBIENT
        assert not extra, f"{language} {room}.{name}: {extra}"
        missing = resolved("en", room, name) - resolved(language, room, name) - AMBIENT
        assert not missing, f"{language} {room}.{name} does not say {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_and_table_is_named(language):
    """Headings, questions and how to read them; what a table says, and which rows of it are shown."""
    with speaking(language):
        for measure in MEASURES:
            assert all((measure.title, measure.question, measure.how_to_read))
        for table in EVERY_TABLE.values():
            assert table.summary
            assert table.title
            assert bool(table.which("all trials")) == (table.excerpt not in {None, EVERYTHING})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_room_hides_a_shared_message(language):
    """A name that all rooms share means the same in each."""
    shared = {name for room, name in messages(language) if room == SHARED}
    assert not {(room, name) for room, name in messages(language) if room != SHARED and name in shared}


def test_korean_is_korean():
    """Every message of more than a formula has Hangul in it."""
    for path in (FOLDER / "ko").glob("*.ftl"):
        for entry in parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, Message):
                text = path.read_text(encoding="utf-8")[entry.span.start : entry.span.end]
                letters = re.sub(r"\{[^{}]*\}|^[\w-]+ =", "", text)
                if len(re.findall(r"[A-Za-z]{3,}", letters)) > 2:
                    assert re.search("[가-힣]", letters), f"{path.stem}.{entry.id.name}: {letters}"


# A word → others for the same thing, which nobody says beside it.
ONE_NAME = {
    "대리 모델": ("대리 모형", "대리모델", "대체 모델"),
    "표준 오차": ("표준오차",),
    "판단할 수 없": ("판단 불가", "판정 불가", "알 수 없음:"),
    "로그 눈금": ("로그 스케일", "로그 척도"),
    "학습률": ("학습 율", "러닝 레이트", "러닝레이트"),
    "배치 크기": ("배치 사이즈", "배치크기"),
    "검증 오차": ("검증오차", "검증 에러", "검증 오류"),
    "옵티마이저": ("최적화기", "최적화 기법"),
    "설정": ("초매개변수",),
    "시드": ("씨드", "난수 씨앗"),
    "노이즈": ("잡음",),
    "에폭": ("에포크", "세대"),
    "주효과": ("주 효과", "메인 효과"),
    "조정": ("튜닝", "미세조정"),
}


@pytest.mark.parametrize("word", ONE_NAME)
def test_one_thing_has_one_name_in_korean(word):
    """In the messages and in the README."""
    for path in [*(FOLDER / "ko").glob("*.ftl"), FOLDER / "ko" / "README.md"]:
        text = path.read_text(encoding="utf-8")
        assert not [other for other in ONE_NAME[word] if other in text], f"{path.name}: say {word}"


def test_what_the_voice_chooses_is_chosen_in_every_korean_message():
    """A message that says 에폭 says 단계 of trials that count steps: through the shared message."""
    of_steps = Voice("trial", "replicate", "failure", "step", "reference")
    with speaking("ko", of_steps):
        for room, name in messages("ko"):
            if room not in ONLY_OF_NETWORKS:
                given = dict.fromkeys(resolved("ko", room, name) - AMBIENT, "x")
                assert "에폭" not in say_of(room, name, **given), f"{room}.{name}"


ONLY_OF_NETWORKS = {"plan", "progress", "confirm", "metrics", "finder"}


def test_only_known_functions():
    """A function that a message calls exists."""
    assert {name for one in LANGUAGES for parts in messages(one).values() for name in parts.functions} <= {
        "JOSA",
        "NUMBER",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("voice", [Voice(), Voice("trial", "unknown", "failure", "step", "reference")])
def test_every_message_can_be_said(language, voice):
    """Whether it is given numbers, of which one is singular, or names: a mistake in it would end a report."""
    with speaking(language, voice):
        for room, name in messages(language):
            given = resolved(language, room, name) - AMBIENT
            for value in (1, 1234, "adam"):
                assert say_of(room, name, **dict.fromkeys(given, value))
