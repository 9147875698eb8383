"""What all tests share: how property tests run, a line that says what is tested, a directory for all users."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

import actcli
from tests.support.seeds import SEED
from tests.support.tiers import choose_tier, exhaustive, is_full


def pytest_configure(config: pytest.Config) -> None:
    """Choose the tier before test modules are imported: their settings depend on it."""
    choose_tier(config.option.markexpr)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run property tests in the exhaustive tier too, which draws more examples."""
    if is_full():
        for item in items:
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker(exhaustive)


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
