"""What equity is worth as evidence: how long the market gave no mark, and how much was at stake in the shock."""

from __future__ import annotations

import numpy as np

from engine.domain.records import VenueFill, VenueInventory
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import Evidence, FaultSpan
from engine.metrics.folds import Floats, Ints, count_in_window, in_window, observer, once_per_log, step_at, window
from engine.metrics.series import Opportunity
from engine.trading.observer import Account, EquityChange

UNMARKED_AT_MOST_PCT = 1.0
"""More time than this without a two-sided mark, and equity is no evidence (design part 6)."""
AT_STAKE_PCT = 50.0
"""Share of the gross limit that has to stand on the losing side when the shock starts (design part 6)."""
SHOCKS = frozenset({"price_shock", "sell_program"})
"""Faults that make the price fall."""
FILLS_NEEDED = 100
"""Fills below which two equal books prove little (design part 6)."""


@once_per_log
def equity_change(log: EventLog) -> EquityChange:
    """Equity less capital by the venue observer; several metrics and the causes of holds look at it."""
    return observer(log).equity_change()


def equity_usd_steps(evidence: Evidence) -> tuple[Ints, Floats]:
    """Times and values of equity at every inventory, fill and mid change, and at the end of the run."""
    change = equity_change(evidence.log)
    if not len(change.seq):
        return change.t_ns, change.micros
    t_ns = np.append(change.t_ns, max(evidence.facts.end_ns, int(change.t_ns[-1])))
    usd = (np.append(change.micros, change.micros[-1]) + evidence.facts.capital_micros) / 1e6
    return t_ns, usd


def unmarked_note(evidence: Evidence) -> str:
    """A sentence if a symbol that was held had no two-sided quote for too long, or ended in a stop; empty if none."""
    facts, books = evidence.facts, observer(evidence.log)
    length_ns = facts.end_ns - facts.warmup_ns
    held = {record.symbol for record in evidence.log.of(VenueInventory)}
    held |= {record.symbol for record in evidence.log.of(VenueFill)}
    for symbol in sorted(held):
        if books.account(symbol).ended_in_stop and books.account(symbol).position:
            return f"{symbol} did not trade when the run ended, so nobody knows what it was worth: a run may not end so"
        pct = 100 * books.unmarked_ns(symbol, facts.warmup_ns, facts.end_ns) / length_ns if length_ns > 0 else 0.0
        if pct > UNMARKED_AT_MOST_PCT:
            return (
                f"{symbol} had no two-sided quote for {pct:.3g} % of the time after warm-up, so its mark is stale; "
                f"at most {UNMARKED_AT_MOST_PCT:g} % is allowed"
            )
    return ""


def fills_seen(evidence: Evidence) -> Opportunity:
    """Fills at the venue inside the window, of the 100 that equal books need."""
    fills = count_in_window(evidence, (one.record.t_ns for one in observer(evidence.log).executions))
    return Opportunity(fills, FILLS_NEEDED, "fills")


def at_stake(evidence: Evidence) -> Opportunity:
    """Positions on the losing side when the first shock of the window starts, in percent of the gross limit.

    Without a shock in the window: all positions, at any time inside it.
    """
    bound = evidence.facts.limits.firm.gross_notional_usd
    limit_usd = bound.hard if bound is not None else None
    shock = next((span for span in evidence.spans() if span.fault in SHOCKS and in_window(evidence, span.t0_ns)), None)
    if shock is None:
        noun, usd = "% of the gross limit held at any time", _largest_usd(evidence)
    else:
        noun, usd = "% of the gross limit held on the losing side when the shock starts", _losing_usd(evidence, shock)
    return Opportunity(100 * usd / limit_usd if limit_usd else 0.0, AT_STAKE_PCT, noun)


def _losing_usd(evidence: Evidence, shock: FaultSpan) -> float:
    end_ns = evidence.facts.end_ns if shock.heal_ns is None else shock.heal_ns
    t0_ns = np.array([shock.t0_ns])
    total = 0.0
    for account in observer(evidence.log).accounts.values():
        mark = float(account.marks_micros_at(t0_ns)[0])
        position = _position_at(account, t0_ns)[0]
        if position * _largest_move(account, mark, shock.t0_ns, end_ns) < 0:
            total += abs(position) * mark
    return float(total / 1e6)


def _largest_usd(evidence: Evidence) -> float:
    accounts = observer(evidence.log).accounts.values()
    start_ns, end_ns = window(evidence)
    times = [np.array([start_ns], dtype=np.int64)]
    for account in accounts:
        times += [account.columns().t_ns, account.steps().t_ns]
    t_ns = np.unique(np.concatenate(times))
    t_ns = t_ns[(t_ns >= start_ns) & (t_ns <= end_ns)]
    gross = np.zeros(len(t_ns))
    for account in accounts:
        gross += np.abs(_position_at(account, t_ns)) * account.marks_micros_at(t_ns)
    return float(gross.max(initial=0.0)) / 1e6


def _position_at(account: Account, t_ns: Ints) -> Floats:
    steps = account.steps()
    return step_at(steps.t_ns, steps.position.astype(np.float64), t_ns)


def _largest_move(account: Account, mark: float, start_ns: int, end_ns: int) -> float:
    """The move of the mid from *mark* that was largest in either direction over [start, end]."""
    quotes = account.columns()
    inside = quotes.two_sided & (quotes.t_ns >= start_ns) & (quotes.t_ns <= end_ns)
    moves = quotes.mid_micros[inside] - mark
    return float(moves[np.argmax(np.abs(moves))]) if len(moves) else 0.0
