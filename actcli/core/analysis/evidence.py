"""Evidence: how the facts of an activation are known.

Facts at the default parameters of a catalogue entry are proven by the tests, as `survey` proves others, and not again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["UNPROVEN_AT_DEFAULTS", "Evidence", "evidence_at_defaults"]

Evidence: TypeAlias = Literal["proven", "searched", "observed"]
"""How a fact is known: proven for every x, proven within the searched range, or observed at samples."""

UNPROVEN_AT_DEFAULTS: dict[str, dict[str, Evidence]] = {
    "bent_identity": {"lipschitz": "observed"},
    "sin": {"zeros": "searched", "extrema": "searched"},
    "sinc": {"zeros": "observed", "extrema": "observed", "lipschitz": "observed"},
    "sqrtsoftplus": {"lipschitz": "searched"},
    "squareplus": {"lipschitz": "observed"},
}
"""Facts of entries at their default parameters that are not proven for every x, with the evidence for them.

The slopes of bent_identity and squareplus approach their limit so slowly that no enclosure separates the two; those of
the others under- or overflow in the tails; sin and sinc oscillate.
"""


def evidence_at_defaults(bound: BoundActivation, facts: Sequence[str]) -> dict[str, Evidence]:
    """Return the evidence for facts of an entry at its default parameters."""
    known = UNPROVEN_AT_DEFAULTS.get(bound.activation.name, {})
    return {fact: known.get(fact, "proven") for fact in facts}
