"""The control message: how a person or a system commands a desk, simulated or live.

One message is one document, published as ``schemas/control.schema.json``. It is delivered at least once: a message
whose id has been obeyed is acknowledged and not obeyed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key
from engine.domain.governance import FIRM, Control, Level

Verb = Literal["pause", "resume", "stop", "flatten"]
StopLevel = Literal["L1", "L2", "L3", "L4"]

SCOPE = r"^[A-Za-z0-9][A-Za-z0-9_.:/-]*$"
SCOPE_HELP = "firm, venue, strategy:NAME or a symbol"
DEFAULT_STOP: StopLevel = "L2"
"""No new risk, and every working order cancelled; the position stays unless flattening is asked for."""


@dataclass(frozen=True, kw_only=True)
class ControlMessage:
    """A command to a desk's governor: pause, resume, stop or flatten."""

    id: str = key("Name of the message; one that was obeyed is not obeyed again", pattern=r"^\S{1,100}$")
    verb: Verb = key("What is wanted: pause holds, stop latches, flatten gives the position up, resume ends either")
    scope: str = key("What it is wanted for", default=FIRM, pattern=SCOPE, pattern_help=SCOPE_HELP)
    level: StopLevel | None = key(
        "How far a stop goes: L1 no new risk, L2 and working orders cancelled, L3 and flattened, L4 and disconnected; "
        "without it L2",
        default=None,
    )
    by: str = key("Who commands; one person, and re-arming takes two", pattern=r"^\S.{0,99}$")
    reason: str = key("Why, in a few words", default="")

    @property
    def asked(self) -> Level:
        """The level that the scope must reach; RUNNING for a resume."""
        match self.verb:
            case "pause":
                return Level.HOLD
            case "stop":
                return Level[self.level or DEFAULT_STOP]
            case "flatten":
                return Level.L3
            case "resume":
                return Level.RUNNING

    def control(self) -> Control:
        """The command as the governor is given it."""
        return Control(self.verb, self.scope, self.asked, self.by, reason=self.reason, message_id=self.id)
