"""Loading and checking 100 scenario files of 60 lines each, as ``stress validate`` does.

The files are made from the shipped flash crash: each has a name and figures of its own, and extends the same base,
limits and gate sets. Every round begins with a library that has read nothing.

    python bench/load.py [--quick]
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from common import Case, amount, asked_quick, cpu_s, heading, measured, same, table

from engine.config.workspace import share
from engine.runs.check import check_document
from engine.runs.documents import open_library

FILES, LINES = 100, 60
BUDGET_S = 1.0
"""For all files together (design, part 13): 10 ms a file."""


def main() -> None:
    """Make the files in a folder that is removed again, measure, print."""
    quick = asked_quick(f"Load and check {FILES} scenario files of {LINES} lines.")
    with TemporaryDirectory(prefix="stress-bench-") as folder:
        files = write_files(Path(folder))
        texts = [file.read_text(encoding="utf-8") for file in files]
        checking = partial(check_all, Path(folder), files)
        first_s = cpu_s(checking)
        cases = (
            Case("yaml.safe_load (yardstick)", same(partial(read_all, texts, yaml.SafeLoader)), FILES, "file"),
            Case("yaml.CSafeLoader", same(partial(read_all, texts, yaml.CSafeLoader)), FILES, "file"),
            Case("load and check", same(checking), FILES, "file", BUDGET_S / FILES),
        )
        figures = measured(cases, quick=quick)
    print(heading(f"{FILES} scenario files of {LINES} lines", clock="CPU time of this process", quick=quick))
    print(table(figures))
    print(f"\nall {FILES} files the very first time, with the import of jsonschema: {amount(first_s)}")


def write_files(folder: Path) -> list[Path]:
    """Make *folder* a workspace of 100 scenarios; their files."""
    (folder / "stress.yaml").write_text("settings: bench\n", encoding="utf-8")
    (folder / "scenarios.d").mkdir()
    template = (share("scenarios.d") / "flash_crash.yaml").read_text(encoding="utf-8")
    files = []
    for number in range(FILES):
        file = folder / "scenarios.d" / f"flash_crash_{number:03}.yaml"
        file.write_text(scenario_text(template, number), encoding="utf-8")
        files.append(file)
    return files


def scenario_text(template: str, number: int) -> str:
    """The flash crash under another name and with other figures, in exactly 60 lines.

    Blank lines and comments go first, then the runs known to fail, the summary, what must happen; tags fill up.
    """
    text = template.replace("scenario: flash_crash", f"scenario: flash_crash_{number:03}")
    text = text.replace("default: 15", f"default: {5 + number / 10:g}").replace("at_s: 300", f"at_s: {200 + number}")
    text = re.sub(r"(?m)^ *(#.*)?\n", "", text)
    for part in ("known_red", "summary", "must_happen"):
        if text.count("\n") > LINES:
            text = re.sub(rf"(?m)^{part}:.*\n(?:[ -].*\n)*", "", text)
    missing = LINES - text.count("\n")
    if missing < 0:
        raise ValueError(f"a scenario of at most {LINES} lines was expected, was {LINES - missing} lines")
    return text.replace("tags:\n", "tags:\n" + "".join(f"  - bench_{tag}\n" for tag in range(missing)))


def read_all(texts: list[str], loader: type[yaml.SafeLoader | yaml.CSafeLoader]) -> None:
    """Only parse and construct, as a program without checks would."""
    for text in texts:
        yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders


def check_all(folder: Path, files: list[Path]) -> None:
    """Load, extend, fill in, check and bind every file. Raise ValueError if one is not valid."""
    library = open_library(folder)
    for file in files:
        check_document(library, str(file))
    if library.problems.errors:
        raise ValueError(f"valid scenarios were expected, was:\n{library.problems.render()}")


if __name__ == "__main__":
    main()
