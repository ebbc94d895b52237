"""Every realism figure of one day, real or simulated, by one code."""

from __future__ import annotations

from engine.market.realism_book import book_figures, sanity_figures
from engine.market.realism_flow import flow_figures, messages_by_half_hour
from engine.market.realism_names import FIGURES, IMPACT
from engine.market.realism_returns import over_midday, return_figures, volatility_by_half_hour
from engine.market.recording import Recording


def figures(recording: Recording, skip_s: float) -> dict[str, float]:
    """Every figure of a day but those of impact, by name; NaN where the day does not define it.

    The first *skip_s* seconds of the session are left out; the shape of the day and what must never happen are about
    all of it.
    """
    part = recording.since(skip_s)
    found = {
        **return_figures(part),
        **flow_figures(part),
        **book_figures(part),
        **_shape(recording),
        **sanity_figures(recording),
    }
    return {name: found[name] for name in FIGURES if name not in IMPACT}


def _shape(recording: Recording) -> dict[str, float]:
    named = {}
    for name, by_half_hour in (
        ("messages", messages_by_half_hour(recording)),
        ("volatility", volatility_by_half_hour(recording)),
    ):
        named[f"{name}_open_over_midday"], named[f"{name}_close_over_midday"] = over_midday(by_half_hour)
    return named
