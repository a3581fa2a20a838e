"""What is asked of a trained network: a perceptron on a dataset, by minibatches."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sweeps.named_data import check_dataset, contents_of, datasets_of, resolved, task_of
from sweeps.network_checks import check_batch_size, check_settings, normalised_sizes
from sweeps.objective import Objective
from sweeps.own_data import is_own, label
from sweeps.parsing import with_number
from sweeps.settings import KNOWN_SETTINGS, NETWORK_SETTINGS, WORDS, condition, default, exception
from sweeps.tasks import Job
from sweeps.transfer import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sweeps.keys import Keys
    from sweeps.objective import Asked
    from sweeps.settings import KnownSetting
    from sweeps.space import Space, Value


# What networks must have in common to be trained together, the most costly to change first.
_TOGETHER = ("depth", "width", "activation", "batch_norm", "batch_size", "optimizer")
ONE_IS_AN_EPOCH = "switch = 1 is an epoch"  # among the contents of a study where that has to be known
_LOOKED_AT = 20  # replicates whose split is looked at before the training


class NetworkObjective(Objective):
    """A perceptron trained on a dataset by minibatches."""

    keys: ClassVar[tuple[str, ...]] = ("dataset", "data", "network", "epochs")
    metrics: ClassVar[tuple[str, ...]] = (
        "validation_error",
        "validation_loss",
        "training_loss",
        "best_validation_error",
        "best_validation_loss",
    )

    def settings(self, table: Mapping[str, Any]) -> Mapping[str, KnownSetting]:  # noqa: ARG002 (always the same)
        """Every setting the tool knows, active where its optimizer or schedule reads it."""
        return {
            name: replace(known, when=condition(name), unless=exception(name))
            for name, known in KNOWN_SETTINGS.items()
        }

    def fixed(self, definition: Keys) -> dict[str, Value]:
        """Optimizer and schedule, because conditions speak of them, and the network.

        The other defaults can depend on the optimizer and are filled in per configuration.
        """
        network, values = definition.network, dict[str, Any]()
        values |= {name: KNOWN_SETTINGS[name].default for name in ("optimizer", "schedule")}
        values |= {name: getattr(network, name) for name in NETWORK_SETTINGS}
        values["depth"] = len(network.hidden)
        if len(set(network.hidden)) == 1:
            values["width"] = network.hidden[0]
        return values

    def check(self, definition: Keys, space: Space) -> None:
        """The dataset and its options, and settings that go together."""
        check_dataset(definition)
        check_settings(definition, space)

    def shared(self, configuration: Mapping[str, Value]) -> tuple[Value, ...]:
        """Shape of the network, batch size and optimizer."""
        given = configuration
        return tuple(
            given[name] if name in given else default(name, given["optimizer"])  # type: ignore[misc]
            for name in _TOGETHER
        )

    def contents(self, definition: Keys) -> dict[str, Any]:
        """Digest of a dataset whose name does not say what is in it, and what a switch of 1 is."""
        return contents_of(definition) | ({ONE_IS_AN_EPOCH: True} if switches_at_one(definition) else {})

    def resolved(self, definition: Asked, space: Space) -> Asked:
        """With what was found in data of one's own, and by a name that goes on meaning them."""
        if not is_own(definition.dataset):
            return definition
        return resolved(definition, self._doubts(definition, space))

    def remarks(self, definition: Keys) -> list[str]:
        """What was read of data of one's own."""
        found = definition.data.contents
        return [] if found is None else [found.described]

    def constant_prediction(self, definition: Keys) -> Mapping[str, float]:
        """Metrics of the best prediction that ignores the features."""
        found = definition.data.contents
        return datasets_of(definition)[0].constant_prediction() if found is None else found.constant

    def unit(self, definition: Keys) -> str:
        """Of an error or a loss, by the task."""
        regression = task_of(definition) == "regression"
        if definition.metric.endswith("validation_error"):
            return "1 − R²" if regression else "1 − accuracy"
        return "squared error" if regression else "nats"

    def without_words(self, definition: Keys) -> dict[str, Any]:
        """A batch of ``"all"`` has as many examples as there are to train on."""
        examples = partial(_examples, definition)
        found: dict[str, Any] = with_number(definition.space, "batch_size", WORDS["batch_size"], examples)
        return found

    def fitted(self, definition: Asked) -> tuple[Asked, list[str]]:
        """Batch sizes above the training set mean the whole set, once."""
        examples = _examples(definition)
        given = definition.space.get("batch_size", KNOWN_SETTINGS["batch_size"].default)
        fitting, above = _at_most(given, examples)
        if not above:
            return definition, []
        space = {**definition.space, "batch_size": fitting}
        who = "batch size {} is above" if len(above) == 1 else "batch sizes {} are above"
        note = (
            f"{who.format(', '.join(map(str, above)))} the {examples} training examples of "
            f"{label(definition.dataset)}, which means the whole set: batch_size = {fitting}."
        )
        return type(definition).model_validate({**definition.model_dump(), "space": space}), [note]

    def doubts(self, definition: Keys, space: Space) -> list[str]:
        """A class that some training part lacks, and batches of one that are normalised."""
        found = definition.data.contents
        return self._doubts(definition, space) if found is None else list(found.doubts)

    def _doubts(self, definition: Keys, space: Space) -> list[str]:
        (dataset, _), data, seed = datasets_of(definition), definition.data, definition.seed
        looked_at = range(min(definition.replicates, _LOOKED_AT))
        trained = [parts(dataset, data.validation, data.per_class, seed, draw)[0] for draw in looked_at]
        examples, found = len(trained[0]), []
        alone = sorted(size for size in normalised_sizes(space) if examples % size == 1)
        if alone:
            found.append(
                f"{examples} training examples in batches of {' or '.join(map(str, alone))} leave a last one "
                "of a single example, which batch normalisation makes 0: nothing is learned of it."
            )
        lacking = 0
        if dataset.task == "classification":
            lacking = sum(len(set(dataset.targets[rows].tolist())) < dataset.classes for rows in trained)
        if lacking:
            found.append(
                f"In {lacking} of {len(trained)} replicates the training part has no example of some class, "
                "which no network can learn there; lower data.validation, or take more examples."
            )
        return found

    def prepare(self, definition: Keys, space: Space) -> Job:
        """Load the data."""
        dataset, others = datasets_of(definition)
        varied = {"depth", "width"} & ({*space.names} | {*definition.space})
        job = Job(
            dataset=dataset,
            fixed=space.fixed,
            hidden=None if varied else tuple(definition.network.hidden),
            seed=definition.seed,
            epochs=definition.epochs,
            precision=definition.network.precision,
            metric=definition.metric,
            cap=dataset.constant_prediction()[definition.metric.removeprefix("best_")],
            validation=definition.data.validation,
            per_class=definition.data.per_class,
            pretraining=others,
        )
        check_batch_size(job, space)
        return job


def _examples(definition: Keys) -> int:
    """Training examples, as many in every replicate."""
    check_dataset(definition)
    data = definition.data
    return len(parts(datasets_of(definition)[0], data.validation, data.per_class, definition.seed, 0)[0])


def switches_at_one(definition: Keys) -> bool:
    """Whether a switch is 1, which is the first epoch, and was the whole run in version 0.1.0."""
    tables = [definition.space, *definition.space.get("only", [])]
    given = [table["switch"] for table in tables if "switch" in table]
    plain = [one.get("value") if isinstance(one, dict) else one for one in given]
    return any(1 in one if isinstance(one, list) else one == 1 for one in plain)


def _at_most(given: Any, most: int) -> tuple[Any, list[int]]:  # noqa: ANN401 (what TOML can say)
    """An entry of ``[space]`` with every number at most so high, each once, and the numbers above it."""
    if isinstance(given, dict) and "high" in given:
        high, above = _at_most(given["high"], most)
        return ({**given, "high": high} if given["low"] < high else high), above
    if isinstance(given, dict):
        return _at_most(given["value"], most)
    if isinstance(given, list):
        kept = list(dict.fromkeys(min(size, most) for size in given))
        return (kept if len(kept) > 1 else kept[0]), [size for size in given if size > most]
    return min(given, most), [given] if given > most else []
