"""JUnit: the suite is the scenario, a case is a gate, a failure's text is the gate's sentence."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.base.units import s_from_ns
from engine.runs.result import GateResult, Result

_FAILING = ("FAIL", "INVALID")
_WITHOUT_VERDICT = ("NO_EVIDENCE", "ABORTED")


def junit_xml(result: Result) -> str:
    """*result* as a JUnit document. What has no verdict is an error, so no CI takes it for a pass."""
    cases = [_gate_case(gate) for gate in result.gates]
    cases += [_event_case(event.event, event.verdict) for event in result.must_happen]
    cases += [_finding_case(found.code, found.text, found.verdict) for found in result.findings if found.verdict]
    suite = Element("testsuite", _counts(result, cases))
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
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _counts(result: Result, cases: list[Element]) -> dict[str, str]:
    def number(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    return {
        "name": printable(result.scenario),
        "tests": str(len(cases)),
        "failures": number("failure"),
        "errors": number("error"),
        "skipped": number("skipped"),
        "time": f"{float(result.timing.get('wall_s', 0.0)):.3f}",
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
