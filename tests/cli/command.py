"""Starts the command ``stress`` in a process of its own, the way a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("stress")
TIMEOUT_S = 120


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit code and what it said where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Stress:
    """``stress`` started in *folder*, with these variables added to the environment."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str | Path) -> Done:
        """Run it to its end."""
        done = subprocess.run(
            [COMMAND, *map(str, words)],
            cwd=self.folder,
            env=self.environment(),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start it and return at once; its streams are pipes."""
        return subprocess.Popen(
            [COMMAND, *map(str, words)],
            cwd=self.folder,
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def environment(self) -> dict[str, str]:
        """The environment that it gets: this one's, without what would change its output, and the variables."""
        unwanted = {"NO_COLOR", "PYTHONHASHSEED", "COLUMNS", "TERM"}
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        return kept | {"TERM": "xterm-256color"} | self.variables

    def results(self) -> list[Path]:
        """The run folders it left, half-written ones included, oldest first."""
        return sorted((self.folder / "results").glob("*")) + sorted((self.folder / "results").glob(".*"))
