"""Settings of the property tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: what has to be quick has a test of its own.
settings.register_profile("streams", deadline=None)
settings.load_profile("streams")
