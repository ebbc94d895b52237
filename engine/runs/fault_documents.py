"""The documents that faults name: loaded like any other input of the run, and put into the fault."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from engine.base.keys import key_of, yaml_name
from engine.config.library import Library, Loaded
from engine.runs.documents import KINDS
from engine.runs.scenario import Scenario, TimelineItem

BY_WORD = {kind.word: kind for kind in KINDS}


def with_documents(library: Library, loaded: Loaded[Scenario]) -> Scenario:
    """The scenario whose faults hold the documents that they name; what cannot be loaded is collected as a problem.

    A fault's key made with ``document="arrivals"`` names one; it goes into the field ``<name>_document``.
    """
    timeline = (_item(library, loaded, place, item) for place, item in enumerate(loaded.value.timeline))
    return replace(loaded.value, timeline=tuple(timeline))


def _item(library: Library, loaded: Loaded[Scenario], place: int, item: TimelineItem) -> TimelineItem:
    found: dict[str, Any] = {}
    for field in fields(item.with_) if item.with_ is not None else ():
        kind, named = key_of(field).document, getattr(item.with_, field.name)
        if kind is not None and named is not None:
            asked_at = loaded.mark("timeline", place, "with", yaml_name(field))
            document = library.load(BY_WORD[kind], named, asked_at=asked_at)
            found[f"{field.name}_document"] = document.value if document is not None else None
    return replace(item, with_=replace(item.with_, **found)) if found else item
