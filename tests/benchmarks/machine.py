"""What a benchmark ran on: ratios travel from machine to machine only so far."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from pathlib import Path

import threadpoolctl

PACKAGES = ("numpy", "scipy", "numba", "scikit-learn", "optuna", "torch", "jax", "optax")


def machine() -> dict[str, object]:
    """Processor, cores, BLAS kernel of NumPy's matrix products, versions of what is installed."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "blas": _blas(),
        "python": platform.python_version(),
        **{name: version for name in PACKAGES if (version := _version(name))},
    }


def sentence(known: dict[str, object]) -> str:
    """The machine in a line."""
    versions = ", ".join(f"{name} {known[name]}" for name in ("python", *PACKAGES) if name in known)
    return f"{known['processor']}, {known['cores']} cores, {known['system']}; {known['blas']}; {versions}"


def write(path: Path, **more: object) -> None:
    """Write the machine as JSON, with what else is to be known of a run."""
    path.write_text(json.dumps(machine() | more, indent=1) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _blas() -> str:
    pools = [pool for pool in threadpoolctl.threadpool_info() if "numpy" in str(pool["filepath"])]
    if not pools:
        return "unknown BLAS"
    return (
        f"{pools[0]['internal_api']} {pools[0]['version']}, kernel {pools[0].get('architecture', 'unknown')}"
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
