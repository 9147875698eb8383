"""Line numbers in the report on a user's results, where all rows of a block are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from actcli.cli.main import run


def test_lines_are_whole_numbers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A block of ragged rows leaves the line numbers of all rows whole."""
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1,2,3\n" * 40_000 + "1,2\n" * 3 + "1,2,3\n" * 40_000)
    assert run(["compare", "relu", "-i", str(path), "-c", "x", "--y", "y", "--on-error", "skip"]) == 0
    out = capfd.readouterr().out
    assert "40002 " in out
    assert "40002.0" not in out
