"""``stress list`` and ``stress explain``: everything that has a name, and what it means."""

from __future__ import annotations

import pytest

from engine.cli.list import KINDS
from tests.cli.command import Stress


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_as_text_and_as_json(stress: Stress, kind: str) -> None:
    """The same names in the same order; something of each kind is shipped."""
    text, document = stress("list", kind), stress("list", kind, "--json").json
    names = [line.split()[0] for line in text.out.splitlines()]

    assert (text.code, text.err) == (0, "")
    assert (document["schema"], document["kind"]) == ("stress.list/1", kind)
    assert [entry["name"] for entry in document["entries"]] == names
    assert len(names) == len(set(names)) >= 1


def test_a_kind_may_be_said_in_the_singular(stress: Stress) -> None:
    """``stress list fault`` is what people type."""

    assert stress("list", "fault").out == stress("list", "faults").out


def test_an_unknown_kind_is_a_usage_error_with_the_nearest(stress: Stress) -> None:
    """Exit 2."""
    done = stress("list", "metrcs")

    assert (done.code, done.out) == (2, "")
    assert done.err == "stress: there is no kind 'metrcs'\ndid you mean metrics?\n"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("S201", "S201: "),
        ("s201", "S201: "),
        ("T707", "T707: run too short"),
        ("price_shock", "fault price_shock"),
        ("drawdown_pct", "metric drawdown_pct"),
        ("reduced", "market model reduced"),
        ("governor_held", "event governor_held (for must_happen)"),
        ("rts6.12", "control rts6.12: "),
        ("breaches", "gate breaches at gates.d/capital_core.yaml:"),
        ("flash_crash", "scenario flash_crash"),
        ("base/book_day", "base base/book_day (for extends)"),
        ("market_maker", "agents market_maker (in market.agents of an order_book)"),
        ("sell_program", "fault sell_program"),
        ("limits/equity_day", "limits limits/equity_day"),
    ],
)
def test_everything_with_a_name_can_be_explained(stress: Stress, name: str, first: str) -> None:
    """Codes, faults, metrics, models, events, controls, gates, documents."""
    done = stress("explain", name)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(first)
    assert len(done.out.splitlines()) > 2


def test_every_listed_code_can_be_explained(stress: Stress) -> None:
    """A code in an error message is never a dead end."""
    from engine.config.library import Library
    from engine.config.workspace import Workspace
    from engine.runs.catalogue import catalogue, explain
    from engine.runs.documents import KINDS as DOCUMENTS

    library = Library(Workspace.find(stress.folder), DOCUMENTS)
    pages = {code: explain(code, library) for code, _ in catalogue("codes", library)}

    assert [code for code, page in pages.items() if not page or not page.startswith(f"{code}: ")] == []


def test_an_unknown_name_is_a_usage_error_with_the_nearest(stress: Stress) -> None:
    """Exit 2."""
    done = stress("explain", "pric_shock")

    assert (done.code, done.out) == (2, "")
    assert done.err == "stress: nothing is called 'pric_shock'\ndid you mean price_shock?\n"


def test_a_name_near_nothing_says_where_to_look(stress: Stress) -> None:
    """No guess is better than a wild one."""
    done = stress("explain", "qqqqqqq")

    assert done.code == 2
    assert "stress list" in done.err


def test_a_name_that_a_fault_and_agents_share_has_both_pages(stress: Stress) -> None:
    """What the fault asks, and what the agents in a market take."""
    page = stress("explain", "sell_program").out

    assert page.index("fault sell_program") < page.index("agents sell_program (in market.agents")
    assert "drop_pct:" in page
    assert "shares: " in page.partition("agents sell_program")[2]


def test_a_model_shows_the_keys_of_its_blocks_and_which_agents_there_are(stress: Stress) -> None:
    """Each block's keys below it; of agents the words that have a page of their own."""
    lines = stress("explain", "order_book").out.splitlines()

    flow = next(place for place, line in enumerate(lines) if line.startswith("    flow: "))
    assert lines[flow + 1].startswith("      messages_per_s: ")
    assert "        cancel_times" not in lines
    assert any(line.startswith("        half_spread_ticks: ") for line in lines[flow:])
    agents = next(place for place, line in enumerate(lines) if line.startswith("  agents: "))
    assert lines[agents + 1] == (
        "    agent: market_maker, fundamental, momentum, stop_loss, sell_program (stress explain has a page of each)"
    )
