"""Saving a run: result, effective scenario, event log and log lines, written whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.config.writer import write_json, write_yaml
from engine.domain.records import (
    ControlGiven,
    FaultHealed,
    FaultSkipped,
    FaultStarted,
    GovernorState,
    PhaseStarted,
    Record,
)
from engine.metrics.folds import places
from engine.runs.assess import Assessment
from engine.runs.play import Played
from engine.runs.result import Result
from engine.stores.run_folder import write_run_folder

_TOLD: tuple[type[Record], ...] = (PhaseStarted, FaultStarted, FaultHealed, FaultSkipped, GovernorState, ControlGiven)
_PLAIN = frozenset({int, float, str, bool})
_FILE = re.compile(r'File "(/[^"]*)"')


def save(results: Path, played: Played, assessment: Assessment, result: Result) -> Path:
    """Write ``results/<run-id>`` and return it. Raise NotReadyError if it cannot be written."""
    log = played.built.site.world.log
    checkpoints = [dataclasses.asdict(checkpoint) for checkpoint in log.checkpoints]
    return write_run_folder(
        results,
        result.run_id,
        {
            "result.json": lambda path: _text(path, write_json(plain(result))),
            "scenario.effective.yaml": lambda path: _text(path, write_yaml(played.plan.effective)),
            "events": log.write,
            "checkpoints.json": lambda path: _text(path, write_json(checkpoints)),
            "log.jsonl": lambda path: _text(path, "".join(_log_lines(played, assessment))),
        },
    )


def plain(value: Any) -> Any:
    """*value* as JSON has it: mappings by YAML key, absent values left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = ((field.name.rstrip("_"), getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(item) for name, item in items if item is not None}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [item if type(item) in _PLAIN else plain(item) for item in value]
    return value


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _log_lines(played: Played, assessment: Assessment) -> Iterator[str]:
    """What a person looks for first, one JSON object per line: phases, faults, states, failures with tracebacks."""
    log = played.built.site.world.log
    where = places(log)
    told = ((place, record) for kind in _TOLD for place, record in zip(where[kind].tolist(), log.of(kind), strict=True))
    for _, record in sorted(told, key=lambda found: found[0]):
        yield _line({"event": type(record).__name__, **record._asdict()})
    for failed, traceback in played.built.governor_failures:
        yield _line({"event": "GovernorFailed", **failed._asdict(), "traceback": _short_paths(traceback)})
    for found in assessment.findings:
        yield _line({"event": "finding", "code": found.code, "text": found.text, "t_ns": found.t_ns})


def _short_paths(traceback: str) -> str:
    """A traceback without this machine's folders: each file by its last two names."""
    return _FILE.sub(lambda found: f'File "{"/".join(Path(found[1]).parts[-2:])}"', traceback)


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"
