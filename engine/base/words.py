"""Help with words: the nearest right one, and lists a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that *word* was probably meant to be, or None."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def listing(words: Sequence[str], most: int = 12) -> str:
    """*words* as ``a, b, c``; past *most* of them, how many more there are."""
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def counted(n: int, noun: str, plural: str = "") -> str:
    """``1 gate``, ``2 gates``."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
