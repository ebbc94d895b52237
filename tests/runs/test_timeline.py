"""The timeline: when each fault begins and heals, and every way in which that can be impossible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.units import NS_PER_S
from engine.config.problems import DocumentError
from engine.runs.timeline import converge_from_ns, plan_timeline, timeline_rows
from tests.runs.small import Desk, problems_of


def late(name: str = "late", **when: Any) -> dict[str, Any]:
    """A late feed of 30 seconds at some time; a key that is None is left out."""
    item = {"id": name, "fault": "feed_delay", "with": {"add_ms": 200}, "for_s": 30} | when
    return {word: value for word, value in item.items() if value is not None}


def shock(name: str = "shock", over_s: float = 20, **when: Any) -> dict[str, Any]:
    """A price shock, which ends by itself after *over_s*."""
    fault = {"fault": "price_shock", "with": {"symbol": "SPY", "drop_pct": 2, "over_s": over_s}}
    return {"id": name} | fault | when


def found(desk: Desk, *timeline: dict[str, Any], **changes: Any) -> list[tuple[str, str]]:
    """Code and message of each problem with a timeline."""
    return [(problem.code, problem.message) for problem in problems_of(desk, timeline=list(timeline), **changes)]


@pytest.mark.parametrize(
    ("when", "was"),
    [
        ({}, "none of them"),
        ({"at_s": 60, "at_time": "09:31:00"}, "at_s and at_time"),
        ({"at_s": 60, "after": "late"}, "at_s and after"),
        ({"at_s": 60, "at_time": "09:31:00", "after": "late"}, "at_s and at_time and after"),
    ],
)
def test_an_item_needs_exactly_one_time(desk: Desk, when: dict[str, Any], was: str) -> None:
    """None, two or three times are refused with what was said."""

    assert found(desk, late(**when)) == [
        ("T701", f"item 'late' needs one of at_s, at_time, after; it has {was}"),
    ]


def test_after_must_name_an_item_and_the_nearest_is_offered(desk: Desk) -> None:
    """A misspelt item gets the right word."""
    problems = problems_of(desk, timeline=[late("slow_feed", at_s=60), shock(after="slow_fed")])

    assert [(p.code, p.message, p.help) for p in problems] == [
        ("T702", "there is no item 'slow_fed' to come after", "did you mean 'slow_feed'?")
    ]


def test_after_a_stranger_lists_the_items(desk: Desk) -> None:
    """Where no word is near, all of them are named."""
    problems = problems_of(desk, timeline=[late("slow_feed", at_s=60), shock(after="zzz")])

    assert [p.help for p in problems] == ["the items are slow_feed, shock"]


def test_items_that_wait_for_each_other_are_refused(desk: Desk) -> None:
    """A circle has no beginning, and each of its items is named."""

    assert found(desk, late("one", after="two"), shock("two", after="one")) == [
        ("T703", "item 'one' waits, item by item, for itself"),
        ("T703", "item 'two' waits, item by item, for itself"),
    ]


def test_an_item_that_waits_for_itself_is_refused(desk: Desk) -> None:
    """The smallest circle is one."""

    assert found(desk, late("one", after="one")) == [("T703", "item 'one' waits, item by item, for itself")]


def test_a_circle_is_found_beside_a_misspelt_item(desk: Desk) -> None:
    """All problems in one pass: one mistake does not hide another."""
    timeline = (late("one", after="two"), shock("two", after="one"), late("three", after="zzz"))

    assert [code for code, _ in found(desk, *timeline)] == ["T703", "T703", "T702"]


def test_an_item_after_a_broken_one_is_not_blamed_for_it(desk: Desk) -> None:
    """Only the cause is a problem, not what hangs on it."""

    assert [code for code, _ in found(desk, late("one"), shock("two", after="one"))] == ["T701"]


def test_a_fault_without_an_end_of_its_own_needs_for_s(desk: Desk) -> None:
    """A feed delay does not end by itself."""

    assert found(desk, late(at_s=60, for_s=None)) == [
        ("T704", "item 'late' needs for_s: feed_delay does not end by itself")
    ]


def test_a_fault_with_an_end_of_its_own_takes_no_for_s(desk: Desk) -> None:
    """Two lengths could contradict each other."""

    assert found(desk, shock(at_s=60, for_s=5)) == [("T705", "price_shock lasts as long as its own parameters say")]


@pytest.mark.parametrize("at_s", [0, 5, 20])
def test_a_fault_inside_the_warm_up_is_refused(desk: Desk, at_s: float) -> None:
    """The desk must be seen without faults first, so the end of the warm-up itself is too early."""

    assert found(desk, late(at_s=at_s)) == [
        ("T706", f"item 'late' begins at {at_s} s, inside the warm-up of 20 s"),
    ]


def test_a_fault_just_after_the_warm_up_is_allowed(desk: Desk) -> None:
    """One tenth of a second is later."""

    assert found(desk, late(at_s=20.1)) == []


def test_a_time_of_day_before_the_start_is_called_so(desk: Desk) -> None:
    """09:00 lies before a clock that starts at 09:30; a negative second would tell nobody."""

    assert found(desk, late(at_time="09:00:00")) == [
        ("T706", "item 'late' begins at 09:00:00, before the clock starts (09:30:00)")
    ]


@pytest.mark.parametrize(("run_for_s", "refused"), [(110, False), (109.9, True)])
def test_the_run_must_last_until_the_desk_has_converged(desk: Desk, run_for_s: float, *, refused: bool) -> None:
    """60 + 30 + within_s 20: 110 seconds are enough, less is not."""
    clock = {"start": "2025-08-05T09:30:00-04:00", "run_for_s": run_for_s, "warmup_s": 20}
    problems = problems_of(desk, timeline=[late(at_s=60)], clock=clock)

    assert [(p.code, p.help) for p in problems] == ([("T707", "set run_for_s to at least 110")] if refused else [])


def test_the_length_that_a_short_run_is_told_is_enough(desk: Desk) -> None:
    """A fault that heals at 90.26 s needs 110.26 s: whole seconds, rounded up, and said with what they are for."""
    clock = {"start": "2025-08-05T09:30:00-04:00", "run_for_s": 110, "warmup_s": 20}
    (problem,) = problems_of(desk, timeline=[late(at_s=60.26)], clock=clock)

    assert problem.message.endswith("heals at 90.26 s, and the desk must be seen for 20 s after that")
    assert problem.help == "set run_for_s to at least 111"
    assert problems_of(desk, timeline=[late(at_s=60.26)], clock=clock | {"run_for_s": 111}) == []


def test_a_run_too_short_for_several_items_says_once_how_long_it_must_be(desk: Desk) -> None:
    """The help for the longest is enough for all."""
    problems = problems_of(desk, timeline=[late(at_s=180), shock(at_s=190, over_s=60)])

    assert [(p.code, p.help) for p in problems] == [("T707", "set run_for_s to at least 270")]


def test_the_same_fault_twice_at_a_time_is_refused(desk: Desk) -> None:
    """Two feed delays at once could not be told apart."""

    assert found(desk, late("one", at_s=60), late("two", at_s=80)) == [
        ("T708", "items 'one' and 'two' inject feed_delay at the same time")
    ]


@pytest.mark.parametrize(
    ("others", "refused"), [({"QQQ": 1.2}, False), ({"QQQ": 1.2, "SPY": 0.9}, True), ({"IWM": 1.0}, True)]
)
def test_two_shocks_at_a_time_may_have_no_symbol_in_common(desk: Desk, others: dict[str, float], refused: bool) -> None:
    """Whoever leads: the fall of a symbol that two shocks hit could not be told apart."""
    names = ["SPY", "QQQ", "IWM", "DIA"]
    market = {"model": "reduced", "instruments": [{"symbol": name, "price": 100} for name in names]}
    one = shock("one", at_s=60) | {"with": {"symbol": "SPY", "beta": {"IWM": 1.0}, "drop_pct": 2, "over_s": 20}}
    two = shock("two", at_s=70) | {"with": {"symbol": "DIA", "beta": others, "drop_pct": 2, "over_s": 20}}
    said = [("T708", "items 'one' and 'two' inject price_shock at the same time")] if refused else []

    assert found(desk, one, two, market=market) == said


def test_the_same_fault_may_follow_at_once(desk: Desk) -> None:
    """Where one ends the other may begin."""

    assert found(desk, late("one", at_s=60), late("two", at_s=90)) == []


def test_different_faults_may_overlap(desk: Desk) -> None:
    """A crash with a late feed is the point of the exercise."""

    assert found(desk, late(at_s=60), shock(at_s=60)) == []


def test_a_symbol_that_the_market_does_not_have_is_found_before_anything_plays(desk: Desk) -> None:
    """SPX is near SPY, and says so."""
    stranger = shock(at_s=60) | {"with": {"symbol": "SPX", "drop_pct": 2, "over_s": 9}}
    with pytest.raises(DocumentError, match=r"\[T709\]: the market has no instrument 'SPX'(.|\n)*did you mean 'SPY'\?"):
        desk.run(timeline=[stranger])


def test_two_items_of_one_name_are_refused(desk: Desk) -> None:
    """The second says where the first is."""
    codes = [code for code, _ in found(desk, late("one", at_s=60), shock("one", at_s=60))]

    assert codes
    assert set(codes) <= {"S211", "T712"}


def test_problems_stand_at_their_line(desk: Desk) -> None:
    """The caret is on the item, in the file that has it."""
    (problem,) = problems_of(desk, timeline=[late("one", at_s=60), shock("two", after="non")])
    lines = (desk.folder / "scenarios.d/small.yaml").read_text().splitlines()

    assert problem.mark is not None
    assert problem.mark.file.endswith("scenarios.d/small.yaml")
    assert lines[problem.mark.line - 1].strip() == "after: non"


def test_a_time_of_day_is_the_exchanges(desk: Desk) -> None:
    """09:31:30 is 90 seconds after a start at 09:30:00."""
    plan = desk.plan(timeline=[late(at_time="09:31:30")])

    assert [injection.t0_ns for injection in plan.injections] == [90 * NS_PER_S]


def test_after_begins_at_the_end_of_the_other_item(desk: Desk) -> None:
    """Chains follow for_s and a fault's own length alike, whatever the order in the document."""
    chain = [
        late("third", after="second", plus_s=5, for_s=10),
        shock("second", over_s=20, after="first", plus_s=2.5),
        late("first", at_s=40, for_s=30),
    ]
    plan = desk.plan(timeline=chain)

    assert [(i.item.id, i.t0_ns / NS_PER_S, i.heal_ns / NS_PER_S) for i in plan.injections] == [
        ("first", 40, 70),
        ("second", 72.5, 92.5),
        ("third", 97.5, 107.5),
    ]


def test_the_after_window_begins_ten_seconds_before_the_deadline(desk: Desk) -> None:
    """Last heal 90 s, within 20 s: judged from 100 s on."""
    plan = desk.plan()

    assert converge_from_ns(plan.scenario, plan.injections) == (90 * NS_PER_S, 100 * NS_PER_S)


def test_a_deadline_under_ten_seconds_is_judged_from_the_heal(desk: Desk) -> None:
    """The window never begins before the last fault has healed."""
    plan = desk.plan(after_faults={"gates": ["small"], "within_s": 3})

    assert converge_from_ns(plan.scenario, plan.injections) == (90 * NS_PER_S, 90 * NS_PER_S)


def test_rows_tell_the_run_in_order(desk: Desk) -> None:
    """What ``stress show --timeline`` prints."""
    plan = desk.plan()

    assert timeline_rows(plan.scenario, plan.injections) == [
        (0.0, "warm-up begins"),
        (20, "before_faults: the desk is judged without faults"),
        (60.0, "late (feed_delay) begins"),
        (90.0, "late (feed_delay) is over"),
        (90.0, "every fault is over, the desk converges"),
        (100.0, "after_faults: the desk is judged again"),
        (200, "end"),
    ]


def test_rows_say_what_is_skipped(desk: Desk) -> None:
    """An item at its no-effect value is not hidden."""
    plan = desk.plan(timeline=[late(at_s=60) | {"with": {"add_ms": 0}}])

    assert (60.0, "late (feed_delay) is skipped: add_ms is 0, at which feed_delay does nothing") in timeline_rows(
        plan.scenario, plan.injections
    )


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function from gaps and lengths of a chain to its injections, without files in between."""
    from dataclasses import replace

    folder: Path = tmp_path_factory.mktemp("chain")
    scenario = Desk(folder).plan().scenario
    (item,) = scenario.timeline

    def plan(steps: list[tuple[int, int]]) -> Any:
        chain = [
            replace(
                item,
                id=f"n{place}",
                at_s=21.0 if place == 0 else None,
                after=f"n{place - 1}" if place else None,
                plus_s=float(gap_s) if place else 0.0,
                for_s=float(length_s),
            )
            for place, (gap_s, length_s) in enumerate(steps)
        ]
        clock = replace(scenario.clock, run_for_s=86_400.0)
        return plan_timeline(replace(scenario, clock=clock, timeline=tuple(reversed(chain))), {})

    return plan


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1, max_size=8))
def test_a_chain_takes_the_sum_of_its_gaps_and_lengths(planner: Any, steps: list[tuple[int, int]]) -> None:
    """However long the chain and however it is written down, its last item ends where the sums say."""
    injections, problems = planner(steps)
    gaps_s = sum(gap for gap, _ in steps[1:])

    assert problems == []
    assert injections[-1].heal_ns == (21 + gaps_s + sum(length for _, length in steps)) * NS_PER_S
