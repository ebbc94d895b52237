"""What a fault is: a document with a process that injects and heals, and a check that it bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from engine.faults import faults
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

F = TypeVar("F", bound="type[Fault]")

BITE_SHARE = 0.8
"""A fault has bitten when at least this share of what was asked for is seen from outside."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What was seen of a fault: ``value`` of ``metric`` against ``needed`` and ``most``, all in ``unit``.

    A value that could not be read is NaN, and has not held. More than ``most`` is not what was asked for either.
    """

    metric: str
    value: float
    needed: float
    unit: str
    most: float = math.inf

    @property
    def held(self) -> bool:
        """Whether the fault did what was asked for. NaN has not."""
        return self.needed <= self.value <= self.most

    @property
    def overshot(self) -> bool:
        """Whether the fault did much more than was asked for."""
        return self.value > self.most


@runtime_checkable
class Fault(Protocol):
    """One kind of trouble. The class is a frozen document; its module's name is its name in YAML.

    A fault that pulls levers of the market names them in a class variable ``needs_levers``: a scenario whose market
    does not obey them is then refused when it is loaded. One that hits more than one thing may have a method
    ``more_effects`` (as ``effect``, a tuple of them): what was seen beside its own effect; all of them must hold.
    One that touches something else than a symbol or the whole desk may have a method ``touches``: what it touches, by
    names; two of its kind may then play at the same time if they have no name in common.
    """

    clocks: ClassVar[tuple[str, ...]]
    """The clocks it can run on: ``simulated``, ``live``."""
    no_effect: ClassVar[Mapping[str, float]]
    """The parameter values at which it would do nothing; an item that stands there is skipped, and says so."""

    @property
    def own_length_s(self) -> float | None:
        """How long it lasts by itself; None if the timeline item has to say so with ``for_s``."""
        ...

    def symbols(self) -> tuple[str, ...]:
        """The instruments it names."""
        ...

    def play(self, site: Site, heal: Event) -> Process:
        """Inject, wait for *heal* (or the fault's own end), and put right what can be put right."""
        ...

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """What was seen of it, from outside, relative to what was asked for."""
        ...


def needed_levers(fault: Fault) -> frozenset[str]:
    """The fields of :class:`engine.domain.ports.Levers` that *fault* pulls, as it declares."""
    declared: frozenset[str] = getattr(fault, "needs_levers", frozenset())
    return declared


def touched_by(fault: Fault) -> tuple[str, ...]:
    """What *fault* touches, by names: its symbols, unless it says otherwise."""
    touches: Callable[[], tuple[str, ...]] = getattr(fault, "touches", fault.symbols)
    return touches()


def effects_of(fault: Fault, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
    """Everything that was seen of *fault*: its own effect, and what it looks at beside it."""
    more: Callable[[EventLog, int, int], tuple[Effect, ...]] | None = getattr(fault, "more_effects", None)
    own = fault.effect(log, t0_ns, heal_ns)
    return (own, *more(log, t0_ns, heal_ns)) if more is not None else (own,)


def fault(cls: F) -> F:
    """Enter the decorated document class as the fault of its module's name."""
    module = cls.__module__
    faults.add(module.rpartition(".")[2], module, cls)
    return cls
