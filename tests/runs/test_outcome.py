"""The result: complete, by its schema, without this machine in it, and the same each time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.runs.outcome import finite
from engine.runs.save import plain, save
from engine.runs.schemas import schema_files
from engine.trading.limits_sha import limits_sha
from tests.market.samples import write_tape
from tests.runs.small import LATE_FEED, LATENCY, Desk, Run


def leaves(value: Any) -> Iterator[Any]:
    """Every scalar of a document, keys included."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def paths_in(document: Any) -> list[str]:
    """Every text of a document that is, or holds, an absolute path."""
    texts = [text for text in leaves(document) if isinstance(text, str)]
    return [text for text in texts if text.startswith("/") or "=/" in text or " /" in text]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"timeline": []},
        {"timeline": [LATE_FEED | {"with": {"add_ms": 0}}]},
        {"timeline": [LATE_FEED | {"for_s": 0.0001}], "must_happen": ["governor_stopped"]},
    ],
    ids=["pass", "calm", "skipped", "no bite"],
)
def test_every_result_is_valid_by_its_committed_schema(desk: Desk, changes: dict[str, Any]) -> None:
    """What ``schemas/result.schema.json`` promises is what is written, absent values left out."""
    schema = json.loads((Path(__file__).parents[2] / "schemas/result.schema.json").read_text())
    result = plain(desk.run(**changes).result)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(result)))

    assert None not in list(leaves(result))


def test_the_committed_schema_is_the_generated_one() -> None:
    """Byte for byte."""
    committed = (Path(__file__).parents[2] / "schemas/result.schema.json").read_text()

    assert committed == schema_files()["result.schema.json"]


def test_an_aborted_result_is_valid_too(desk: Desk) -> None:
    """Also when it was ended in the warm-up and nothing was seen."""
    schema = json.loads(schema_files()["result.schema.json"])
    result = plain(desk.run(look=lambda _t_ns: False).result)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(result)))

    assert result["verdict"] == "ABORTED"


def test_no_figure_is_beyond_all_numbers(desk: Desk) -> None:
    """A NaN effect and an unanswered order are left out, so any JSON reader can read it."""
    cut = {"id": "cut", "at_s": 100, "fault": "broker_disconnect", "for_s": 10}
    result = plain(desk.run(timeline=[LATE_FEED | {"for_s": 0.0001}, cut]).result)

    assert json.loads(json.dumps(result, allow_nan=False)) == json.loads(json.dumps(result))


@pytest.mark.parametrize(("value", "kept"), [(1.5, 1.5), (0.0, 0.0), (math.nan, None), (math.inf, None), (None, None)])
def test_finite_keeps_what_json_has(value: float | None, kept: float | None) -> None:
    """NaN and infinity become absent."""

    assert finite(value) == kept


def test_the_same_run_has_the_same_result(desk: Desk, small_run: Run) -> None:
    """Twice in one process: everything but the run's name and its wall-clock figures is equal."""
    again = plain(desk.run().result)

    assert again == plain(small_run.result)


def test_another_seed_has_another_fingerprint(desk: Desk, small_run: Run) -> None:
    """The seed is the seed of all chance."""

    assert desk.run(seed=8).result.fingerprint != small_run.result.fingerprint


def test_a_result_holds_no_path_of_this_machine(small_run: Run) -> None:
    """Neither the workspace's nor the package's."""
    result = plain(small_run.result)

    assert paths_in(result) == []
    assert str(Path.home()) not in json.dumps(result)


def test_a_tape_named_by_an_absolute_path_leaves_no_trace_of_it(desk: Desk, tmp_path: Path) -> None:
    """``--set tape=/home/…`` is recorded by its last name and by the digests of its files."""
    folder = tmp_path / "elsewhere" / "tape"
    folder.mkdir(parents=True)
    quotes = [((t, 1, 100, 100.0, 1), ((100.02, 300), (100.00, 200 + t % 3))) for t in range(201)]
    write_tape(folder, quotes, name="TEST_2025-08-05_34200000_57600000")
    run = desk.run(
        sets={"tape": str(folder)},
        params={"tape": {"default": "tapes/none"}},
        market={"model": "replay", "tape": "${tape}", "symbol": "TEST"},
    )
    saved = save(tmp_path / "results", run.played, run.assessment, run.result)

    assert (run.result.params, run.result.overrides) == ({"tape": "tape"}, ("--set tape=tape",))
    assert [source.name.rpartition("_")[0] for source in run.result.inputs if "TEST" in source.name] == [
        "TEST_2025-08-05_34200000_57600000_message",
        "TEST_2025-08-05_34200000_57600000_orderbook",
    ]
    assert [path.name for path in saved.iterdir() if str(tmp_path).encode() in path.read_bytes()] == []


def test_wall_clock_stands_only_under_timing_and_run_id(desk: Desk) -> None:
    """Whatever the caller measured comes back under ``timing`` and nowhere else."""
    from engine.runs.outcome import result_of

    run = desk.run()
    timed = result_of(run.played, run.assessment, "other", {"wall_s": 12.5, "began": "2031-01-01"})
    before, after = plain(run.result), plain(timed)

    assert {name for name in after if before[name] != after[name]} == {"run_id", "timing"}


def test_gates_stand_worst_first(desk: Desk) -> None:
    """What a reader has to see is on top, DEFERRED at the end."""
    gates = [
        {"gate": "memory", "metric": "memory_growth_mb", "basis": "measured", "fail_from": 50},
        {"gate": "fine", "metric": "feed_age_ms", "stat": "max", "fail_from": 9e9},
        {"gate": "warned", "metric": "feed_age_ms", "stat": "max", "warn_from": 1, "fail_from": 9e9},
        {"gate": "red", "metric": "feed_age_ms", "stat": "max", "fail_from": 1},
    ]
    run = desk.run(LATENCY, gates=gates, before_faults={"gates": []}, after_faults={"gates": ["small"], "within_s": 20})
    order = [gate.verdict for gate in run.result.gates]

    assert order == ["FAIL", "WARN", "PASS", "PASS", "DEFERRED"]


def test_a_warning_is_its_own_verdict_and_ends_in_exit_0(desk: Desk) -> None:
    """WARN holds the certificate, not the command; the headline and the why-sentence name it."""
    age = {"gate": "age", "metric": "feed_age_ms", "stat": "max", "warn_from": 1, "fail_from": 9e9}
    run = desk.run(LATENCY, gates=["small", age])

    assert (run.result.verdict, run.result.exit_code) == ("WARN", 0)
    assert run.result.why.startswith("age: ")


def test_a_gate_carries_everything_to_believe_it(small_run: Run) -> None:
    """Place, statistic, window, basis, value, threshold, n, bound, instant."""
    gate = small_run.gate("decision_p90")

    assert (gate.file.endswith("gates.d/small.yaml"), gate.line, gate.metric, gate.stat) == (
        True,
        3,
        "decision_latency_ms",
        "p90",
    )
    assert (gate.window, gate.basis, gate.fail, gate.decided_at_ns) == (
        "run, 20-200 s",
        "modelled",
        "must stay below 15 ms",
        200 * 10**9,
    )
    assert gate.value_text == f"{gate.value:.3g} ms"
    assert gate.n > 1_000
    assert gate.margin_pct == pytest.approx((15 - gate.value) / 15 * 100)


def test_the_reproduce_command_names_file_changes_and_seed(desk: Desk) -> None:
    """Copied into a shell it plays the run again."""
    params = {"add_ms": {"default": 200}}
    run = desk.run(sets={"add_ms": "150"}, params=params, timeline=[LATE_FEED | {"with": {"add_ms": "${add_ms}"}}])
    path = run.played.plan.path

    assert run.result.reproduce == f"stress run {path} --set add_ms=150 --seed 7"
    assert run.result.overrides == ("--set add_ms=150",)


def test_a_series_is_there_for_every_judged_metric_and_the_markets_own(small_run: Run) -> None:
    """At most 2,000 points each."""

    assert set(small_run.result.series) == {"decision_latency_ms", "depth_shares", "equity_usd", "mid_drop_pct"}
    assert all(0 < len(series.t_ns) <= 2_000 for series in small_run.result.series.values())


def test_the_subject_names_what_was_tested(small_run: Run) -> None:
    """Which governor, limits and profile."""

    assert small_run.result.subject == {
        "governor": "reference",
        "limits": "equity_day",
        "limits_sha256": limits_sha(small_run.played.plan.limits),
        "profile": "default",
    }
