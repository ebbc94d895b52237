"""Orders that left the desk without having come in: the first Knight check."""

from __future__ import annotations

from engine.domain.orders import Origin
from engine.domain.records import Decided, Intent, Sent, VenueAccepted, VenueRejected
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, once_per_log, places, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

LEFT_NEEDED = 100
"""Instructions that have to leave before none too many means something; this project's own number, as for fills."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def orders_out_of_nowhere(evidence: Evidence) -> Series:
    """Instructions that left the gateway or came to the venue, and that nobody had asked for, or not so.

    Orders out against orders in, counted apart: in is each instruction of strategy or governor as it was asked for
    (Intent), and for the strategy's the governor's approval; out is each one on the wire (Sent) and at the venue's door
    (accepted or rejected). Each may come out once, after it came in, with its symbol, side and target, and with no more
    shares. Knight Capital on 1 August 2012 sent millions of orders for 212 (SEC release 34-70694, 2013): none of its
    controls compared what left with what had entered. 1 for each such instruction, 0 for each that was asked for, and
    at the end of the window. Proves something only with at least 100 that left. Source: Intent, Decided and Sent
    records, venue records; exact.
    """
    found = out_of_nowhere(evidence.log)
    samples = [(t_ns, 1.0 if wrong else 0.0) for t_ns, wrong in found] + [(window(evidence)[1], 0.0)]
    left = sum(in_window(evidence, t_ns) for t_ns, _ in found)
    inside = [f"{wrong} at t={t_ns / 1e9:,.1f} s" for t_ns, wrong in found if wrong and in_window(evidence, t_ns)]
    chance = Opportunity(left, LEFT_NEEDED, "instructions that left the desk")
    return series(samples, "orders", Basis.EXACT, (chance,), first=inside[0] if inside else "")


@once_per_log
def out_of_nowhere(log: EventLog) -> list[tuple[int, str]]:
    """Each instruction that came out, in order, with its time and what is wrong with it (empty: nothing)."""
    where = places(log)
    kinds: tuple[type[Intent | Decided | Sent | VenueAccepted | VenueRejected], ...] = (
        Intent,
        Decided,
        Sent,
        VenueAccepted,
        VenueRejected,
    )
    said = [pair for kind in kinds for pair in zip(where[kind].tolist(), log.of(kind), strict=True)]
    counter, found = _Counter(), []
    for _, record in sorted(said, key=lambda pair: pair[0]):
        if isinstance(record, Intent):
            counter.asked[record.order_id] = record
        elif isinstance(record, Decided):
            counter.decide(record)
        elif isinstance(record, Sent):
            found.append((record.t_ns, counter.sent(record)))
        elif (wrong := counter.arrived(record)) is not None:
            found.append((record.t_ns, wrong))
    return found


class _Counter:
    """What has come in, and what has come out of it so far."""

    def __init__(self) -> None:
        self.asked: dict[int, Intent] = {}
        self._approved: set[int] = set()
        self._sent: set[int] = set()
        self._arrived: set[int] = set()

    def decide(self, record: Decided) -> None:
        """The governor's word: a deny takes an approval back."""
        if record.approved:
            self._approved.add(record.order_id)
        else:
            self._approved.discard(record.order_id)

    def sent(self, record: Sent) -> str:
        """What is wrong with an instruction on the wire."""
        again, name = record.order_id in self._sent, f"{record.action} {record.order_id}"
        self._sent.add(record.order_id)
        intent = self.asked.get(record.order_id)
        if intent is None:
            return f"{name} was sent, nobody had asked for it"
        if again:
            return f"{name} was sent again"
        if intent.origin == Origin.STRATEGY.value and record.order_id not in self._approved:
            return f"{name} was sent without an approval"
        if (record.action, record.target_id) != (intent.action, intent.target_id):
            return f"{name} was sent, asked for was {intent.action} of {intent.target_id}"
        return ""

    def arrived(self, record: VenueAccepted | VenueRejected) -> str | None:
        """What is wrong with an instruction at the venue's door; None for the venue's own change of an order."""
        if isinstance(record, VenueAccepted) and record.target_id == record.order_id:
            return None  # the venue has made it smaller
        again = record.order_id in self._arrived
        self._arrived.add(record.order_id)
        intent = self.asked.get(record.order_id)
        if intent is None:
            return f"order {record.order_id} came to the venue, nobody had asked for it"
        if isinstance(record, VenueAccepted):
            return _differs(record, intent, again=again)
        return f"order {record.order_id} came to the venue again" if again else ""


def _differs(record: VenueAccepted, intent: Intent, *, again: bool) -> str:
    """Where an order as the venue took it is not what was asked for."""
    name = f"order {record.order_id}"
    if again:
        return f"{name} came to the venue again"
    asked = (intent.symbol, intent.side)
    if (record.symbol, record.side) != asked or record.qty > intent.qty:
        side = "buy" if record.side > 0 else "sell"
        was = f"{'buy' if intent.side > 0 else 'sell'} {intent.qty:,} {intent.symbol}"
        return f"{name} came to the venue as {side} {record.qty:,} {record.symbol}, asked for was {was}"
    return ""
