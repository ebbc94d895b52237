"""What is left of positions that had to be given up."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.flatten_calls import FlattenCall, flatten_calls, losses
from engine.metrics.folds import observer, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.observer import Account


@metric(unit="shares", better="lower", stat="last")
def unflattened_shares(evidence: Evidence) -> Series:
    """Σ over the symbols that had to be given up of |position| at the end of the run, in shares: one sample.

    A symbol has to be given up from the first of these on, by whoever it is seen: the loss of the day or the drawdown
    comes to its flatten step (the hard limit where there is none) by the venue's records, the session is down for
    longer than the limits allow, somebody commands a flatten or a stop of level L3 or above, the governor begins one.
    So a governor that should have stopped and did not is judged like any other. Without any of these nothing had to be
    flat: no sample. Proves something only if at least one of the symbols was held then or later; it must be flat at the
    end even if people have re-armed the desk since. Source: venue records, commands, governor states; exact.
    """
    calls = flatten_calls(evidence)
    if not calls:
        return series([], "shares", Basis.EXACT, note=_nothing_called(evidence))
    called = {
        symbol: (account, first)
        for symbol, account in observer(evidence.log).accounts.items()
        if (first := next((call for call in calls if call.covers(symbol)), None)) is not None
    }
    left = sum(abs(account.position) for account, _ in called.values())
    held = sum(_held_since(account, first) for account, first in called.values())
    end_ns = max(evidence.facts.end_ns, evidence.log.last_ns)
    chance = Opportunity(held, 1, "positions that had to be given up")
    return series([(end_ns, float(left))], "shares", Basis.EXACT, (chance,))


def _held_since(account: Account, call: FlattenCall) -> bool:
    """Whether there was a position when it had to be given up, or later."""
    steps = account.steps()
    first = max(int(steps.t_ns.searchsorted(call.t_ns, side="right")) - 1, 0)
    return bool(steps.position[first:].any())


def _nothing_called(evidence: Evidence) -> str:
    """Why nothing had to be given up, with how near the losses came."""
    near = ", ".join(
        f"{lost.name} came to {_figure(lost.most)} of {_figure(lost.step)} {lost.unit}" for lost in losses(evidence)
    )
    return f"nothing called for giving a position up{f' ({near})' if near else ''}, so nothing had to be flat"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
