"""What follows the training of a sweep: its trials are explained, or what they said is said again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from rich.text import Text

from sensitivity.commands.progress import show_paths
from sensitivity.language import language, speaking
from sensitivity.reporting import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from sensitivity.reporting.results import Results
    from sensitivity.reporting.workshop import Workshop
    from sensitivity.request import Request
    from sensitivity.study import Study
    from sweeps.run_folder import RunFolder


@dataclass(frozen=True)
class Explaining:
    """Tables, pictures and the answer of a sweep.

    Attributes
    ----------
    folder
        Of the run.
    request
        How its trials are read.
    identity
        What, besides the trials, decides what they say.
    report
        Whether the pictures are drawn and the page is written.
    """

    folder: RunFolder
    request: Request
    identity: Sequence[str]
    report: bool

    def done(self) -> bool:
        """Whether the same trials were explained before and nothing of it is gone; then nothing is read."""
        return self._known is not None

    @cached_property
    def _known(self) -> kept.Explained | None:
        kept.clear(self.folder)
        return kept.recalled(self.folder, self._made_of(), page=self.report)

    def _made_of(self) -> str | None:
        return kept.made_of(self.folder.journal, *self.identity, language())

    def repeat(self, console: Console) -> None:
        """Say again what was said."""
        known = self._known
        if known is None:
            return
        console.print(Text.from_ansi(known.said), soft_wrap=True, end="")
        page = self.folder.path / "report.html" if known.page and self.report else None
        show_paths(console, page, [(self.folder.path / name, words) for name, words in known.folders])

    def begin(self, console: Console, workers: int, trials: int, *, complete: bool) -> None:
        """Write and show what the trials say, which are read again from where they were recorded.

        The page of a sweep and of ``report`` are made of the same trials. Tables and pictures are loaded
        here: it takes longer than all that training needs, and a sweep that is interrupted never comes here.
        Of ``complete`` ones it is noted what was made, so that they need not be read again.
        """
        from sensitivity.reporting.workshop import WORTHWHILE, Workshop  # noqa: PLC0415 (heavy)

        many = self.report and trials >= WORTHWHILE
        with Workshop(workers if self.report else 1, early=many) as workshop:
            self._begin(console, workshop, complete=complete)

    def _begin(self, console: Console, workshop: Workshop, *, complete: bool) -> None:
        from sensitivity.commands.first_screen import opened  # noqa: PLC0415 (heavy)

        made_of = self._made_of()
        study = opened(console, self.request, self.folder, "report")
        workshop.take(study)
        with speaking(voice=study.voice):
            self._explain(console, workshop, study, made_of, complete=complete)

    def _explain(
        self, console: Console, workshop: Workshop, study: Study, made_of: str | None, *, complete: bool
    ) -> None:
        from sensitivity.commands.report import again, source_of  # noqa: PLC0415
        from sensitivity.commands.summary import show_files  # noqa: PLC0415 (heavy)
        from sensitivity.reporting.results import write_report, write_tables  # noqa: PLC0415 (heavy)

        kept.forget(self.folder)
        said: list[str] = []

        def told(results: Results) -> None:
            said.append(_shown(console, study, results, page=self.report))

        if self.report:
            results = write_report(
                self.folder,
                study,
                again(self.request),
                trials=True,
                source=source_of(self.request),
                workshop=workshop,
                told=told,
                shown=partial(show_files, console),
            )
        else:
            results = write_tables(self.folder, study, trials=True, source=source_of(self.request))
            told(results)
            show_files(console, results)
        if made_of is not None and complete:
            folders = [(path.name, words) for path, words in results.folders]
            kept.remember(self.folder, made_of, kept.Explained(said[0], self.report, folders))


def _shown(console: Console, study: Study, results: Results, *, page: bool) -> str:
    """Print the answer, all of it where no page has the rest; returns what was printed."""
    from sensitivity.commands.summary import show  # noqa: PLC0415 (heavy)

    with console.capture() as captured:
        show(console, study, results, page=page)
    console.file.write(captured.get())
    console.file.flush()
    return captured.get()
