"""The run folder: where a sweep's definition, study, tables and figures lie."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import tomli_w

from sweeps.definition import SweepDefinition, load, parse
from sweeps.engines import engine_of
from sweeps.errors import DefinitionError, StudyError
from sweeps.small_files import small_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


NOTE = "datasets.toml"  # in the folder of a sweep of several datasets: which they are


def datasets_in(folder: Path) -> list[str]:
    """Datasets whose runs a folder holds, each in a folder of its own; none where it is no such folder."""
    try:
        return [str(name) for name in tomllib.loads(small_text(folder / NOTE))["dataset"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def note_datasets(folder: Path, names: Sequence[str]) -> None:
    """Say in a folder whose runs it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / NOTE, tomli_w.dumps({"dataset": list(names)}))


@dataclass(frozen=True)
class RunFolder:
    """Paths of one run."""

    path: Path

    @property
    def definition_file(self) -> Path:
        """Resolved definition."""
        return self.path / "sweep.toml"

    @property
    def journal(self) -> Path:
        """Study, when it is kept in the folder."""
        return self.path / "study.journal"

    @property
    def tables(self) -> Path:
        """Folder of the CSV files."""
        return self.path / "tables"

    @property
    def about(self) -> Path:
        """Facts about the trials that the tables are of."""
        return self.tables / ".about.json"

    @property
    def figures(self) -> Path:
        """Folder of the pictures."""
        return self.path / "figures"

    @property
    def storage_note(self) -> Path:
        """Says where the study is when it is not here."""
        return self.path / "storage.json"

    @property
    def module_note(self) -> Path:
        """Says where the module of a function of the user's own was found."""
        return self.path / "objective.json"

    @property
    def log(self) -> Path:
        """What a function of the user's own printed."""
        return self.path / "objective.log"

    def definition(self) -> SweepDefinition | None:
        """Definition that the folder holds, None if it holds none.

        Raises
        ------
        DefinitionError
            When the file is damaged or of another version.
        """
        if not self.definition_file.is_file():
            return None
        return parse(load(self.definition_file))

    def begin(self, definition: SweepDefinition) -> bool:
        """Write the definition into a folder without one, before anything takes time; True if it did.

        Raises
        ------
        StudyError
            When the folder holds something else, or cannot be made.
        """
        if self.definition() is not None:
            return False
        self.check_empty()
        self._make_folders()
        _write(self.definition_file, definition.to_toml())
        return True

    def adopt(self, definition: SweepDefinition) -> None:
        """Write the definition as it was made ready, or check that it is the one there.

        Raises
        ------
        DefinitionError
            When the folder holds another definition; says what differs.
        StudyError
            When the folder holds something else, or cannot be made.
        """
        existing = self.definition()
        if existing is None:
            self.begin(definition)
            return
        if existing.data.contents is None and definition.data.contents is not None:  # ended while reading
            data = existing.data.model_copy(update={"contents": definition.data.contents})
            existing = existing.model_copy(update={"data": data})
            if not existing.differences(definition):
                _write(self.definition_file, definition.to_toml())
        different = existing.differences(definition)
        if different:
            shown = "; ".join(different[:5]) + ("; …" if len(different) > 5 else "")
            raise DefinitionError(
                f"{self.path} holds another sweep ({shown}); choose another folder with --out, "
                "or resume the one there by naming the folder only"
            )
        self._make_folders()

    def discard(self) -> None:
        """Undo `adopt` of a new folder in which nothing was recorded."""
        for file in (self.definition_file, self.module_note, self.log):
            file.unlink(missing_ok=True)
        for folder in (self.tables, self.figures, self.path):
            with contextlib.suppress(OSError):  # not empty: it holds something of somebody's
                folder.rmdir()

    def check_empty(self) -> None:
        """A sweep does not scatter its files among others."""
        if self.journal.exists():
            raise StudyError(f"{self.path} holds a study but no sweep.toml; choose another folder with --out")
        ours = {self.tables.name, self.figures.name}  # a kill before sweep.toml was written leaves them
        if self.path.is_dir() and any(path.name not in ours for path in self.path.iterdir()):
            raise StudyError(f"{self.path} holds other files and no run; choose a new folder with --out")

    def _make_folders(self) -> None:
        try:
            for folder in (self.path, self.tables, self.figures):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(no_folder(self.path, error)) from None

    def storage_url(self, given: str | None, shown: str | None) -> str:
        """URL of the study: the given one, else the journal in the folder.

        ``shown`` is the given URL without its password: it is what the folder remembers.

        Raises
        ------
        StudyError
            When the run keeps its study elsewhere and the URL does not lead there.
        """
        remembered = self._remembered()
        if remembered is not None and remembered != shown and (given is not None or "***" in remembered):
            raise StudyError(f"this run keeps its study in {remembered}; give that URL with --storage")
        if given is None:
            return remembered or f"journal://{self.journal}"
        if remembered is None and self.journal.exists():
            raise StudyError(f"this run keeps its study in {self.journal}; leave out --storage")
        return given

    def remember_storage(self, shown: str | None) -> None:
        """Note where the study is, by its URL without the password, once it could be opened."""
        if shown is not None and self._remembered() is None:
            _write(self.storage_note, json.dumps({"storage": shown}, indent=1) + "\n")

    def remember_module(self, folder: Path) -> None:
        """Note where a definition stood, beside which the module of its function may be."""
        _write(self.module_note, json.dumps({"folder": str(folder)}, indent=1) + "\n")

    def module_folder(self) -> Path | None:
        """Folder that was noted; None where none was, or the note is damaged."""
        try:
            return Path(str(json.loads(small_text(self.module_note))["folder"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    @property
    def untrained(self) -> bool:
        """Whether no study was opened yet, here or elsewhere: the first engine may still be chosen."""
        return not self.journal.exists() and not self.storage_note.exists()

    def engine(self) -> str | None:
        """Engine that the run was begun with, as its journal says at the beginning; None: it does not."""
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            if not self.journal.is_file():
                return None
            with self.journal.open("rb") as file:
                for line in islice(file, 10):
                    if b'"versions"' in line:
                        return str(engine_of(json.loads(line)["user_attr"]["versions"]))
        return None

    def _remembered(self) -> str | None:
        try:
            note: dict[str, Any] = json.loads(small_text(self.storage_note))
            return str(note["storage"])
        except (FileNotFoundError, NotADirectoryError):  # what is there instead is told when it is written to
            return None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise StudyError(
                f"{self.storage_note} is damaged; delete it and give the URL with --storage"
            ) from None


def module_folders(beside: Path | None) -> list[str]:
    """Where the module of a function is looked for: here, beside its definition, and as a run there noted."""
    noted = None if beside is None else RunFolder(beside).module_folder()
    return list(dict.fromkeys(str(path) for path in (Path.cwd(), beside, noted) if path is not None))


def no_folder(path: Path, error: OSError) -> str:
    """Sentence on why a folder cannot be made, and what is there in its place."""
    there = next((each for each in (path, *path.parents) if each.exists()), path)
    if there.is_dir():
        return f"the folder {path} cannot be made: {error.strerror}; choose another with --out"
    kind = "a file" if there.is_file() else "a device or a pipe"
    return f"{there} is {kind}, not a folder; name another folder with --out"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
