"""Settings of the property tests, and a directory for the tests of permissions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: what has to be quick has a test of its own.
settings.register_profile("streams", deadline=None)
settings.load_profile("streams")


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory that every user may enter (tmp_path is root's alone when root runs the tests)."""
    path = Path(tempfile.mkdtemp(prefix="actcli-"))
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)
