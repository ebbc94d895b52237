"""Tests of the Venue document and of the shipped venue."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from engine.base.units import micros_from_usd
from engine.config.bind import bind
from engine.config.check import check
from engine.config.library import Library
from engine.config.node import Node, plain
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.schema import schema_of
from engine.config.validator import resolved
from engine.config.workspace import Workspace
from engine.domain.orders import Side
from engine.market.fees import VenueFees
from engine.market.venue_document import NO_MECHANICS, VenueDocument
from engine.runs.documents import KINDS, VENUE

from .samples import BUY, SELL

FOLDER = Path(__file__).parents[2] / "scenarios.d" / "venues"
FILE = FOLDER / "equity_us.yaml"


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


def loaded(name: str) -> VenueDocument:
    """A shipped venue, with what it builds on."""
    library = Library(Workspace.find(FOLDER), KINDS)
    found = library.load(VENUE, f"venues/{name}")
    assert found is not None
    library.raise_problems()
    return found.value


def test_a_venue_without_blocks_has_no_mechanism(venue: VenueDocument) -> None:
    """What stood before them still holds."""
    assert venue.mechanics == NO_MECHANICS


def test_the_protected_venue_charges_what_the_plain_one_does(venue: VenueDocument) -> None:
    """It builds on it: fees and cancel-on-disconnect are inherited."""
    whole = loaded("equity_us_protected")

    assert (whole.fees, whole.cancel_on_disconnect) == (venue.fees, venue.cancel_on_disconnect)


@pytest.mark.parametrize(
    ("name", "blocks"),
    [
        ("equity_us_protected", {"hours", "luld", "breakers", "collar", "self_trade", "short_sale"}),
        ("futures_us", {"stop_logic", "self_trade"}),
    ],
)
def test_a_shipped_venue_has_its_mechanisms_each_with_a_source(name: str, blocks: set[str]) -> None:
    """And is called as its file."""
    whole = loaded(name)
    found = {field.name: getattr(whole.mechanics, field.name) for field in fields(whole.mechanics)}

    assert whole.venue == name
    assert {block for block, given in found.items() if given is not None} == blocks
    assert all(len(found[block].source) > 20 for block in blocks)


def test_the_shipped_bands_are_those_of_the_plan() -> None:
    """5 % and 10 % above 3 USD, 20 % from 0.75, the lesser of 0.15 USD and 75 % below; doubled late in the day."""
    luld = loaded("equity_us_protected").luld
    assert luld is not None
    classes = [luld.class_of(micros_from_usd(usd)) for usd in (3.01, 3.0, 0.75, 0.7499)]

    assert [(one.tier_1_pct, one.tier_2_pct, one.at_most_usd, one.doubled) for one in classes] == [
        (5, 10, None, "tier_1"),
        (20, 20, None, "all"),
        (20, 20, None, "all"),
        (75, 75, 0.15, "all"),
    ]
    assert (luld.limit_state_s, luld.pause_s, luld.reference_window_s, luld.reference_move_pct) == (15, 300, 300, 1)


def test_the_shipped_breakers_are_those_of_the_rule() -> None:
    """7 and 13 % for 15 minutes until 15:25, 20 % for the day."""
    breakers = loaded("equity_us_protected").breakers
    assert breakers is not None

    assert [(level.fall_pct, level.halt_s) for level in breakers.levels] == [(7, 900), (13, 900), (20, None)]
    assert breakers.until_time == "15:25:00"


BLOCKS = {
    "luld": "classes: [{above_usd: 0, tier_1_pct: 5, tier_2_pct: 5, doubled: all}]",
    "breakers": "index_symbol: SPY\n  levels: [{fall_pct: 7}]",
    "stop_logic": "move_ticks: 5\n  within_ms: 5",
    "collar": "away_pct: 5",
    "self_trade": "mode: cancel_both",
    "short_sale": "fall_pct: 10",
    "hours": 'open_time: "09:30:00"',
}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_needs_a_source(block: str, tmp_path: Path) -> None:
    """Without one it is refused, by name; with one it is taken."""
    head = f"venue: test\ntitle: for tests\nextends: venues/equity_us\n{block}:\n  {BLOCKS[block]}\n"

    assert found_in(tmp_path, head + "  source: the rule of a test\n") == []
    assert found_in(tmp_path, head) == [f"'source' is missing in '{block}'"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("stop_logic:\n  source: test\n  within_ms: 5", "exactly one of move_ticks and move_pct was expected"),
        ('hours:\n  source: test\n  close_time: "09:00:00"', "a close_time after open_time 09:30:00 was expected"),
        ("hours:\n  source: test\n  close_time: 9 am", "'close_time' in 'hours' must be a time of day"),
        ("self_trade:\n  source: test\n  mode: cancel_all", "'mode' in 'self_trade' cannot be 'cancel_all'"),
        (
            f"luld:\n  source: test\n  {BLOCKS['luld']}\n  leverage: {{SPY: -2}}",
            "a figure above 0 was expected, was -2",
        ),
        (
            f"luld:\n  source: test\n  {BLOCKS['luld']}\n  previous_close_usd: {{SPY: 0}}",
            "a figure above 0 was expected, was 0",
        ),
        (
            f'luld:\n  source: test\n  {BLOCKS["luld"]}\n  until_time: "09:00:00"',
            "until_time at or after doubled_from_time 15:35:00 was expected, was 09:00:00",
        ),
        (
            "luld:\n  source: test\n  classes: [{above_usd: 0, tier_1_pct: 0.05, tier_2_pct: 5, doubled: all}]",
            "at least 0.5 %, was 0.05",
        ),
        ("breakers:\n  source: test\n  index_symbol: SPY\n  levels: [{fall_pct: 0.07}]", "at least 1 %, was 0.07"),
        ("breakers:\n  source: test\n  index_symbol: the market\n  levels: [{fall_pct: 7}]", "'index_symbol'"),
        ("collar:\n  source: test\n  away_pct: 0.05", "at least 0.1 %, was 0.05"),
        ("stop_logic:\n  source: test\n  within_ms: 5\n  move_pct: 500", "at most 100 %, was 500"),
        ("luld:\n  source: test\n  pauze_s: 5", "unknown field 'pauze_s' in 'luld'"),
    ],
)
def test_a_block_that_makes_no_sense_is_refused(block: str, message: str, tmp_path: Path) -> None:
    """When the document is read."""
    problems = found_in(tmp_path, f"venue: test\ntitle: for tests\nextends: venues/equity_us\n{block}\n")

    assert any(message in problem for problem in problems), problems


def found_in(folder: Path, text: str) -> list[str]:
    """What is wrong with a venue of this text, in *folder*."""
    (folder / "test.yaml").write_text(text)
    library = Library(Workspace.find(FOLDER), KINDS)
    library.load(VENUE, folder / "test.yaml")
    return [problem.message for problem in library.problems.errors]
