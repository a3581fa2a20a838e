"""The benchmark of growth leaves nothing behind when it is stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM that a process can answer")
def test_stopped_by_a_batch_system_it_leaves_no_folder(tmp_path):
    """The temporary folder of its sweeps is gone, and the sweep that ran with it."""
    line = [sys.executable, ROOT / "tests/benchmarks/growth.py", "--quick", "--panels", "trials"]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*line, "--out", tmp_path / "out"], env=environment) as process:
        for _ in range(600):
            if list(tmp_path.glob("*/growth.toml")):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 143
    assert not list(tmp_path.iterdir())
