"""Flows to test with: opened at a price, on streams of a seed; and what they do, counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_S
from engine.kernel.streams import stream
from engine.market.book_arrays import MESSAGE_NS, RECORDING
from engine.market.flow import Flow
from engine.market.flow_arrays import ARRIVALS
from engine.market.flow_document import Activity, FlowDocument, Uncertainty
from engine.market.order_book_laboratory import opened

TICK = 22_300
CALM = FlowDocument(
    activity=Activity(fast_deviation=0, slow_deviation=0, half_hours=(1.0,)),
    uncertainty=Uncertainty(deviation=0, half_hours=(1.0,)),
)
"""The shipped flow without its clocks and its shape: its rates are known exactly."""


def flow(document: FlowDocument = CALM, seed: int = 1, *, tick: int = TICK, recorded: bool = False) -> Flow:
    """A flow at time 0."""
    each = opened(document, "AMZN", tick, lambda name: stream(seed, name))
    each.book.record(on=recorded)
    return each


def played(document: FlowDocument = CALM, seed: int = 1, *, s: float, tick: int = TICK, recorded: bool = False) -> Flow:
    """A flow after *s* seconds."""
    each = flow(document, seed, tick=tick, recorded=recorded)
    each.run(round(s * NS_PER_S))
    return each


def messages(each: Flow) -> NDArray[np.int64]:
    """What was recorded, a row for each change of the book."""
    assert each.book.memory[RECORDING]
    return each.book.messages()


def per_s(rows: NDArray[np.int64], s: int) -> NDArray[np.int64]:
    """Changes of the book in each of *s* seconds."""
    counts: NDArray[np.int64] = np.bincount(rows[:, MESSAGE_NS] // NS_PER_S, minlength=s)[:s]
    return counts


def arrivals(each: Flow) -> int:
    """Messages so far, reactions among them."""
    return int(each.book.memory[ARRIVALS])


def changed(document: FlowDocument, part: str, **figures: object) -> FlowDocument:
    """The same with other *figures* in one part."""
    return replace(document, **{part: replace(getattr(document, part), **figures)})
