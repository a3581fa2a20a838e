"""Execute the notebooks top to bottom and store their output: ``python notebooks/refresh.py``.

With ``--into FOLDER`` the executed copies go there and the notebooks stay as they are; names of notebooks
choose some of them. The kernel is this Python with this repository's code, in an empty working directory.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

HERE = Path(__file__).parent
ROOT = HERE.parent
# Training beyond the edge of stability is chaotic: another order of additions is another result. One kind of
# BLAS kernel on one thread gives the same numbers on every x86 machine.
SAME_NUMBERS = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1", "SENSITIVITY_ENGINE": "numpy"}
# tqdm, which Optuna loads, warns in a notebook where ipywidgets is missing; nobody draws a bar here.
SILENT = {"PYTHONWARNINGS": "ignore:IProgress not found"}


def made_with() -> dict[str, str]:
    """What the last digits of the numbers depend on; stored in each notebook's metadata."""
    packages = ("numpy", "scipy", "pandas", "scikit-learn")
    return {"machine": platform.machine()} | {package: version(package) for package in packages}


def executed(path: Path) -> nbformat.NotebookNode:
    """Notebook with the output of a fresh kernel.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    # Without directories to look in, "python3" is the Python that runs this, whatever else is installed.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PYTHONPATH": str(ROOT), "IPYTHONDIR": f"{folder}/ipython"}
        work = Path(folder, "work")
        work.mkdir()
        resources = {"metadata": {"path": str(work)}}
        client = NotebookClient(
            notebook,
            km=manager,
            resources=resources,
            timeout=300,
            startup_timeout=120,
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute(env=os.environ | environment | SAME_NUMBERS | SILENT, cleanup_kc=True)
        if left := [entry.name for entry in work.iterdir()]:
            raise RuntimeError(f"{path.name} leaves files behind: {left}")
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "made_with": made_with(),
    }
    return notebook


def main() -> None:
    """Execute the notebooks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="file names in this folder; all where none is given")
    parser.add_argument("--into", type=Path, default=HERE, help="folder of the executed copies")
    options = parser.parse_args()
    for name in options.names or sorted(path.name for path in HERE.glob("*.ipynb")):
        nbformat.write(executed(HERE / name), options.into / name)
        print(options.into / name, file=sys.stderr)


if __name__ == "__main__":
    main()
