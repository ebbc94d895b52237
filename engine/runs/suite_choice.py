"""Which runs of a suite are played: all, those whose name has a word, those that failed the last time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.base.errors import NotReadyError, UsageError
from engine.gates.verdict import Verdict
from engine.runs.suite_plan import SuiteJob

SUITE_FILE = "suite.json"
_HELD = (Verdict.PASS, Verdict.WARN)


def having(jobs: Sequence[SuiteJob], words: str) -> tuple[SuiteJob, ...]:
    """Those of *jobs* whose name (``flash_crash s42``) has *words*: ``flash``, ``flash or flood``, ``not tape``.

    Raise UsageError if none has.
    """
    chosen = tuple(job for job in jobs if has_words(job.name, words))
    if not chosen:
        names = ", ".join(dict.fromkeys(job.scenario for job in jobs))
        raise UsageError(f"-k {words}: no scenario of the suite has that in its name", f"it has {names}")
    return chosen


def has_words(name: str, words: str) -> bool:
    """Whether *name* has one of the alternatives of ``a or b and not c``."""
    return any(_has(name, alternative.strip()) for alternative in words.split(" or "))


def _has(name: str, words: str) -> bool:
    """Whether *name* has each word of ``a and not b``."""
    for word in words.split(" and "):
        bare = word.strip().removeprefix("not ").strip()
        if (bare in name) == word.strip().startswith("not "):
            return False
    return True


def failed_last(jobs: Sequence[SuiteJob], results: Path, suite: str) -> tuple[SuiteJob, ...]:
    """Those of *jobs* that were neither PASS nor WARN in the last run of *suite*; all of them if each was.

    Raise NotReadyError if the suite was not run yet.
    """
    found = [read for path in results.glob(f"*/{SUITE_FILE}") if (read := _read(path)).get("suite") == suite]
    if not found:
        raise NotReadyError(
            f"--lf: no run of the suite {suite} is in {results.name}/", f"run it whole first: stress run {suite}"
        )
    last = max(found, key=lambda read: (read["timing"]["began"], read["run_id"]))
    failed = {(run["scenario"], run["seed"]) for run in last["runs"] if run["verdict"] not in _HELD}
    return tuple(job for job in jobs if (job.scenario, job.seed) in failed) or tuple(jobs)


def _read(path: Path) -> dict[str, Any]:
    """A suite's result; nothing if it is damaged."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
