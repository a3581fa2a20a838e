"""Any Optuna study, by storage URL and name → `Study`; one of ours keeps all that its definition says."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import optuna
from optuna.study import StudyDirection
from optuna.trial import TrialState

from sensitivity.reading import failures, missing
from sensitivity.reading.distributions import describe
from sensitivity.reading.journals import own_journal, read_own_journal
from sensitivity.reading.own_studies import definition_of, of_ours, settings_of
from sensitivity.reading.records import assemble
from sensitivity.reading.results import Metric, Record
from sensitivity.study import ReadAs
from sensitivity.words import listed, offer, were
from sweeps.errors import StudyError, shown
from sweeps.recorded_trials import is_ours, recorded, thawed
from sweeps.search import quiet
from sweeps.storages import open_storage, storage_errors
from sweeps.urls import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

    from sensitivity.reading.journals import OwnJournal
    from sensitivity.study import Study
    from sweeps.space import Domain, Value

SQLITE: Final = b"SQLite format 3\x00"
JOURNAL: Final = b'{"op_code":'
SEEDS: Final = ("replicate", "seed")  # user attributes that say which replicate a trial is
_SAMPLERS: Final = {
    "tpe": "TPE",
    "cma": "CMA-ES",
    "nsga": "NSGA",
    "gp": "GP",
}  # prefixes of what samplers note
MOST_NAMED: Final = 4  # ranges in a note


def read_study(
    storage_url: str,
    name: str | None = None,
    *,
    cap: float | None = None,
    objective: str | int | None = None,
    failed: str | None = None,
) -> Study:
    """Read an Optuna study, which is left exactly as it is.

    Parameters
    ----------
    storage_url
        Whatever Optuna takes, ``journal://PATH``, or the path of a journal or SQLite file.
    name
        Name of the study; may be left out where the storage holds one only.
    cap
        Highest value that counts, also without a result, on the scale of the objective; None: the worst
        finite value. A study of ours has a cap of its own, which this replaces.
    objective
        Which one, by position or name, where the study has several.
    failed
        What FAILED trials are of which nothing says why: ``diverged`` or ``ignore``; None: what the settings
        of these trials say (`sensitivity.reading.missing`).

    Raises
    ------
    StudyError
        When storage or study are not there, or it has several objectives and none is chosen.
    """
    url = storage_address(storage_url)
    found = _own_journal(url, name)
    definition = None if found is None else definition_of(found.attributes)
    if found is not None and definition is not None:
        return of_ours(found.attributes, definition, found.finished, found.others, cap, failed)
    opened = open_storage(url, read_only=True)
    try:
        # Optuna and SQLAlchemy raise these where a row was changed; what it has read is not read again.
        with quiet(), storage_errors(url, LookupError, ValueError, TypeError, AssertionError):
            study = _load(opened.storage, name, url)
            study.get_trials(deepcopy=False)
        with quiet(), storage_errors(url):
            return from_study(study, cap=cap, objective=objective, failed=failed)
    finally:
        opened.close()


def sample_of_records(records: Iterable[Mapping[str, Any]], cap: float | None) -> Study | None:
    """Study of some records of a sweep's journal; None where it is none of ours."""
    found = own_journal(records, settings_of)
    definition = None if found is None else definition_of(found.attributes)
    if found is None or definition is None:
        return None
    return of_ours(found.attributes, definition, found.finished, found.others, cap, None)


def from_study(
    study: optuna.Study,
    *,
    cap: float | None = None,
    objective: str | int | None = None,
    failed: str | None = None,
) -> Study:
    """Study of a study at hand, one in memory for instance; options as for `read_study`."""
    trials, attributes = study.get_trials(deepcopy=False), study.user_attrs
    definition = definition_of(attributes)
    if definition is not None:
        ours, names = recorded(t for t in trials if is_ours(t)), definition.build_space().names
        finished = [thawed(trial, names) for trial in ours]
        return of_ours(attributes, definition, finished, len(trials) - len(ours), cap, failed)
    place = _objective(study, objective)
    return _foreign(study, trials, place, _metric(study, place, cap), failed)


def storage_address(text: str) -> str:
    """URL of a storage given as URL or as the path of its file."""
    path = Path(text)
    if "://" in text or not path.is_file():
        return text
    return f"sqlite:///{path}" if _beginning(path).startswith(SQLITE) else f"journal://{path}"


def is_storage(path: Path) -> bool:
    """Whether a file is a journal or an SQLite database, going by its first bytes."""
    return _beginning(path).startswith((SQLITE, JOURNAL))


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def _load(storage: BaseStorage, name: str | None, url: str) -> optuna.Study:
    names = [study.study_name for study in storage.get_all_studies()]
    if not names:
        raise StudyError(f"the storage {masked(url)} holds no study; check the address in --storage")
    if name is None and len(names) > 1:
        raise StudyError(f"the storage holds {len(names)} studies; choose one with --study: {listed(names)}")
    if name is not None and name not in names:
        raise StudyError(f"the storage has no study {shown(name)}; {offer(name, names, 'it has')}")
    return optuna.load_study(study_name=name or names[0], storage=storage)


def _own_journal(url: str, name: str | None) -> OwnJournal | None:
    """Trials of a sweep's journal; None where Optuna has to read what is there, or to say what is wrong."""
    path = Path(url.removeprefix("journal://"))
    if not url.startswith("journal://") or not path.is_file():
        return None
    found = read_own_journal(path, settings_of)
    return found if found is not None and name in {None, found.name} else None


def _metric(study: optuna.Study, place: int, cap: float | None) -> Metric:
    several = len(study.directions) > 1
    words = f"objective {place}" if several else "objective value"
    if study.metric_names:
        words = study.metric_names[place]
    return Metric(words, study.directions[place] == StudyDirection.MAXIMIZE, cap)


def _foreign(
    study: optuna.Study, trials: Sequence[FrozenTrial], place: int, metric: Metric, failed: str | None
) -> Study:
    several = len(study.directions) > 1
    known = [t for t in trials if t.state == TrialState.COMPLETE or _counts(t) or failures.unexplained(t)]
    decision = missing.decide([t.params for t in known], [failures.unexplained(t) for t in known], failed)
    used = [t for t in known if decision.count or not failures.unexplained(t)]
    notes = [*decision.notes, *_states(trials)]
    domains, columns = _settings(used, notes)
    seed = next((s for s in SEEDS if used and all(_is_seed(t.user_attrs.get(s)) for t in used)), None)
    records = [
        Record(
            number=trial.number,
            result=_result(trial, place),
            complete=trial.state == TrialState.COMPLETE,
            unexplained=failures.unexplained(trial),
            seed=None if seed is None else trial.user_attrs[seed],
            seconds=math.nan if trial.duration is None else trial.duration.total_seconds(),
            curve=[]
            if several
            else [trial.intermediate_values[s] for s in sorted(trial.intermediate_values)],
        )
        for trial in used
    ]
    given = {name: [column.get(trial.number) for trial in used] for name, column in columns.items()}
    found = assemble(records, given, domains, metric, study.study_name, notes, f"The user attribute {seed}")
    read = ReadAs(direction_by="as the study says", replicates=() if seed is None else (seed,))
    pruned = sum(trial.state == TrialState.PRUNED for trial in trials)
    return replace(found, foremost=decision.foremost, read=read, pruned=pruned, lost=decision.lost)


def _settings(
    used: Sequence[FrozenTrial], notes: list[str]
) -> tuple[dict[str, Domain], dict[str, dict[int, Value]]]:
    """Domain of each setting, and its value by trial; what there is to say is added to ``notes``."""
    domains: dict[str, Domain] = {}
    columns: dict[str, dict[int, Value]] = {}
    untried = []
    for name in dict.fromkeys(name for trial in used for name in trial.params):
        having = [trial for trial in used if name in trial.params]
        found = describe(
            name,
            [trial.params[name] for trial in having],
            [trial.distributions[name] for trial in having],
            keep_untried=len(used) < 2,
        )
        domains[name] = found.domain
        columns[name] = dict(zip((trial.number for trial in having), found.values, strict=True))
        notes += found.notes
        untried += [found.untried] if found.untried else []
    if untried:
        more = f" and {len(untried) - MOST_NAMED:,} more" if len(untried) > MOST_NAMED else ""
        which = ", ".join(untried[:MOST_NAMED]) + more
        notes.append(f"Shares are of the ranges tried, not of the whole ones: {which}.")
    return domains, columns


def _is_seed(value: object) -> bool:
    return isinstance(value, int | str)


def _result(trial: FrozenTrial, place: int) -> float:
    value = trial.values[place] if trial.values is not None else None
    return math.nan if value is None else float(value)


def _objective(study: optuna.Study, given: str | int | None) -> int:
    """Position of the objective asked for."""
    names = study.metric_names or [""] * len(study.directions)
    if given is None:
        if len(names) == 1:
            return 0
        each = [
            f"{place}: {direction.name.lower()}{f' {name}' if name else ''}"
            for place, (direction, name) in enumerate(zip(study.directions, names, strict=True))
        ]
        raise StudyError(
            f"study {shown(study.study_name)} has {len(names)} objectives ({', '.join(each)}); "
            "choose one, for instance --objective 0"
        )
    if str(given) in names:
        return names.index(str(given))
    if str(given).isdecimal() and int(given) < len(names):
        return int(given)
    raise StudyError(
        f"there is no objective {shown(given)}; study {shown(study.study_name)} has {len(names)}, "
        f"counted from --objective 0"
    )


def _counts(trial: FrozenTrial) -> bool:
    """Whether a trial failed because it diverged, with settings to blame."""
    return trial.state == TrialState.FAIL and bool(trial.params) and failures.diverged(trial)


def _states(trials: Sequence[FrozenTrial]) -> list[str]:
    """What was left out, and what chose the trials."""
    states = Counter(trial.state for trial in trials)
    failed = [trial for trial in trials if trial.state == TrialState.FAIL]
    bare = sum(not trial.params for trial in failed)
    lost = [trial for trial in failed if trial.params and not failures.diverged(trial)]
    unfinished = states[TrialState.RUNNING] + states[TrialState.WAITING]
    notes = []
    if pruned := states[TrialState.PRUNED]:
        notes.append(f"{were(pruned, 'PRUNED trial')} left out: how they would have ended is unknown.")
    if unfinished:
        notes.append(f"{were(unfinished, 'RUNNING or WAITING trial')} left out.")
    if bare:
        notes.append(f"{were(bare, 'FAILED trial')} left out: without any settings.")
    notes += failures.crashed(sum(not failures.unexplained(trial) for trial in lost))
    adaptive = {words for trial in trials for words in _sampler(trial.system_attrs)}
    if adaptive:
        notes.append(
            f"The trials were proposed by an adaptive sampler ({', '.join(sorted(adaptive))}): they crowd "
            "where it is good, so shares are less certain than their number suggests."
        )
    return notes


def _sampler(attributes: dict[str, Any]) -> set[str]:
    prefixes = {key.partition(":")[0].lower() for key in attributes if ":" in key}
    return {words for prefix in prefixes for start, words in _SAMPLERS.items() if prefix.startswith(start)}
