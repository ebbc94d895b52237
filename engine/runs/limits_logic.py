"""What a schema cannot see in limits: steps out of order, losses beyond the capital, one person who signs for two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from engine.config.library import Library, Loaded
from engine.config.problems import Problem
from engine.gates.wording import number
from engine.trading.limits import (
    Bound,
    FirmLimits,
    GroupLimits,
    InstrumentLimits,
    Limits,
    LossBound,
    RateBound,
    WindowBound,
)

Path = tuple[str | int, ...]

ALL_PCT = 100.0
"""A fall of everything, and a price that is worth nothing."""
APPROVERS = 2
"""Two people: whoever wants a limit does not approve it alone."""


class LimitsProblem(NamedTuple):
    """One problem of a limits document: where, its code, what is wrong and what to do."""

    path: Path
    code: str
    message: str
    help: str


def limits_logic(limits: Limits) -> list[LimitsProblem]:
    """Every problem of *limits*, from the top of the document to its end."""
    found = [*_approvers(limits.approved_by), *_steps(("firm",), limits.firm)]
    found += [*_loss(limits), *_drawdown(limits.firm.drawdown_pct)]
    for symbol, own in limits.instrument.items():
        place: Path = ("instrument", symbol)
        found += [*_steps(place, own), *_collar((*place, "price_collar_pct"), own.price_collar_pct)]
    for place, group in _groups(limits):
        found += [*_steps(place, group), *_collar((*place, "price_collar_pct"), group.price_collar_pct)]
    return found


def report_limits(library: Library, loaded: Loaded[Limits]) -> None:
    """Collect what a schema cannot see in a limits document, each problem at its own line."""
    for found in limits_logic(loaded.value):
        library.problems.add(Problem(found.code, found.message, loaded.mark(*found.path), found.help))


def _approvers(names: tuple[str, ...]) -> Iterator[LimitsProblem]:
    """Each name once, whatever its case, and at least two of them."""
    seen: dict[str, str] = {}
    twice = False
    for place, name in enumerate(names):
        folded = " ".join(name.split()).casefold()
        if folded in seen:
            twice = True
            message = f"'{name}' approves twice" + (f", before as '{seen[folded]}'" if seen[folded] != name else "")
            yield LimitsProblem(("approved_by", place), "R354", message, "name another person, or take this one out")
        elif folded:
            seen[folded] = name
    if len(seen) < APPROVERS and not twice:
        message = f"two different people were expected in approved_by, was {len(seen) or 'none'}"
        yield LimitsProblem(("approved_by",), "R354", message, "let a second person approve the limits, and name both")


def _steps(place: Path, group: FirmLimits | InstrumentLimits | GroupLimits) -> Iterator[LimitsProblem]:
    """Of every limit of *group*, no step beyond the next one that is given."""
    for name, limit in vars(group).items():
        given = list(_given(limit).items())
        for (step, value), (after, end) in pairwise(given):
            if value > end:
                yield LimitsProblem(
                    (*place, name, step),
                    "R350",
                    f"{name}: {step} {number(value, end)} lies beyond {after} {number(end, value)}",
                    f"{step} is to be met before {after}: lower {step}, or raise {after}",
                )


def _groups(limits: Limits) -> Iterator[tuple[Path, GroupLimits]]:
    """Every group of limits beside the firm's and the instruments', with its place."""
    if limits.desk is not None:
        yield ("desk",), limits.desk
    for kind, named in (("trader", limits.trader), ("strategy", limits.strategy)):
        for name, group in named.items():
            yield (kind, name), group


def _loss(limits: Limits) -> Iterator[LimitsProblem]:
    capital = limits.capital_usd
    for step, value in _given(limits.firm.daily_loss_usd).items():
        if value > capital:
            yield LimitsProblem(
                ("firm", "daily_loss_usd", step),
                "R351",
                f"daily_loss_usd: {step} {number(value, capital)} is more than capital_usd {number(capital)}",
                "a desk cannot be allowed to lose more than it has: lower it",
            )


def _drawdown(limit: LossBound | None) -> Iterator[LimitsProblem]:
    for step, value in _given(limit).items():
        if value > ALL_PCT:
            yield LimitsProblem(
                ("firm", "drawdown_pct", step),
                "R352",
                f"drawdown_pct: {step} {number(value, ALL_PCT)} was given, {number(ALL_PCT)} or less was expected",
                "it is the fall of equity in percent of its highest point: 3 is 3 %",
            )


def _collar(place: Path, limit: Bound | None) -> Iterator[LimitsProblem]:
    for step, value in _given(limit).items():
        if value >= ALL_PCT:
            yield LimitsProblem(
                (*place, step),
                "R353",
                f"price_collar_pct: {step} {number(value)} was given, less than {number(ALL_PCT)} was expected",
                "a collar this wide lets a sale at any price through: 5 is 5 % away from the reference price",
            )


def _given(limit: object) -> Mapping[str, float]:
    """The steps that *limit* gives, from the first to be met to the last; nothing of what has no steps."""
    if not isinstance(limit, Bound | LossBound | RateBound | WindowBound):
        return {}
    return {step: value for step, value in vars(limit).items() if value is not None and step != "window_ms"}
