"""What is odd in Bitstamp's order events: orders far off the market, coarse stamps, orders from before the file."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from engine.base.units import NS_PER_MS
from engine.market.bitstamp import OrderEvent
from engine.market.quality import DataFinding, Findings

FAR_PCT = 20.0
"""So far off the running median price an order cannot trade in any ordinary minute."""
MEDIAN_ORDERS = 1001
"""The running median is that of so many order prices."""
_ENOUGH_ORDERS = 20
_MS_PER_S = 1000


class BitstampChecks:
    """Looks at each event in turn; memory grows with live orders only."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file, self._findings = file, findings
        self._last_ms: int | None = None
        self._median = RunningMedian(MEDIAN_ORDERS)
        self._live: set[int] = set()
        self._first_unknown: OrderEvent | None = None
        self._unknown, self._events, self._whole_seconds = 0, 0, 0

    def add(self, event: OrderEvent) -> None:
        """The next event."""
        self._events += 1
        self._whole_seconds += event.exchange_ms % _MS_PER_S == 0
        self._order(event)
        self._life(event)
        if event.action == "created":
            self._distance(event)
            self._median.add(event.price)

    def finish(self) -> None:
        """Say what only the whole file shows. Call once, at the end."""
        if self._first_unknown is not None:
            first = self._first_unknown
            text = f"order {first.order_id} is {first.action} but does not live: older than the file, or gone"
            self._enter("unknown_order", first, text, self._unknown)
        if self._events > 1 and self._whole_seconds == self._events:
            text = f"all {self._events:,} exchange stamps are whole seconds: only the local stamps order the events"
            finding = DataFinding("whole_second_stamps", self._file, 2, text, None)
            self._findings.add_lot(finding.code, self._events, [finding])

    def _order(self, event: OrderEvent) -> None:
        last_ms, self._last_ms = self._last_ms, event.local_ms
        if last_ms is not None and event.local_ms < last_ms:
            self._enter(
                "out_of_order", event, f"the time is {last_ms - event.local_ms} ms before that of the row above"
            )

    def _life(self, event: OrderEvent) -> None:
        if event.action == "created":
            self._live.add(event.order_id)
            if not event.volume:
                self._enter("zero_size", event, f"order {event.order_id} is created with no volume")
            return
        if event.order_id not in self._live:
            self._unknown += 1
            self._first_unknown = self._first_unknown or event
        if event.action == "deleted":
            self._live.discard(event.order_id)

    def _distance(self, event: OrderEvent) -> None:
        if len(self._median) < _ENOUGH_ORDERS:
            return
        usual = self._median.value
        off = event.price - usual
        if 100 * abs(off) >= FAR_PCT * usual:
            off_pct = 100 * off / usual
            where = "above" if off_pct > 0 else "below"
            text = (
                f"the {event.direction} at {event.price:,.2f} rests {abs(off_pct):.0f} % {where} the usual {usual:,.2f}"
            )
            self._enter("far_price", event, text)

    def _enter(self, code: str, event: OrderEvent, text: str, count: int = 1) -> None:
        finding = DataFinding(code, self._file, event.row, text, event.local_ms * NS_PER_MS)
        self._findings.add_lot(code, count, [finding])


class RunningMedian:
    """The median of the last so many values."""

    def __init__(self, most: int) -> None:
        self._recent: deque[float] = deque(maxlen=most)
        self._sorted: list[float] = []

    def __len__(self) -> int:
        """How many values it is the median of."""
        return len(self._sorted)

    @property
    def value(self) -> float:
        """The median: of an even number of values, the upper one in the middle."""
        return self._sorted[len(self._sorted) // 2]

    def add(self, value: float) -> None:
        """The next value; the oldest one falls out."""
        if len(self._recent) == self._recent.maxlen:
            del self._sorted[bisect_left(self._sorted, self._recent[0])]
        self._recent.append(value)
        insort(self._sorted, value)
