"""JUnit: a test suite is a scenario, a case is a gate, a failure's text is the gate's sentence."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.base.units import s_from_ns
from engine.runs.result import GateResult, Result
from engine.runs.suite_result import SuiteResult, SuiteRun

_FAILING = ("FAIL", "INVALID")
_WITHOUT_VERDICT = ("NO_EVIDENCE", "ABORTED")


def junit_xml(result: Result) -> str:
    """*result* as a JUnit document. What has no verdict is an error, so no CI takes it for a pass."""
    return _document([_suite(result, result.scenario)])


def junit_suite_xml(suite: SuiteResult, results: Mapping[str, Result]) -> str:
    """The runs of a suite as a JUnit document, a test suite each; *results* are those played, by run id.

    A run that left no result is a test suite with one case, an error.
    """
    return _document([_run_suite(run, results) for run in suite.runs])


def _run_suite(run: SuiteRun, results: Mapping[str, Result]) -> Element:
    name = f"{run.scenario} s{run.seed}"
    if run.run_id is not None and run.run_id in results:
        return _suite(results[run.run_id], name)
    case = _case("run", run.state)
    _outcome(case, run.verdict, run.why)
    element = Element("testsuite", _counts(name, [case], run.wall_s or 0.0))
    element.append(case)
    return element


def _document(suites: list[Element]) -> str:
    root = Element("testsuites")
    root.extend(suites)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(result: Result, name: str) -> Element:
    cases = [_gate_case(gate) for gate in result.gates]
    cases += [_event_case(event.event, event.verdict) for event in result.must_happen]
    cases += [_finding_case(found.code, found.text, found.verdict) for found in result.findings if found.verdict]
    suite = Element("testsuite", _counts(name, cases, float(result.timing.get("wall_s", 0.0))))
    properties = SubElement(suite, "properties")
    for name, value in (
        ("verdict", result.verdict),
        ("why", result.why),
        ("seed", str(result.seed)),
        ("fingerprint", result.fingerprint),
        ("reproduce", result.reproduce),
    ):
        SubElement(properties, "property", {"name": name, "value": printable(value)})
    suite.extend(cases)
    return suite


def _counts(name: str, cases: list[Element], wall_s: float) -> dict[str, str]:
    def number(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    return {
        "name": printable(name),
        "tests": str(len(cases)),
        "failures": number("failure"),
        "errors": number("error"),
        "skipped": number("skipped"),
        "time": f"{wall_s:.3f}",
    }


def _gate_case(gate: GateResult) -> Element:
    case = _case(gate.phase, gate.id)
    case.set("time", f"{s_from_ns(gate.decided_at_ns):.3f}")
    _outcome(case, gate.verdict, gate.reason)
    if gate.file:
        SubElement(case, "system-out").text = printable(f"{gate.file}:{gate.line}")
    return case


def _event_case(event: str, verdict: str) -> Element:
    case = _case("must_happen", event)
    _outcome(case, verdict, f"{event} must happen")
    return case


def _finding_case(code: str, text: str, verdict: str) -> Element:
    case = _case("finding", code)
    _outcome(case, verdict, text)
    return case


def _case(group: str, name: str) -> Element:
    return Element("testcase", {"classname": group, "name": printable(name)})


def _outcome(case: Element, verdict: str, text: str) -> None:
    if verdict in _FAILING:
        SubElement(case, "failure", {"type": verdict, "message": printable(text)}).text = printable(text)
    elif verdict in _WITHOUT_VERDICT:
        SubElement(case, "error", {"type": verdict, "message": printable(text)}).text = printable(text)
    elif verdict == "DEFERRED":
        SubElement(case, "skipped", {"message": printable(text)})


def printable(text: str) -> str:
    """*text* without the characters that XML 1.0 cannot hold."""
    return "".join(char if _is_xml(char) else "�" for char in text)


def _is_xml(char: str) -> bool:
    """Whether XML 1.0 has *char* (its production 2): no control character, no surrogate, no U+FFFE and U+FFFF."""
    return char in "\t\n\r" or "\x20" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
