"""The desk's second source of prices: the venue's quotes by another line, to hold the first one against.

It takes part in nothing: no strategy sees it and nothing is valued by it. The governor compares the two
(``source_disagreement_pct`` of the limits), since a feed that lags, froze or says nonsense looks sound by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.quotes import Quote, Tick
from engine.kernel.world import World


@dataclass(frozen=True, kw_only=True)
class CheckSourceDocument:
    """A second source of prices."""

    delay_ms: float = key("How long a quote takes from the venue to the desk, in milliseconds", min=0, max=60_000)


class CheckSource:
    """Carries the venue's quotes to *on_quote*, each after the same delay; faults of the feed spare it."""

    def __init__(self, world: World, document: CheckSourceDocument, on_quote: Callable[[Quote], object]) -> None:
        self._world = world
        self._delay_ns = ns_from_ms(document.delay_ms)
        self._on_quote = on_quote

    def send(self, tick: Tick) -> None:
        """The venue says *tick* now; trades are left out."""
        if isinstance(tick, Quote):
            self._world.at(self._world.now_ns + self._delay_ns, partial(self._on_quote, tick))
