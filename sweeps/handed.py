"""What a Dask cluster hands to each of its workers: a plugin of Dask's, which the scheduler keeps."""

from __future__ import annotations

from typing import Any

from distributed import WorkerPlugin

from sweeps.cluster import let_go, take


class Handed(WorkerPlugin):
    """Content that every worker has under a name, those that join later too.

    Parameters
    ----------
    name
        By which calls find it.
    content
        Pickled function that gets a thread ready.
    agreed
        What a worker must agree on with the command (`sweeps.versions.terms`).
    """

    def __init__(self, name: str, content: bytes, agreed: dict[str, str]) -> None:
        self.name, self._content, self._agreed = name, content, agreed

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002 (Dask's)
        """When a worker starts, or at once where it runs."""
        take(self.name, self._content, self._agreed)

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 (Dask's)
        """When it ends, or the sweep does."""
        let_go(self.name)
