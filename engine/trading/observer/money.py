"""What the accounts of the observer are worth together, over the stream."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from engine.trading.observer.account import Account
from engine.trading.observer.columns import EquityChange, Floats, Ints

Accounts = Collection[Account]


def equity_change_at(accounts: Accounts, seq: Ints) -> Floats:
    """Equity less capital after each record of *seq*, in micro-dollars."""
    change = np.zeros(len(seq))
    for account in accounts:
        steps = account.steps()
        now = steps.at(seq)
        change += steps.cash_micros[now] + steps.position[now] * account.marks_micros(seq)
    return change


def equity_change(accounts: Accounts) -> EquityChange:
    """Equity less capital at every inventory, fill and mid change."""
    seqs, times = [], []
    for account in accounts:
        steps = account.steps()
        moved = np.flatnonzero(np.diff(steps.cash_micros, prepend=0) | np.diff(steps.position, prepend=0))
        seqs.append(steps.seq[moved])
        times.append(steps.t_ns[moved])
        changed = account.columns().mid_changes
        seqs.append(account.columns().seq[changed])
        times.append(account.columns().t_ns[changed])
    if not seqs:
        return EquityChange(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    seq, t_ns = np.concatenate(seqs), np.concatenate(times)
    order = np.argsort(seq, kind="stable")
    return EquityChange(seq[order], t_ns[order], equity_change_at(accounts, seq[order]))
