"""What all tests share: how property tests run, a line that says what is tested, a directory for all users."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import actcli
from tests.seeds import SEARCHING, SEED

# A busy machine is no failure, and neither is bad luck.
settings.register_profile("patient", deadline=None, derandomize=not SEARCHING)
settings.load_profile("patient")


def pytest_report_header() -> str:
    """Where the package under test comes from, the sources or an installed wheel, and the seed of what is drawn."""
    return f"actcli {actcli.__version__} from {actcli.__file__}, seed {SEED}"


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory that every user may enter (tmp_path is root's alone when root runs the tests)."""
    path = Path(tempfile.mkdtemp(prefix="actcli-"))
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)
