"""JUnit: what CI takes for a pass must be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reports.junit import junit_xml, printable
from engine.runs.result import FindingResult, HappeningResult, Result
from tests.runs.small import Desk


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The result of the small scenario, a PASS of three gates."""
    return Desk(tmp_path_factory.mktemp("junit")).run().result


def suite_of(result: Result) -> Any:
    """The one suite of the document, read back."""
    root = ElementTree.fromstring(junit_xml(result))  # noqa: S314 - our own text
    (suite,) = root

    assert root.tag == "testsuites"
    return suite


def counts(suite: Any) -> tuple[str, ...]:
    """tests, failures, errors, skipped as the suite says."""
    return tuple(suite.get(word) for word in ("tests", "failures", "errors", "skipped"))


def with_verdicts(result: Result, *verdicts: str) -> Result:
    """The result with these verdicts at its gates."""
    gates = [replace(gate, verdict=verdict) for gate, verdict in zip(result.gates, verdicts, strict=True)]
    return replace(result, gates=tuple(gates))


def test_a_pass_has_neither_failure_nor_error(passed: Result) -> None:
    """One case for each gate of each phase."""
    suite = suite_of(passed)

    assert counts(suite) == ("3", "0", "0", "0")
    assert suite.get("name") == "small"
    assert [case.get("classname") for case in suite.iter("testcase")] == [gate.phase for gate in passed.gates]


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        ("FAIL", "failure"),
        ("INVALID", "failure"),
        ("NO_EVIDENCE", "error"),
        ("ABORTED", "error"),
        ("DEFERRED", "skipped"),
    ],
)
def test_everything_but_a_pass_is_marked(passed: Result, verdict: str, tag: str) -> None:
    """A gate without a verdict is an error, never a green case."""
    suite = suite_of(with_verdicts(passed, verdict, "PASS", "WARN"))
    marked = [child.get("message") for case in suite.iter("testcase") for child in case.iter(tag)]

    assert marked == [passed.gates[0].reason]
    assert [int(number) for number in counts(suite)[1:]] == [tag == word for word in ("failure", "error", "skipped")]


def test_an_event_that_did_not_happen_is_an_error(passed: Result) -> None:
    """``must_happen`` has cases of its own."""
    missing = HappeningResult(event="governor_stopped", count=0, verdict="NO_EVIDENCE")
    suite = suite_of(replace(passed, must_happen=(missing,)))

    assert counts(suite) == ("4", "0", "1", "0")


def test_a_finding_that_forces_a_verdict_is_a_case(passed: Result) -> None:
    """A skipped fault is an error; a mere note is no case."""
    skipped = FindingResult(code="fault_skipped", verdict="NO_EVIDENCE", text="the fault 'crash' was skipped")
    note = FindingResult(code="note", text="just so you know")
    suite = suite_of(replace(passed, findings=(skipped, note)))
    cases = {(case.get("classname"), case.get("name")) for case in suite.iter("testcase")}

    assert counts(suite) == ("4", "0", "1", "0")
    assert ("finding", "fault_skipped") in cases


def test_the_suite_says_how_to_play_it_again(passed: Result) -> None:
    """Verdict, why, seed, fingerprint and command are properties."""
    properties = {item.get("name"): item.get("value") for item in suite_of(passed).iter("property")}

    assert properties == {
        "verdict": passed.verdict,
        "why": passed.why,
        "seed": str(passed.seed),
        "fingerprint": passed.fingerprint,
        "reproduce": passed.reproduce,
    }


def test_a_case_leads_to_its_gates_line(passed: Result) -> None:
    """File and line, as editors open them."""
    suite = suite_of(passed)

    assert {text.text for text in suite.iter("system-out")} == {f"{gate.file}:{gate.line}" for gate in passed.gates}


@given(st.text())
def test_any_text_makes_a_well_formed_document(passed: Result, text: str) -> None:
    """A reason may hold angle brackets, quotes and control characters, for it may come from somebody's code."""
    gate = replace(passed.gates[0], verdict="FAIL", reason=text, id=text)
    suite = suite_of(replace(passed, gates=(gate,), why=text, scenario=text))

    assert counts(suite) == ("1", "1", "0", "0")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\tb\nc", "a\tb\nc"), ("\x00\x1b[31m", "��[31m"), ("\ud800", "�"), ("\ufffe\uffff", "��"), ("é–✗", "é–✗")],
)
def test_printable_keeps_what_xml_can_hold(text: str, shown: str) -> None:
    """Anything else becomes a replacement character."""

    assert printable(text) == shown


def test_the_file_is_utf_8(passed: Result, tmp_path: Path) -> None:
    """As its first line says."""
    path = tmp_path / "out.xml"
    path.write_text(junit_xml(passed), encoding="utf-8")

    assert ElementTree.parse(path).getroot().tag == "testsuites"  # noqa: S314 - our own file
