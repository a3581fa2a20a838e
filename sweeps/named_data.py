"""The data that a definition names: checked, loaded, and what was found in them written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeps.datasets import DATASETS, load
from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.keys import Contents
from sweeps.own_data import check_own, is_own, load_own, pinned
from sweeps.transfer import of_classes

if TYPE_CHECKING:
    from sweeps.columns import Examples
    from sweeps.datasets import Dataset, Task
    from sweeps.keys import Keys
    from sweeps.objective import Asked


def check_dataset(definition: Keys) -> None:
    """Check that the dataset is known, and that what is said of it can be.

    Raises
    ------
    DefinitionError
        On the first rule that is broken.
    """
    name, data = definition.dataset, definition.data
    own = is_own(name)
    if not own and name not in DATASETS and ("." in name or "/" in name):
        raise DefinitionError(
            f"dataset {shown(name)} is no .csv, .tsv or .parquet file; save the table as one of them"
        )
    if not own and name not in DATASETS:
        raise DefinitionError(
            f"dataset {shown(name)} is not known{did_you_mean(name, DATASETS)}; one of your own is a .csv, "
            ".tsv or .parquet file, openml:NAME, or package.module:function"
        )
    for option in ("samples", "noise"):
        if getattr(data, option) is not None and (own or option not in DATASETS[name].options):
            raise DefinitionError(f"dataset {name!r} has no {option}; remove data.{option}")
    for option in ("target", "task", "text", "contents"):
        if getattr(data, option) is not None and not own:
            raise DefinitionError(
                f"data.{option} is for data of your own, not for {name!r}; remove it, or name a file with "
                "--dataset"
            )
    if own:
        check_own(name, data)


def datasets_of(definition: Keys) -> tuple[Dataset, Dataset | None]:
    """What is trained on, and what hidden layers can be pretrained on."""
    data = definition.data
    if is_own(definition.dataset):
        whole = own_examples(definition).dataset
    else:
        whole = load(definition.dataset, data.samples, data.noise, definition.seed)
    return (whole, None) if data.classes is None else of_classes(whole, data.classes)


def task_of(definition: Keys) -> Task:
    """What the target is, without loading the data again where that was recorded."""
    if definition.data.contents is not None:
        return definition.data.contents.task
    if is_own(definition.dataset):
        return own_examples(definition).dataset.task
    return DATASETS[definition.dataset].task


def resolved(definition: Asked, doubts: list[str]) -> Asked:
    """With what was found in data of one's own, and by a name that goes on meaning them.

    Raises
    ------
    DefinitionError
        When they cannot be read, or are not those that the definition was resolved with before.
    """
    if not is_own(definition.dataset):
        return definition
    examples = own_examples(definition)
    found = Contents(
        digest=examples.digest,
        task=examples.dataset.task,
        described=examples.described,
        doubts=doubts,
        constant=datasets_of(definition)[0].constant_prediction(),
    )
    data = definition.data.model_copy(update={"contents": found})
    return definition.model_copy(update={"dataset": pinned(definition.dataset), "data": data})


def contents_of(definition: Keys) -> dict[str, Any]:
    """What of the data decides numbers and is not in the definition; the path to one's own decides none."""
    if is_own(definition.dataset):
        found, given = definition.data.contents, definition.data.model_dump(exclude={"contents"})
        digest = found.digest if found else own_examples(definition).digest
        return {"dataset": digest, "data": given}
    digest = DATASETS[definition.dataset].digest
    return {"dataset": digest} if digest else {}


def own_examples(definition: Keys) -> Examples:
    """Data of one's own, which are those that the definition was resolved with.

    Raises
    ------
    DefinitionError
        When they cannot be read, or are others now.
    """
    examples, known = load_own(definition.dataset, definition.data), definition.data.contents
    if known is not None and known.digest != examples.digest:
        raise DefinitionError(
            f"the contents of {definition.dataset} are not those of this sweep (digest {known.digest}, now "
            f"{examples.digest}); restore them, or begin a new sweep: another --out, without [data.contents]"
        )
    return examples
