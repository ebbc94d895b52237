"""``stress explain``: what a code or a name means."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.base.errors import UsageError
from engine.cli.options import Workspace


def explain(
    name: Annotated[
        str, typer.Argument(help="A code such as S201, or a fault, metric, model, agent, event, gate, control.")
    ],
    workspace: Workspace = None,
) -> None:
    """Explain a name or a problem code.

    A fault, a metric, a market model, a kind of agent, an event, a gate, a control, or a code such as S201.
    """
    from engine.cli.terminal import say
    from engine.runs import catalogue
    from engine.runs.documents import open_library

    library = open_library(workspace)
    page = catalogue.explain(name, library)
    if page is None:
        close = catalogue.closest(name, library)
        hint = f"did you mean {close}?" if close else "stress list faults (metrics, codes, …) shows what there is"
        raise UsageError(f"nothing is called '{name}'", hint)
    say(page)
