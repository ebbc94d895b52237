"""Where the desk's positions differ from the venue's for longer than a message takes."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

import numpy as np

from engine.metrics.desk_books import DeskAccount, desk_accounts
from engine.metrics.evidence import SETTLE_NS, Evidence
from engine.metrics.executions_due import Due, unsettled
from engine.metrics.folds import Ints, observer


@dataclass(frozen=True, slots=True)
class Gap:
    """Shares of one symbol by which the desk is off, each value in force from its time on."""

    symbol: str
    desk: DeskAccount
    t_ns: Ints
    shares: Ints


def gaps(evidence: Evidence, settle_ns: int = SETTLE_NS) -> list[Gap]:
    """For every symbol min over s in [t - settle, t] of |desk(t) - venue(s)|, at every t at which it can change.

    A desk that was told of executions out of their order is nowhere on the venue's way. Where they stand apart it is
    also held against the executions that it had to have by then, with those of the last *settle_ns* that it has.
    """
    found, due = [], unsettled(evidence, settle_ns)
    for symbol, desk in desk_accounts(evidence).items():
        steps = observer(evidence.log).account(symbol).steps()
        venue = _positions(steps.t_ns.tolist(), steps.position.tolist(), desk.position[0])
        gap = _gap(symbol, desk, venue, settle_ns, evidence.facts.end_ns)
        found.append(_by_execution(gap, due[symbol]) if symbol in due and gap.shares.any() else gap)
    return found


def _by_execution(gap: Gap, due: Due) -> Gap:
    """The smaller of the gap and the difference to the executions that were due or booked, after each of its times."""
    moments = np.unique(np.concatenate((gap.t_ns, due.t_ns[due.t_ns <= gap.t_ns[-1]])))
    by_way = gap.shares[np.searchsorted(gap.t_ns, moments, side="right") - 1]
    held = np.array(gap.desk.position)[np.searchsorted(np.array(gap.desk.t_ns), moments, side="right") - 1]
    expected = np.concatenate(([0], due.shares))[np.searchsorted(due.t_ns, moments, side="right")]
    by_execution = np.abs(held - gap.desk.position[0] - expected)
    return Gap(gap.symbol, gap.desk, moments, np.minimum(by_way, by_execution))


def _positions(t_ns: list[int], position: list[int], opening: int) -> list[tuple[int, int]]:
    """The venue's positions as steps; what it opened with stood from the beginning."""
    steps = [(-1, opening)]
    for at_ns, shares in zip(t_ns[1:], position[1:], strict=True):  # the first is what was before the opening
        if shares != steps[-1][1]:
            steps.append((at_ns, shares))
    return steps


def _gap(symbol: str, desk: DeskAccount, venue: list[tuple[int, int]], settle_ns: int, end_ns: int) -> Gap:
    times = {t for t, _ in venue if t >= 0} | {t + settle_ns for t, _ in venue if t >= 0} | set(desk.t_ns) | {end_ns}
    moments = sorted(t for t in times if t <= end_ns)
    window: deque[tuple[int, int]] = deque()  # (until_ns, position) of every state within reach
    inside: Counter[int] = Counter()
    shares, next_venue, next_desk, held = [], 0, 0, desk.position[0]
    untils = [t for t, _ in venue[1:]] + [end_ns + settle_ns + 1]
    for now in moments:
        while next_venue < len(venue) and venue[next_venue][0] <= now:
            window.append((untils[next_venue], venue[next_venue][1]))
            inside[venue[next_venue][1]] += 1
            next_venue += 1
        while window and window[0][0] <= now - settle_ns:
            gone = window.popleft()[1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
        while next_desk < len(desk.t_ns) and desk.t_ns[next_desk] <= now:
            held = desk.position[next_desk]
            next_desk += 1
        shares.append(0 if held in inside else min(abs(held - one) for one in inside))
    return Gap(symbol, desk, np.array(moments, dtype=np.int64), np.array(shares, dtype=np.int64))
