"""When desk, broker and observer are compared, and what a break says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.domain.records import BrokerOrders, BrokerStatement
from engine.metrics.evidence import Evidence
from engine.metrics.exposure import NEVER
from engine.metrics.folds import Ints, places

NOTHING = "nothing"
YES, NO = "yes", "no"


class Break(NamedTuple):
    """One difference: when it was first seen, of what, and what each of the three says."""

    t_ns: int
    symbol: str
    what: str
    desk: str
    broker: str
    observer: str

    @property
    def text(self) -> str:
        """``SPY position at t=412.0 s: desk 1,200, broker 1,300, observer 1,300``."""
        said = f"desk {self.desk}, broker {self.broker}, observer {self.observer}"
        return f"{self.symbol} {self.what} at t={self.t_ns / 1e9:,.1f} s: {said}"


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """When the three are compared: after the records ``seq``, at ``t_ns``; the last is the end of the run."""

    seq: Ints
    t_ns: Ints

    def first(self, from_seq: int, until_seq: int, from_ns: int = 0) -> int | None:
        """The time of the first checkpoint within [from, until) and not before *from_ns*; None if there is none."""
        place = max(int(np.searchsorted(self.seq, from_seq)), int(np.searchsorted(self.t_ns, from_ns)))
        return int(self.t_ns[place]) if place < len(self.seq) and self.seq[place] < until_seq else None


class Span(NamedTuple):
    """From which record on something holds, and until which; NEVER if it does not end."""

    seq: int
    t_ns: int
    end_seq: int
    end_ns: int


OPEN = (NEVER, NEVER)


def checkpoints(evidence: Evidence) -> Checkpoints:
    """Every instant at which the broker stated something, and the end."""
    log = evidence.log
    seq: list[int] = []
    t_ns: list[int] = []
    said: list[tuple[int, BrokerStatement | BrokerOrders]] = [
        *zip(places(log)[BrokerStatement].tolist(), log.of(BrokerStatement), strict=True),
        *zip(places(log)[BrokerOrders].tolist(), log.of(BrokerOrders), strict=True),
    ]
    for place, record in sorted(said, key=lambda pair: pair[0]):
        if t_ns and t_ns[-1] == record.t_ns:
            seq.pop()
            t_ns.pop()
        seq.append(place)
        t_ns.append(record.t_ns)
    seq.append(len(log))
    t_ns.append(max(evidence.facts.end_ns, log.last_ns))
    return Checkpoints(np.array(seq, dtype=np.int64), np.array(t_ns, dtype=np.int64))
