"""The document Controls: the catalogue of regulatory and industry controls, and what is evidence for each.

Coverage is computed from it, never declared: a control is tested when one of its metrics was judged and, where
it names reason codes, when one order was denied with such a code and one was let through, both counted at the venue
(:mod:`engine.runs.coverage`). What may be declared is only that no run of this tool can ever test it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key
from engine.metrics import metrics
from engine.trading.reasons import REASONS as GOVERNOR_REASONS

REASONS = (*(reason.code for reason in GOVERNOR_REASONS), "governor_failed")
"""The reason codes of the reference governor; a user's own governor is asked to speak them too."""

Grade = Literal["P", "Q", "N", "M"]


def reason_codes() -> tuple[str, ...]:
    """Every reason code that a control may name."""
    return REASONS


@dataclass(frozen=True, kw_only=True)
class ControlEntry:
    """One control: the rule it comes from, what it asks for in our words, and what is evidence for it here."""

    tag: str = key(
        "The word that scenarios and gates use",
        pattern=r"^[a-z][a-z0-9]*([.-][a-z0-9]+)*$",
        pattern_help="small letters and digits, parted by dots and dashes",
        example="rts6.15.1a",
    )
    rule: str = key("Where it stands in the rule")
    requirement: str = key("What it asks for, in our words; not the rule's text")
    source: str = key("What was read")
    grade: Grade = key(
        "P: the primary text was read; Q: it was read as quoted in another document; N: news or secondary; "
        "M: general knowledge, never printed in a certificate"
    )
    metrics: tuple[str, ...] = key("Metrics whose judged gates are evidence for it", choices=metrics.names, default=())
    reasons: tuple[str, ...] = key(
        "Reason codes with which the governor shows that it works", choices=reason_codes, default=()
    )
    outside: str | None = key("Why no run of this tool can ever test it, in one sentence", default=None)


@dataclass(frozen=True, kw_only=True)
class Controls:
    """The catalogue of controls."""

    controls: str = key(
        "Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _"
    )
    title: str = key("What it is, in a few words", default="")
    entries: tuple[ControlEntry, ...] = key("The controls", min=1, by_id="tag")

    def tags(self) -> tuple[str, ...]:
        """Every tag, in the order of the document."""
        return tuple(entry.tag for entry in self.entries)

    def entry(self, tag: str) -> ControlEntry:
        """The control of this *tag*. Raise KeyError if there is none."""
        found = next((entry for entry in self.entries if entry.tag == tag), None)
        if found is None:
            raise KeyError(tag)
        return found

    def unknown(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Those of *tags* that the catalogue does not have, in their order."""
        known = set(self.tags())
        return tuple(tag for tag in tags if tag not in known)
