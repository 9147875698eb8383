"""What all tests share: how property tests run, and a line that says what is tested."""

from __future__ import annotations

from hypothesis import settings

import actcli

# A busy machine is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_report_header() -> str:
    """Where the package under test comes from: the sources, or an installed wheel."""
    return f"actcli {actcli.__version__} from {actcli.__file__}"
