"""Where a market model is measured: whole days without anybody, and days with one large order in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from engine.base.errors import UsageError
from engine.base.words import listing
from engine.market import models
from engine.market.recording import Floats, Recording
from engine.market.tape_rows import Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class MidPath:
    """How the mid went before, during and after one large order (a metaorder) that was worked bit by bit."""

    side: int
    """1 if it bought, -1 if it sold."""
    share_of_volume: float
    """What it executed over the volume of a usual day; 0.01 is one percent."""
    begin_ns: int
    end_ns: int
    """When it was done."""
    t_ns: Ints
    """Instants, rising; the first one not after ``begin_ns``."""
    mid_ticks: Floats
    """The mid from each of them on, in ticks; NaN while a side is empty."""

    def moved(self, at_ns: int) -> float:
        """The log move of the mid from the begin to *at_ns*, in the metaorder's direction.

        NaN where the path does not reach so far, or the mid is not known at an end.
        """
        if not len(self.t_ns) or at_ns > int(self.t_ns[-1]) or self.begin_ns < int(self.t_ns[0]):
            return math.nan
        before, after = self.mid_ticks[np.searchsorted(self.t_ns, (self.begin_ns, at_ns), side="right") - 1].tolist()
        return self.side * math.log(after / before) if before > 0 and after > 0 else math.nan


class Laboratory(Protocol):
    """A market that can be run again and again, each time with another seed."""

    def day(self, seed: int) -> Recording:
        """One whole session of this market by itself."""
        ...

    def metaorder(self, seed: int, side: int, share_of_volume: float, duration_s: float) -> MidPath:
        """Work *share_of_volume* of a usual day's volume at an even rate over *duration_s*, and look on afterwards.

        The path goes on to three times the duration after the begin, as far as the session allows.
        """
        ...


@runtime_checkable
class HasLaboratory(Protocol):
    """A market document that can be measured: it makes order messages."""

    def laboratory(self) -> Laboratory:
        """The laboratory of this document's market, without desk and faults."""
        ...


def laboratory_of(document: Any) -> Laboratory:
    """The laboratory of a scenario's market; of a mixed one, that of its only part that has one.

    Raise UsageError if nothing in it makes order messages, or several parts do.
    """
    found = [part for part in getattr(document, "parts", (document,)) if isinstance(part, HasLaboratory)]
    if len(found) > 1:
        raise UsageError(f"{len(found)} parts of this market make order messages", "name a scenario with one of them")
    if not found:
        raise _not_measurable("this market")
    return found[0].laboratory()


def calibrated(model: str) -> Any:
    """The document of *model* with the parameters that are shipped, by its class method ``calibrated``.

    Raise UsageError if it has none, or makes no order messages.
    """
    cls = models.get(model)
    if not callable(getattr(cls, "laboratory", None)):
        raise _not_measurable(f"the model {model}")
    make = getattr(cls, "calibrated", None)
    if not callable(make):
        raise UsageError(f"the model {model} comes without parameters of its own", "name a scenario that uses it")
    return make()


def _not_measurable(what: str) -> UsageError:
    names = [name for name, cls in models if callable(getattr(cls, "laboratory", None))]
    return UsageError(
        f"{what} makes no order messages, and realism is measured on them",
        f"name a model that does, or a scenario with it: {listing(names) or 'none is installed'}",
    )
