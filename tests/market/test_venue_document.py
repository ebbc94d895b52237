"""Tests of the Venue document and of the shipped venue."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.units import micros_from_usd
from engine.config.bind import bind
from engine.config.check import check
from engine.config.node import Node, plain
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.schema import schema_of
from engine.config.validator import resolved
from engine.domain.orders import Side
from engine.market.fees import VenueFees
from engine.market.venue_document import VenueDocument

from .samples import BUY, SELL

FILE = Path(__file__).parents[2] / "scenarios.d" / "venues" / "equity_us.yaml"


def shipped() -> Node:
    """The shipped file as read."""
    problems = Problems()
    node = read_text(FILE.read_text(), FILE.name, problems)
    assert node is not None
    return node


@pytest.fixture(scope="module")
def venue() -> VenueDocument:
    """The shipped venue."""
    return bind(VenueDocument, plain(shipped()))


def test_the_shipped_venue_is_valid() -> None:
    """By the schema that is generated from its code."""
    schema = resolved(schema_of(VenueDocument, "effective"))

    assert check(VenueDocument, shipped(), schema, "venue") == []


def test_the_shipped_venue_says_its_name(venue: VenueDocument) -> None:
    """It is called as its file, and takes orders out when a session drops."""
    assert venue.venue == FILE.stem
    assert venue.cancel_on_disconnect


@pytest.mark.parametrize(
    ("day", "side", "maker", "micros"),
    [
        ("2012-06-21", BUY, False, 3_000_000),
        ("2012-06-21", BUY, True, -2_000_000),
        # 223,500 USD at 22.40 a million = 5.0064; 1,000 shares at 0.000095 = 0.095
        ("2012-06-21", SELL, False, 3_000_000 + 5_006_400 + 95_000),
        # 27.80 a million = 6.2133; 0.000166 a share = 0.166
        ("2025-01-01", SELL, False, 3_000_000 + 6_213_300 + 166_000),
        ("2025-05-13", SELL, True, -2_000_000 + 6_213_300 + 166_000),
        ("2025-05-14", SELL, False, 3_000_000 + 166_000),
        ("2025-08-05", SELL, False, 3_000_000 + 166_000),
        ("2025-12-31", SELL, False, 3_000_000 + 166_000),
        ("2026-01-01", SELL, False, 3_000_000 + 195_000),
        # 20.60 a million = 4.6041
        ("2026-04-04", SELL, False, 3_000_000 + 4_604_100 + 195_000),
    ],
)
def test_the_shipped_fees_are_those_of_the_day(
    venue: VenueDocument, day: str, side: Side, maker: bool, micros: int
) -> None:
    """1,000 shares at 223.50 USD, on both sides of every change."""
    price_micros = micros_from_usd(223.5)

    assert VenueFees(venue.fees, day).charge_micros(side, 1_000, price_micros, maker=maker) == micros


def test_the_taker_fee_keeps_to_rule_610(venue: VenueDocument) -> None:
    """No period charges more than 0.0030 USD a share (17 CFR 242.610(c)), and every one has a source."""
    assert all(period.taker_usd_per_share <= 0.003 for period in venue.fees.periods)
    assert all(period.source for period in venue.fees.periods)
