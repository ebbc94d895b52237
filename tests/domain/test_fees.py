"""Fee schedules: which period is in force on a day."""

from __future__ import annotations

import pytest

from engine.domain.fees import FeePeriod, FeeSchedule


def period(day: str) -> FeePeriod:
    """Fees that begin on *day*."""
    return FeePeriod(
        from_=day,
        source="made up for tests",
        maker_usd_per_share=-0.002,
        taker_usd_per_share=0.003,
        sec_usd_per_million=27.8,
        taf_usd_per_share=0.000166,
        taf_cap_usd=8.3,
    )


SCHEDULE = FeeSchedule(
    rounding="half_even",
    round_to_usd=0.01,
    periods=(period("2025-05-14"), period("2025-01-01"), period("2026-01-01")),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-01-01", "2025-01-01"),
        ("2025-05-13", "2025-01-01"),
        ("2025-05-14", "2025-05-14"),
        ("2025-12-31", "2025-05-14"),
        ("2031-01-01", "2026-01-01"),
    ],
)
def test_the_latest_period_that_has_begun_is_in_force(day: str, expected: str) -> None:
    """In whatever order the periods stand; the first day counts, the day before the next one too."""
    assert SCHEDULE.on(day).from_ == expected


def test_a_day_before_every_period_has_no_fees() -> None:
    """Nothing is guessed; the error says when the first period begins."""
    with pytest.raises(LookupError) as missing:
        SCHEDULE.on("2024-12-31")

    assert missing.value.args == ("no fees are in force on 2024-12-31; the first period begins 2025-01-01",)
