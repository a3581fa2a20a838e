"""Small files are read; whatever else lies in their place is refused at once, in bounded memory."""

import os
import sys

import pytest

from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder
from sweeps.small_files import LARGEST, small_bytes, small_text


def test_a_small_file_is_read_whole(tmp_path):
    """To its largest size, as bytes and as text; one that is not there is what Python says it is."""
    path = tmp_path / "note"
    path.write_bytes("±1".encode())
    assert small_bytes(path, 3) == "±1".encode()
    assert small_text(path) == "±1"
    with pytest.raises(ValueError, match=r"has 3 bytes"):
        small_bytes(path, 2)
    with pytest.raises(FileNotFoundError):
        small_bytes(tmp_path / "none")


@pytest.mark.skipif(sys.platform != "linux", reason="no FIFO, and no device")
@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "large"])
def test_what_is_no_small_file_is_refused(tmp_path, kind):
    """Neither waited for nor read: a note in a run folder that is one of these is damaged, or unknown."""
    run = RunFolder(tmp_path)
    for path in (run.storage_note, run.module_note):
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "large":
            path.touch()
            os.truncate(path, LARGEST + 1)
        else:
            path.symlink_to("/dev/zero")
        with pytest.raises(
            ValueError, match=r"no file but a folder, a device or a pipe|has 16,777,217 bytes"
        ):
            small_bytes(path)
    assert run.module_folder() is None
    with pytest.raises(StudyError, match=r"storage\.json is damaged; delete it"):
        run.storage_url(None, None)
