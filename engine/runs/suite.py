"""The Suite document: the scenarios that are played, and certify, together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key

NAME = r"^[a-z][a-z0-9_]*$"
NAME_HELP = "small letters, digits and _, beginning with a letter"


@dataclass(frozen=True, kw_only=True)
class SuiteItem:
    """A scenario of a suite."""

    scenario: str = key("Name of the scenario", example="flash_crash")
    seeds: tuple[int, ...] = key(
        "Seeds to play it with; without any those of the suite, else the scenario's own",
        default=(),
        min=0,
        max=2**63 - 1,
    )
    needs: str | None = key(
        "What it needs that is not shipped, in words; said when it is not there",
        default=None,
        example="A LOBSTER day of AMZN in tapes/lobster-amzn-2012-06-21",
    )


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Scenarios that are played together, each with its seeds, and judged as one."""

    suite: str = key("Name of the suite", pattern=NAME, pattern_help=NAME_HELP)
    title: str = key("What it is for, in a few words")
    owner: str = key("The team that answers for it")
    summary: str = key("What it shows and what not, in plain words", default="")
    seeds: tuple[int, ...] = key(
        "Seeds to play every scenario with; without any, each scenario's own", default=(), min=0, max=2**63 - 1
    )
    scenarios: tuple[SuiteItem, ...] = key("What is played", min=1, by_id="scenario")
    require_measured: tuple[str, ...] = key(
        "Gates of basis 'measured' that a live run has to decide; a simulated one defers them", default=()
    )
