"""The registry: names are modules, plugins load like built-ins, and what does not load stops the program."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.base.errors import PluginError
from engine.base.registry import Registry

PACKAGE = "colours_of_the_test"
HEAD = """
from engine.base.registry import Registry
colours = Registry("colour", __name__)
"""


ENTERS = f"""
from {PACKAGE} import colours
@colours.register(lambda cls: cls)
class Thing:
    pass
"""


Make = Callable[..., "Registry[type]"]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a package of modules with a registry of its own; forgets every module again."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(**modules: str) -> Registry[type]:
        folder = tmp_path / PACKAGE
        folder.mkdir()
        (folder / "__init__.py").write_text(HEAD)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text or ENTERS)
        importlib.invalidate_caches()
        found: Registry[type] = importlib.import_module(PACKAGE).colours
        return found

    yield made
    made_here = [name for name, module in sys.modules.items() if _is_below(tmp_path, getattr(module, "__file__", None))]
    for name in made_here:
        del sys.modules[name]


def _is_below(folder: Path, file: str | None) -> bool:
    return file is not None and Path(file).is_relative_to(folder)


def install(site: Path, name: str, text: str, entry: str, group: str = "stress.colours") -> None:
    """Put a third-party distribution with one module and one entry point on the path."""
    site.mkdir(exist_ok=True)
    (site / f"{name}.py").write_text(text)
    info = site / f"{name}_dist-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")
    importlib.invalidate_caches()


def test_the_modules_of_the_package_are_the_names(make: Make) -> None:
    """Sorted, each with the thing that its module registered, found without being imported by hand."""
    registry = make(red="", green="", blue="")

    assert registry.names() == ("blue", "green", "red")
    assert [(name, thing.__module__.rpartition(".")[2]) for name, thing in registry] == [
        ("blue", "blue"),
        ("green", "green"),
        ("red", "red"),
    ]
    assert registry.module_of("red") == f"{registry.package}.red"


def test_a_module_without_a_registration_is_a_helper(make: Make) -> None:
    """It may live in the folder and is no name."""
    registry = make(red="", mixing="RATIO = 2\n")

    assert registry.names() == ("red",)
    assert "mixing" not in registry


def test_asking_for_a_name_loads_first(make: Make) -> None:
    """``in`` and ``get`` work on a registry that nobody has listed yet."""
    assert "red" in make(red="")


def test_an_unknown_name_names_its_neighbour(make: Make) -> None:
    """A near miss is helped, a far one gets the list."""
    registry = make(red="", green="")

    with pytest.raises(PluginError) as near:
        registry.get("gren")
    with pytest.raises(PluginError) as far:
        registry.get("ultraviolet")

    assert str(near.value) == "there is no colour 'gren'\ndid you mean green?"
    assert str(far.value) == "there is no colour 'ultraviolet'\nknown: green, red"
    with pytest.raises(PluginError):
        registry.module_of("gren")


def test_a_name_must_be_its_modules(make: Make) -> None:
    """So that the folder's listing stays the catalogue."""
    registry = make(red="")

    with pytest.raises(PluginError, match="colour 'pink' must stand in a module of that name, was shop"):
        registry.add("pink", "shop.rose", object)
    assert registry.names() == ("red",)


def test_two_modules_of_one_name_are_refused_with_both(make: Make) -> None:
    """Neither wins silently."""
    registry = make(red="")
    first = registry.module_of("red")

    with pytest.raises(PluginError) as refused:
        registry.add("red", "shop.red", object)

    assert str(refused.value) == f"two modules register the colour 'red': {first} and shop.red"
    assert registry.module_of("red") == first


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("def (:\n", "SyntaxError: "),
        ("import sys\nsys.exit(0)\n", "SystemExit: 0"),
    ],
)
def test_a_module_that_does_not_load_stops_everything(make: Make, text: str, why: str) -> None:
    """Module and reason are named; a plugin that exits with 0 must not become a pass."""
    registry = make(red="", broken=text)

    with pytest.raises(PluginError) as stopped:
        registry.names()

    assert stopped.value.exit_code == 3
    assert stopped.value.reason.startswith(f"the colour module {registry.package}.broken could not be loaded: {why}")
    assert stopped.value.instruction == "mend or uninstall it; a part that did not load would make a pass worthless"


def test_a_failed_load_fails_again(make: Make) -> None:
    """Whoever catches the first error does not get half a catalogue from the second call."""
    registry = make(amber="", broken="1 / 0\n", red="")

    for _ in range(2):
        with pytest.raises(PluginError, match="broken could not be loaded"):
            registry.names()


def test_a_module_may_ask_the_registry_while_it_is_imported(make: Make) -> None:
    """Loading does not run in circles."""
    registry = make(amber="", zebra=f"from {PACKAGE} import colours\nKNOWN = colours.names()\n")

    assert registry.names() == ("amber",)


def test_a_plugin_of_another_distribution_loads_by_the_same_path(make: Make, tmp_path: Path) -> None:
    """Its entry point is enough."""
    registry = make(red="")
    install(tmp_path, "mauve", ENTERS, "mauve = mauve:Thing")

    assert registry.names() == ("mauve", "red")
    assert registry.module_of("mauve") == "mauve"


def test_an_entry_point_of_another_group_is_left_alone(make: Make, tmp_path: Path) -> None:
    """A fault plugin is not imported for the sake of metrics."""
    registry = make(red="")
    install(tmp_path, "taupe", "1 / 0\n", "taupe = taupe:Thing", group="stress.sounds")

    assert registry.names() == ("red",)


def test_a_plugin_that_registers_nothing_of_its_name_is_refused(make: Make, tmp_path: Path) -> None:
    """The entry point's name is the name in YAML."""
    registry = make(red="")
    install(tmp_path, "ochre", ENTERS, "okra = ochre:Thing")

    with pytest.raises(PluginError, match="entry point okra = ochre:Thing registers no colour of that name"):
        registry.names()


def test_a_plugin_that_does_not_import_is_fatal(make: Make, tmp_path: Path) -> None:
    """Like a built-in that does not."""
    registry = make(red="")
    install(tmp_path, "umber", "raise RuntimeError('no licence')\n", "umber = umber:Thing")

    with pytest.raises(PluginError, match="the colour module umber could not be loaded: RuntimeError: no licence"):
        registry.names()


def test_a_plugin_may_not_take_a_builtins_name(make: Make, tmp_path: Path) -> None:
    """A stranger's price_shock does not quietly replace ours."""
    registry = make(red="")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    install(tmp_path, "crimson", "", "red = shop.red:Thing")
    (tmp_path / "shop" / "red.py").write_text(ENTERS)

    with pytest.raises(PluginError, match="two modules register the colour 'red'"):
        registry.names()


def test_a_thing_is_lent_for_a_while(make: Make) -> None:
    """Afterwards the registry is what it was, also after an error."""
    registry = make(red="")

    with contextlib.suppress(KeyError), registry.lent("pink", str):
        assert registry.names() == ("pink", "red")
        assert registry.get("pink") is str
        assert registry.module_of("pink") == "builtins"
        raise KeyError

    assert registry.names() == ("red",)


def test_lending_under_a_taken_name_gives_it_back(make: Make) -> None:
    """The built-in that stood there stands there again."""
    registry = make(red="")
    ours, module = registry.get("red"), registry.module_of("red")

    with registry.lent("red", str):
        assert registry.get("red") is str
    assert (registry.get("red"), registry.module_of("red")) == (ours, module)


def test_a_name_can_be_forgotten(make: Make) -> None:
    """And forgetting what is not there is no error."""
    registry = make(red="", green="")
    registry.names()

    registry.forget("red")
    registry.forget("red")

    assert registry.names() == ("green",)


def test_with_a_mark_helpers_are_not_even_imported(make: Make) -> None:
    """A helper that would not load does no harm to a listing; a module with the mark is loaded."""
    plain = make(red="", helper="1 / 0")
    marked: Registry[type] = Registry("colour", PACKAGE, "@colours.register")

    assert marked.names() == ()
    assert f"{PACKAGE}.red" in sys.modules
    with pytest.raises(PluginError, match="helper"):
        plain.names()
