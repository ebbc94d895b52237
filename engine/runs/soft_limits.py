"""What a reader of the result has to know of soft limits: which were passed, how often, and by how much at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.base.words import counted
from engine.domain.records import SoftLimit
from engine.gates.wording import at_time, number


class Passed(NamedTuple):
    """One soft limit of the firm, a level, or the symbols: what is to be said, and when it was first passed."""

    text: str
    t_ns: int


def soft_limits_passed(alerts: Iterable[SoftLimit]) -> Iterator[Passed]:
    """One for each reason code, in the order in which they were first passed."""
    count = Counter[str]()
    first: dict[str, int] = {}
    worst: dict[str, SoftLimit] = {}
    for alert in alerts:
        reason = alert.reason
        count[reason] += 1
        first.setdefault(reason, alert.t_ns)
        if reason not in worst or _beyond(alert) > _beyond(worst[reason]):
            worst[reason] = alert
    for reason, often in count.items():
        most = worst[reason]
        far, limit = number(most.observed, most.limit), number(most.limit, most.observed)
        text = (
            f"{counted(often, 'order')} passed beyond the soft limit of {reason}, first at {at_time(first[reason])}; "
            f"furthest {far} of {most.symbol}, where the {most.level} has {limit}"
        )
        yield Passed(text, first[reason])


def _beyond(alert: SoftLimit) -> float:
    """How far beyond, as a multiple of the limit; limits of several symbols differ."""
    return alert.observed / alert.limit if alert.limit else alert.observed
