"""What a denial means: a limit was met, trading was held or stopped, or the governor itself failed."""

from __future__ import annotations

from engine.domain.records import Decided
from engine.trading.governor_away import CLOSED_REASONS
from engine.trading.limits_source import SOURCE_REASONS

GOVERNOR_FAILED = "governor_failed"
"""The reason under which the desk denies what its governor could not decide."""

HELD_REASONS = frozenset({"held", "stopped", "flattening", "paused"})
"""Reasons that tell of a state of trading, not of a limit."""

UNFIT_REASONS = frozenset(
    {
        "unknown_symbol",
        "bad_side",
        "bad_qty",
        "bad_price",
        "bad_kind",
        "bad_id",
        "duplicate_id",
        "unknown_order",
        "unknown_parent",
        "malformed",
        "no_quote",
        "no_check_quote",
        "sequence_gap",
        "limit_missing",
        *SOURCE_REASONS,
    }
)
"""Reasons that tell of an order that could not be held against a limit at all."""


def is_failure(decided: Decided) -> bool:
    """Whether the governor raised, hung or gave garbage instead of deciding."""
    return not decided.approved and decided.reason == GOVERNOR_FAILED


def is_limit_deny(decided: Decided) -> bool:
    """Whether a limit was the reason, and not a hold, a stop or a failure."""
    return not decided.approved and decided.reason not in _NO_LIMIT


_NO_LIMIT = frozenset({"", GOVERNOR_FAILED}) | HELD_REASONS | UNFIT_REASONS | CLOSED_REASONS
