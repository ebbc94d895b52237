"""Sliding windows: what was counted within the last moment. Each entry is touched twice, however long the past is."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable


class CountWindow:
    """How many entries fall into [now - length, now]; one that is exactly as old as the window has left it."""

    __slots__ = ("length_ns", "times")

    def __init__(self, length_ns: int) -> None:
        self.length_ns = length_ns
        self.times: deque[int] = deque()
        """Those of the window, and perhaps some that have left it since it was last counted."""

    def add(self, now_ns: int) -> int:
        """One more, now; how many there are with it."""
        times, gone_ns = self.times, now_ns - self.length_ns
        times.append(now_ns)
        while times and times[0] <= gone_ns:
            times.popleft()
        return len(times)

    def count(self, now_ns: int) -> int:
        """How many there are."""
        times, gone_ns = self.times, now_ns - self.length_ns
        while times and times[0] <= gone_ns:
            times.popleft()
        return len(times)


class SumWindow:
    """Shares and dollars (micros) within the window."""

    __slots__ = ("_entries", "_micros", "_qty", "length_ns")

    def __init__(self, length_ns: int) -> None:
        self.length_ns = length_ns
        self._entries: deque[tuple[int, int, float]] = deque()
        self._qty = 0
        self._micros = 0.0

    def add(self, now_ns: int, qty: int, micros: float) -> None:
        """So many shares and micro-dollars more, now."""
        self._entries.append((now_ns, qty, micros))
        self._qty += qty
        self._micros += micros

    def sums(self, now_ns: int) -> tuple[int, float]:
        """Shares and micro-dollars; exactly 0 when nothing is left."""
        entries, gone_ns = self._entries, now_ns - self.length_ns
        while entries and entries[0][0] <= gone_ns:
            _, qty, micros = entries.popleft()
            self._qty -= qty
            self._micros -= micros
        if not entries:
            self._micros = 0.0
        return self._qty, self._micros


class KeyWindow:
    """How many entries of the same kind fall into the window."""

    __slots__ = ("_counts", "_entries", "length_ns")

    def __init__(self, length_ns: int) -> None:
        self.length_ns = length_ns
        self._entries: deque[tuple[int, Hashable]] = deque()
        self._counts: dict[Hashable, int] = {}

    def add(self, now_ns: int, kind: Hashable) -> None:
        """One more of *kind*, now."""
        self._entries.append((now_ns, kind))
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def count(self, now_ns: int, kind: Hashable) -> int:
        """How many of *kind* there are."""
        entries, counts, gone_ns = self._entries, self._counts, now_ns - self.length_ns
        while entries and entries[0][0] <= gone_ns:
            _, old = entries.popleft()
            counts[old] -= 1
            if not counts[old]:
                del counts[old]
        return counts.get(kind, 0)
