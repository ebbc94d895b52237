"""The market that is to be measured: that of a scenario or a base, or a model with its shipped parameters."""

from __future__ import annotations

from typing import Any

from engine.base.errors import UsageError
from engine.base.words import nearest
from engine.config.bind import bind
from engine.config.library import Library
from engine.config.node import Node, find, plain
from engine.config.problems import DocumentError
from engine.market import models
from engine.market.realism_document import Realism
from engine.market.realism_laboratory import calibrated
from engine.runs.documents import REALISM, SCENARIO


def market_of(library: Library, name: str) -> Any:
    """The market document behind *name*: a model, or a scenario or base by file or name.

    Raise DocumentError if that document is invalid, UsageError if a base has no market of its own that is complete.
    """
    if name in models:
        return calibrated(name)
    if (close := nearest(name, models.names())) and "." not in name and "/" not in name and not _known(library, name):
        raise UsageError(f"nothing that could be measured is called '{name}'", f"did you mean the model {close}?")
    loaded = library.load(SCENARIO, name)
    library.raise_problems()
    if loaded is None:
        raise DocumentError(library.problems)
    return _market_of_base(library, name) if library.is_base(name) else loaded.value.market


def bands(library: Library, name: str) -> Realism:
    """The realism document *name*. Raise DocumentError if it is invalid or not there."""
    loaded = library.load(REALISM, name)
    library.raise_problems()
    if loaded is None:
        raise DocumentError(library.problems)
    return loaded.value


def _known(library: Library, name: str) -> bool:
    return name in (*library.names(SCENARIO), *library.base_names(SCENARIO))


def _market_of_base(library: Library, name: str) -> Any:
    """A base is incomplete; its market need not be."""
    tree = library.tree(name)
    market: Node | None = find(tree, ("market",)) if tree is not None else None
    data = plain(market) if market is not None else None
    if not isinstance(data, dict) or data.get("model") not in models:
        raise UsageError(f"the base {name} names no market model", "name a scenario that extends it")
    try:
        return bind(models.get(data["model"]), data)
    except TypeError as incomplete:  # a dataclass that lacks a value
        raise UsageError(
            f"the market of the base {name} is incomplete", "name a scenario that extends it"
        ) from incomplete
