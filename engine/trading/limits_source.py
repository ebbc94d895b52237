"""Where the governor reads its limits from while it runs, and whether what it reads may be judged by.

The source is asked at every timer. Silence is bridged by the limits in force, for ``firm.limits_age_s``; a document
that is emptied, holds a number that is none, is older than the one in force, or changed under the same version is not
taken: no new risk until a sound one is read. Positions may be reduced all the while, by the limits in force.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import NamedTuple, Protocol

from engine.domain.orders import Instrument
from engine.trading.limits import Limits
from engine.trading.limits_given import missing_limits
from engine.trading.limits_sha import limits_sha

UNREACHABLE, EMPTIED, UNSOUND = "limits_unreachable", "limits_emptied", "limits_unsound"
OLDER, CHANGED, UNAPPROVED, NOT_YET = "limits_older", "limits_changed", "limits_unapproved", "limits_not_in_force"
SOURCE_REASONS = (UNREACHABLE, EMPTIED, UNSOUND, OLDER, CHANGED, UNAPPROVED, NOT_YET)
"""Why no new risk is taken although no limit was met."""

APPROVERS = 2


class LimitsSource(Protocol):
    """A place that limits are kept in."""

    def read(self) -> Limits | None:
        """The limits as they stand there now; None if the place cannot be reached."""
        ...


class LimitsStore:
    """A source in memory, for a simulated desk; a run or a fault publishes to it."""

    def __init__(self, limits: Limits) -> None:
        self.limits: Limits | None = limits
        """What a reader gets; None: the store is down."""

    def read(self) -> Limits | None:
        """The limits as they stand here now."""
        return self.limits


class Checked(NamedTuple):
    """A document that was read: its digest, and why it may not be taken (empty: it may)."""

    sha: str
    fault: str


def check_document(read: Limits, inforce: Limits, sha: str, instruments: Sequence[Instrument], day: str) -> Checked:
    """Whether *read* may take the place of *inforce*, whose digest is *sha*, on *day*."""
    if not isinstance(read, Limits) or not all(isfinite(number) and number >= 0 for number in _numbers(read)):
        return Checked("", UNSOUND)
    new_sha = limits_sha(read)
    if new_sha == sha:
        return Checked(sha, "")
    given_up = set(missing_limits(read, instruments)) - set(missing_limits(inforce, instruments))
    if given_up or not _keeps_flatten(read):
        return Checked(new_sha, EMPTIED)
    if len({name.strip().casefold() for name in read.approved_by} - {""}) < APPROVERS:
        return Checked(new_sha, UNAPPROVED)
    if read.effective_from > day:
        return Checked(new_sha, NOT_YET)
    old, new = (inforce.effective_from, inforce.version), (read.effective_from, read.version)
    if new < old:
        return Checked(new_sha, OLDER)
    return Checked(new_sha, CHANGED if new == old else "")


def _keeps_flatten(limits: Limits) -> bool:
    rules = limits.flatten
    return rules.participation_pct > 0 and rules.collar_pct > 0 and rules.slice_ms > 0


def _numbers(document: object) -> Iterator[float]:
    """Every number of a document, wherever it stands."""
    if isinstance(document, bool | str) or document is None:
        return
    if isinstance(document, int | float):
        yield document
    elif dataclasses.is_dataclass(document):
        for each in dataclasses.fields(document):
            yield from _numbers(getattr(document, each.name))
    elif isinstance(document, dict):
        for value in document.values():
            yield from _numbers(value)
