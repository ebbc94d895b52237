"""A feed that stands still while the market falls: the second source sees it, and nothing new is bought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.domain.records import Decided

from .small import Desk, scenario

SHIPPED = Path(__file__).parents[2] / "scenarios.d/limits/equity_day.yaml"
FALL = [
    {"id": "late", "at_s": 60, "fault": "feed_delay", "with": {"add_ms": 900}, "for_s": 60},
    {"id": "fall", "at_s": 70, "fault": "price_shock", "with": {"symbol": "SPY", "drop_pct": 8, "over_s": 4}},
]


def reasons(desk: Desk, source: dict[str, Any] | None) -> list[str]:
    """Why orders were denied during the fall, at a desk with this second source, or none."""
    text = SHIPPED.read_text(encoding="utf-8").replace("limits: equity_day", "limits: two_sources")
    place = desk.folder / "scenarios.d/limits/two_sources.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    asked = "  SPY:\n    source_disagreement_pct:\n      hard: 0.5\n"
    place.write_text(text.replace("  SPY:\n", asked), encoding="utf-8")
    given = {**scenario()["desk"], "limits": "limits/two_sources"} | ({"check_source": source} if source else {})
    run = desk.run(desk=given, timeline=FALL)
    log = run.played.built.site.world.log
    return [one.reason for one in log.of(Decided) if not one.approved and 70 <= one.t_ns / 1e9 <= 75]


def test_a_late_feed_and_a_timely_one_disagree_in_a_fall(desk: Desk) -> None:
    """The first is 900 ms behind, which is no stale quote yet; in a fall of two percent a second that is too much."""
    assert "source_disagreement" in reasons(desk, {"delay_ms": 2})


def test_without_the_second_source_that_the_limits_ask_for_nothing_is_bought(desk: Desk) -> None:
    """The limit does not go off by itself."""
    said = reasons(desk, None)

    assert "no_check_quote" in said
    assert "source_disagreement" not in said
