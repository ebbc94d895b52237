"""Whatever stands in a document, there is a document or a list of problems, never an exception."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.config.writer import write_yaml

from .documents import BASE, RECIPE, Recipe

SCALARS = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        3,
        2.5,
        "",
        "x",
        "oven",
        "grill",
        "fruit",
        "sugar",
        "plum",
        "09:30",
        "${g}",
        "${zz}",
        "${",
        "a b",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "fill",
                    "with",
                    "kind",
                    "heat_pct",
                    "bars",
                    "grams",
                    "sort",
                    "gate",
                    "reason",
                    "default",
                    "min",
                    "max",
                    "g",
                    "secret",
                    "start",
                    "run_for_s",
                    "must_happen",
                    "odd:key",
                    "password",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(
    st.sampled_from([*(name.rstrip("_") for name in Recipe.__dataclass_fields__ if name != "recipe"), "odd"]),
    VALUES,
    max_size=6,
)


def load(document: dict[str, Any], base: dict[str, Any], sets: dict[str, str]) -> Library:
    """A library that has loaded *document*, which may extend *base*."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "recipes.d/base").mkdir(parents=True)
        (root / "stress.yaml").write_text("settings: kitchen\n", encoding="utf-8")
        (root / "recipes.d/base/plain.yaml").write_text(BASE, encoding="utf-8")
        (root / "recipes.d/base/odd.yaml").write_text(write_yaml({"dough": "odd", **base}), encoding="utf-8")
        (root / "recipes.d/doc.yaml").write_text(write_yaml({"recipe": "doc", **document}), encoding="utf-8")
        library = Library(Workspace.find(root), [RECIPE])
        loaded = library.load(RECIPE, "doc", sets=sets)
        assert (loaded is None) == bool(library.problems.errors), library.problems.render()
        assert library.problems.render()
        return library


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENTS, DOCUMENTS, st.sampled_from(["base/odd", "base/plain", "doc", None]), st.sampled_from(["", "1", "x"]))
def test_no_document_raises(document: Any, base: Any, extends: str | None, given_text: str) -> None:
    """Wrong types at every level, partial bases, loops, and parameters where there are none."""
    document = document | ({"extends": extends} if extends else {})

    load(document, base, {"g": given_text} if given_text else {})


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=60), st.sampled_from([b"", b"recipe: doc\n", b"recipe: doc\nsteps:\n  - "]))
def test_no_bytes_raise(data: bytes, head: bytes) -> None:
    """Not even those that are no text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doc.yaml"
        path.write_bytes(head + data)
        library = Library(Workspace.find(Path(folder)), [RECIPE])
        loaded = library.load_any(str(path))

        assert (loaded is None) == bool(library.problems.errors)
        assert library.problems.render()
