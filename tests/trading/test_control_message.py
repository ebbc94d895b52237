"""The control message: what it asks for, what its schema refuses, and that a desk obeys it once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config.schema import schema_of
from engine.config.validator import errors_of, resolved
from engine.domain.governance import FIRM, Control, Level, SetState
from engine.domain.records import ControlGiven
from engine.kernel.world import World
from engine.trading.control_message import ControlMessage

from .desk_world import MemoryVenue, Ruler, Script, desk_in


def errors(**said: Any) -> list[str]:
    """What the published schema refuses of a message."""
    whole = {"id": "m1", "verb": "stop", "by": "ann"} | said
    found = errors_of(resolved(schema_of(ControlMessage, "effective")), whole)
    return [str(error.message) for error in found]


@pytest.mark.parametrize(
    ("verb", "level", "asked"),
    [
        ("pause", None, Level.HOLD),
        ("stop", None, Level.L2),
        ("stop", "L1", Level.L1),
        ("stop", "L4", Level.L4),
        ("flatten", None, Level.L3),
        ("resume", None, Level.RUNNING),
    ],
)
def test_a_verb_asks_for_a_level(verb: Any, level: Any, asked: Level) -> None:
    """A stop that does not say how far takes new risk and working orders away, and keeps the position."""
    message = ControlMessage(id="m1", verb=verb, level=level, by="ann", reason="drill")

    assert message.asked is asked
    assert message.control() == Control(verb, FIRM, asked, "ann", reason="drill", message_id="m1")


@pytest.mark.parametrize("said", [{}, {"scope": "strategy:main"}, {"scope": "BRK.A"}, {"level": "L3", "reason": "x"}])
def test_the_schema_takes_a_message(said: dict[str, Any]) -> None:
    """With an id, a verb and a person it is whole."""
    assert errors(**said) == []


@pytest.mark.parametrize(
    "said",
    [
        {"id": ""},
        {"id": "two words"},
        {"verb": "explode"},
        {"verb": "override"},
        {"scope": ""},
        {"scope": "two words"},
        {"level": "L5"},
        {"level": 2},
        {"by": ""},
        {"by": " "},
        {"more": 1},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_none(said: dict[str, Any]) -> None:
    """Each by its own key: as a whole message it would pass."""
    assert errors(**said) != []


def test_the_schema_needs_id_verb_and_person() -> None:
    """Nobody, nothing and no name are not enough."""
    found = errors_of(resolved(schema_of(ControlMessage, "effective")), {})

    assert sorted(str(error.message).split("'")[1] for error in found) == ["by", "id", "verb"]


def test_a_desk_obeys_a_message_once() -> None:
    """Delivered twice, it is acknowledged and not obeyed again; another id is another message."""
    world = World(1)
    governor = Ruler(commands=(SetState(FIRM, Level.L2, "stop", 0),))
    desk = desk_in(world, MemoryVenue(world), Script(), governor)
    message = ControlMessage(id="m1", verb="stop", by="ann", reason="drill")

    assert [desk.receive(message), desk.receive(message)] == [True, False]
    assert world.log.of(ControlGiven) == [ControlGiven(0, "stop", FIRM, 3, "ann", "drill", "m1")]
    assert desk.receive(ControlMessage(id="m2", verb="stop", by="ann"))
