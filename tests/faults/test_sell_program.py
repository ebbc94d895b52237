"""A sell program has bitten when it sold, by the venue's book, and the price fell as far as it should, not further."""

from __future__ import annotations

import pytest

from engine.base.units import MICROS_PER_USD, NS_PER_S
from engine.domain.records import Record, VenueQuote, VenueTrader
from engine.faults.fault import Effect, effects_of
from engine.faults.sell_program import SellProgram, sold_pct
from engine.kernel.event_log import EventLog
from tests.faults.driver import T0_S, Sabotaged, Timed, made, play_fault, play_faults, quiet_log

T0, HEAL = 60 * NS_PER_S, 120 * NS_PER_S
PROGRAM = SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=20)
WITHDRAWAL = made("cancellation_burst", {"symbol": "SPY", "cancel_times": 50})


def mids(*at: tuple[float, float]) -> list[Record]:
    """Quotes of SPY: seconds and mids in USD."""
    cent = MICROS_PER_USD // 100
    return [
        VenueQuote(round(s * NS_PER_S), "SPY", round(usd * MICROS_PER_USD) - cent, 9, round(usd * 1e6) + cent, 9)
        for s, usd in at
    ]


def trader(s: float, sold: int, volume: int, *, owner: int = 7, symbol: str = "SPY") -> VenueTrader:
    """What the book says of a trader."""
    return VenueTrader(round(s * NS_PER_S), symbol, owner, -sold, volume)


def seen(fallen_pct: float, *traders: VenueTrader, program: SellProgram = PROGRAM) -> tuple[Effect, ...]:
    """Everything that is seen of the program if the mid falls so far while it works."""
    quotes = mids((1, 100), (59, 100), (90, 100 - fallen_pct), (119, 100 - fallen_pct))
    log = quiet_log(sorted([*quotes, *traders], key=lambda one: one.t_ns))
    return effects_of(program, log, T0, HEAL)


def verdicts(effects: tuple[Effect, ...]) -> dict[str, bool]:
    """Which of them held, by the metric."""
    return {effect.metric: effect.held for effect in effects}


WORKED = (trader(60, 0, 5_000), trader(110, 900, 15_000))
"""It sold 900 of 10,000 shares: 9.9 % of what the others traded."""


@pytest.mark.parametrize(
    ("fallen_pct", "held", "overshot"),
    [(7.9, False, False), (8.1, True, False), (10, True, False), (19.9, True, False), (20.1, False, True)],
)
def test_the_fall_is_most_of_what_was_asked_and_not_twice_as_much(
    fallen_pct: float, held: bool, overshot: bool
) -> None:
    """From 80 % of drop_pct to 200 %."""
    fall, _ = seen(fallen_pct, *WORKED)

    assert (fall.held, fall.overshot) == (held, overshot)


@pytest.mark.parametrize(
    ("participation_pct", "sold", "held"), [(20, 196, False), (20, 197, True), (5, 99, False), (5, 100, True)]
)
def test_it_sold_a_tenth_of_its_share_and_a_hundredth_of_the_others_volume(
    participation_pct: float, sold: int, held: bool
) -> None:
    """2 % of the others' volume where its share is 20 %; 1 % however small its share."""
    program = SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=participation_pct)
    effects = seen(10, trader(60, 0, 5_000), trader(110, sold, 15_000 + (sold if sold < 150 else 0)), program=program)

    assert verdicts(effects) == {"mid_drop_pct": True, "sold_pct": held}


@pytest.mark.parametrize(
    "traders",
    [
        (),
        (trader(60, 0, 5_000),),
        (trader(60, 0, 5_000), trader(110, 0, 15_000)),
        (trader(60, 0, 5_000), trader(110, -900, 15_000)),
        (trader(60, 0, 5_000, symbol="QQQ"), trader(110, 900, 15_000, symbol="QQQ")),
        (trader(59, 0, 5_000), trader(110, 900, 15_000)),
        (trader(60, 0, 5_000), trader(121, 900, 15_000)),
        (trader(60, 0, 5_000), trader(110, 0, 5_000)),
    ],
    ids=[
        "no record",
        "came only",
        "sold nothing",
        "bought",
        "elsewhere",
        "came before",
        "sold after",
        "no trade at all",
    ],
)
def test_a_price_that_fell_without_the_program_is_not_its_work(traders: tuple[VenueTrader, ...]) -> None:
    """Others may withdraw until the price gives way by itself: that is no sell program."""
    assert verdicts(seen(10, *traders)) == {"mid_drop_pct": True, "sold_pct": False}


def test_of_two_programs_one_after_the_other_each_answers_for_itself() -> None:
    """The second comes in the instant in which the first is written down for the last time."""
    log = quiet_log(
        [
            trader(60, 0, 1_000),
            trader(120, 500, 6_500),
            trader(120, 0, 6_500, owner=8),
            trader(180, 50, 11_550, owner=8),
        ]
    )

    assert sold_pct(log, "SPY", T0, HEAL) == pytest.approx(10)
    assert sold_pct(log, "SPY", HEAL, 180 * NS_PER_S) == pytest.approx(1)


def test_the_book_says_what_a_program_sold() -> None:
    """Written down when it comes and when it stops; between them, a tenth of what the others trade."""
    program = made("sell_program", {"symbol": "SPY", "drop_pct": 20, "over_s": 60, "participation_pct": 10})
    log = play_fault(program, 60, market="agents_market").log
    came, left = log.of(VenueTrader)

    assert (came.t_ns, came.position_shares, left.t_ns) == (T0, 0, HEAL)
    assert left.position_shares < 0
    assert sold_pct(log, "SPY", T0, HEAL) == pytest.approx(10, abs=1.5)


def test_a_program_that_only_claims_to_sell_is_found_out_while_others_withdraw() -> None:
    """Beside a burst of cancellations there is a fall, and no seller in the book."""
    program = made("sell_program", {"symbol": "SPY", "drop_pct": 0.5, "over_s": 60})
    timed = Timed(Sabotaged(program), T0_S, T0_S + 60), Timed(WITHDRAWAL, T0_S, T0_S + 60)
    log: EventLog = play_faults(*timed, market="agents_market").log

    assert verdicts(effects_of(program, log, T0, HEAL))["sold_pct"] is False
