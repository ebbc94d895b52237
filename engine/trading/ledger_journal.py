"""The ledger's journal: accounts in whole micro-dollars, and entries that are balanced or balanced by suspense.

Double entry: a debit is above zero, a credit below, and every entry sums to zero. What an entry lacks goes to the
suspense account, so that debits equal credits and the mistake stands where everybody looks (invariant I10).
"""

from __future__ import annotations

CASH, CAPITAL, FEES, REALISED = "cash", "capital", "fees", "realised"
"""Accounts of the journal, beside one ``inventory:SYMBOL`` per instrument (the position at cost)."""

SUSPENSE = "suspense"
"""What an entry lacked: always zero in sound books."""

FEES_CLAIMED, FEES_DISPUTED = "fees_claimed", "fees_disputed"
"""What the venue charged beyond the desk's own reckoning, and its contra account: no money moved, a claim to settle."""


def inventory(symbol: str) -> str:
    """The name of the account of a symbol's cost."""
    return f"inventory:{symbol}"


class Journal:
    """Accounts, and the debits and credits that made them."""

    def __init__(self, symbols: tuple[str, ...]) -> None:
        names = [CASH, CAPITAL, FEES, REALISED, SUSPENSE, FEES_CLAIMED, FEES_DISPUTED, *map(inventory, symbols)]
        self.balances = dict.fromkeys(names, 0)
        self.debits_micros = 0
        self.credits_micros = 0

    def post(self, *entries: tuple[str, int]) -> None:
        """Post one entry of several lines; what it lacks goes to suspense. Raise KeyError if no such account."""
        rest = 0
        for account, micros in entries:
            self._line(account, micros)
            rest -= micros
        if rest:
            self._line(SUSPENSE, rest)

    def trade(self, symbol: str, flow_micros: int, fee_micros: int, cost_change: int, realised: int) -> None:
        """Post a trade: what it did to cash before its fee, to the cost of the position, and the profit realised."""
        self.post(
            (CASH, flow_micros - fee_micros),
            (inventory(symbol), cost_change),
            (FEES, fee_micros),
            (REALISED, -realised),
        )

    def claim(self, micros: int) -> None:
        """Post what the venue has charged beyond the desk's own reckoning (below zero: too little)."""
        if micros:
            self.post((FEES_CLAIMED, micros), (FEES_DISPUTED, -micros))

    def _line(self, account: str, micros: int) -> None:
        self.balances[account] += micros
        if micros > 0:
            self.debits_micros += micros
        else:
            self.credits_micros -= micros
