"""What every entry of the registry ``models`` offers: a document that builds its market."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from engine.base.errors import ExitCode, StressError
from engine.domain.ports import MarketModel
from engine.kernel.world import World


class ModelDocument(Protocol):
    """The ``market`` part of a scenario, once its model is known.

    It may have a property ``symbols``: what it trades, where the document says so. `stress validate` then finds a
    wrong symbol without the market's data.
    """

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> MarketModel:
        """The market of this document, at time 0.

        *open_s* is ``clock.start`` in seconds after midnight of the exchange; *find* turns a path of the document
        into a file (raise NotReadyError there if it may not be read).
        """
        ...


class MarketError(StressError):
    """A market that cannot be built from its document."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT
