"""The ``desk.governor`` documents: ours is built as it is, a Python class is found, built and checked."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.base.errors import ExitCode, PluginError
from engine.base.keys import key_of
from engine.domain.governance import APPROVED
from engine.domain.ports import Governor
from engine.trading.governor_documents import (
    GOVERNORS,
    DefectGovernorDocument,
    PythonGovernorDocument,
    ReferenceGovernorDocument,
)
from engine.trading.reference import ReferenceGovernor

from .plain_view import QQQ, SPY, buy, desk_view, limits

SOUND = """
from engine.domain.governance import APPROVED

calls = 0

class Yes:
    def __init__(self, limits, instruments, word="yes"):
        global calls
        calls += 1
        self.seen = (limits.limits, instruments[0].symbol, word, calls)
    def decide(self, order, view): return APPROVED
    def on_fill(self, fill, view): return ()
    def on_market(self, tick, view): return ()
    def on_control(self, control, view): return ()
    def on_timer(self, view): return ()
"""


@pytest.fixture(autouse=True)
def _import_path_is_left_alone() -> Iterator[None]:
    """The search path is only there while it searches."""
    before = list(sys.path)
    yield
    assert sys.path == before


def built(target: str, folder: Path | None, **options: object) -> Governor:
    """The governor of the target."""
    return PythonGovernorDocument(target=target, options=dict(options)).build(
        limits(), (SPY, QQQ), "2025-08-05", folder
    )


def refusal(target: str, folder: Path | None, **options: object) -> PluginError:
    """Why the target is refused."""
    with pytest.raises(PluginError) as caught:
        built(target, folder, **options)
    assert caught.value.exit_code is ExitCode.INVALID_DOCUMENT
    return caught.value


def test_each_kind_has_its_document() -> None:
    """And every field of a document says what it is."""
    assert {
        "reference": ReferenceGovernorDocument,
        "python": PythonGovernorDocument,
        "defect": DefectGovernorDocument,
    } == GOVERNORS
    for name, document in GOVERNORS.items():
        fields = {field.name: field for field in dataclasses.fields(document)}
        assert fields["kind"].default == name
        assert all(key_of(field).doc for field in fields.values())


def test_the_reference_governor_is_built() -> None:
    """With the limits of the desk."""
    ours = ReferenceGovernorDocument().build(limits(), (SPY, QQQ), "2025-08-05", None)

    assert isinstance(ours, ReferenceGovernor)
    assert ours.decide(buy(501), desk_view()).limit == 500


def test_a_class_of_the_workspace_is_built(tmp_path: Path) -> None:
    """It gets limits, instruments and its options, and no compiled file is left in the workspace."""
    (tmp_path / "mine.py").write_text(SOUND)

    theirs = built("mine:Yes", tmp_path, word="ja")

    assert theirs.decide(buy(1), desk_view()) == APPROVED
    assert vars(theirs)["seen"] == ("test", "SPY", "ja", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_a_class_in_a_package_is_built(tmp_path: Path) -> None:
    """Dots lead into folders."""
    (tmp_path / "our_desk").mkdir()
    (tmp_path / "our_desk" / "__init__.py").touch()
    (tmp_path / "our_desk" / "risk.py").write_text(SOUND)

    assert built("our_desk.risk:Yes", tmp_path).decide(buy(1), desk_view()) == APPROVED


def test_each_build_begins_with_a_fresh_module(tmp_path: Path) -> None:
    """Variables of the module, and of one it imports, do not live on from run to run; nor does its old text."""
    (tmp_path / "mine.py").write_text("from counting import Yes\n")
    (tmp_path / "counting.py").write_text(SOUND)
    first = vars(built("mine:Yes", tmp_path))["seen"]
    second = vars(built("mine:Yes", tmp_path))["seen"]
    (tmp_path / "counting.py").write_text(SOUND.replace('word="yes"', 'word="new"'))
    third = vars(built("mine:Yes", tmp_path))["seen"]

    assert (first[2:], second[2:], third[2:]) == (("yes", 1), ("yes", 1), ("new", 1))


def test_two_workspaces_may_use_one_name(tmp_path: Path) -> None:
    """Each gets its own."""
    for folder, word in (("a", "one"), ("b", "two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(SOUND.replace('word="yes"', f'word="{word}"'))

    words = [vars(built("mine:Yes", tmp_path / folder))["seen"][2] for folder in ("a", "b", "a")]

    assert words == ["one", "two", "one"]


def test_a_class_of_an_installed_package_is_built() -> None:
    """Without a workspace there is only what is installed."""
    with pytest.raises(PluginError, match=r"engine\.trading\.reference:ReferenceGovernor.*could not be built"):
        built("engine.trading.reference:ReferenceGovernor", None)
    theirs = built("engine.trading.reference:ReferenceGovernor", None, day="2025-08-05")

    assert isinstance(theirs, ReferenceGovernor)


def test_a_workspace_with_our_own_source_does_not_load_it_twice() -> None:
    """A second copy of the engine's classes would not be the engine's."""
    root = Path(__file__).parents[2]

    theirs = built("engine.trading.reference:ReferenceGovernor", root, day="2025-08-05")

    assert isinstance(theirs, ReferenceGovernor)


def test_a_missing_module_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    """The import error is chained."""
    (tmp_path / "my_governor.py").write_text(SOUND)

    error = refusal("my_govenor:Yes", tmp_path)

    assert "'my_govenor:Yes' was not found: no module 'my_govenor'" in error.reason
    assert error.instruction == "did you mean my_governor?"
    assert isinstance(error.__cause__, ModuleNotFoundError)


def test_a_missing_class_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    """Also when the name belongs to something that is no class."""
    (tmp_path / "mine.py").write_text(SOUND)

    assert refusal("mine:Yess", tmp_path).instruction == "did you mean Yes?"
    assert "has no class but something else named 'calls'" in refusal("mine:calls", tmp_path).reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 // 0\n", "importing mine raised ZeroDivisionError: integer division or modulo by zero"),
        ("def (:\n", "importing mine raised SyntaxError"),
        ("import not_there_at_all\n", "importing mine raised ModuleNotFoundError: No module named 'not_there_at_all'"),
    ],
)
def test_a_module_that_cannot_be_imported_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A module that another one misses is not called the governor's own."""
    (tmp_path / "mine.py").write_text(text)

    error = refusal("mine:Yes", tmp_path)

    assert words in error.reason
    assert error.__cause__ is not None


def test_a_class_that_does_not_take_the_keywords_is_refused(tmp_path: Path) -> None:
    """It says which ones it is called with; whatever else the constructor raises is told as well."""
    (tmp_path / "mine.py").write_text(SOUND)

    error = refusal("mine:Yes", tmp_path, colour="red")

    assert "could not be built: TypeError" in error.reason
    assert error.instruction == "it is called with the keywords limits, instruments, colour; let the class take them"
    assert isinstance(error.__cause__, TypeError)


def test_a_class_that_lacks_a_method_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    """A governor without on_fill would fail at the first fill."""
    (tmp_path / "mine.py").write_text(SOUND.replace("on_fill", "on_fills"))
    (tmp_path / "other.py").write_text(SOUND.replace("def on_timer(self, view): return ()", "on_timer = 3"))

    error = refusal("mine:Yes", tmp_path)

    assert (error.reason, error.instruction) == (
        "the governor 'mine:Yes' has no method 'on_fill'",
        "did you mean on_fills?",
    )
    assert "has no method 'on_timer'" in refusal("other:Yes", tmp_path).reason


def test_a_module_with_the_name_of_one_in_use_is_refused(tmp_path: Path) -> None:
    """It would otherwise be passed over in silence."""
    (tmp_path / "dataclasses.py").write_text(SOUND)

    error = refusal("dataclasses:Yes", tmp_path)

    assert "'dataclasses' has the name of a module that this program uses itself" in error.reason


@pytest.mark.parametrize("target", ["mine", "mine:", ":Yes", ""])
def test_a_target_that_is_none_is_refused(tmp_path: Path, target: str) -> None:
    """The loader refuses it by its pattern; so does the builder."""
    assert "package.module:Class was expected" in refusal(target, tmp_path).reason
