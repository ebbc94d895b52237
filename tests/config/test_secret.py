"""Secrets are names."""

from __future__ import annotations

import pytest

from engine.base.errors import NotReadyError
from engine.config.secret import Secret

DOOR = Secret(secret="DOOR")  # noqa: S106  (it is a name, and that is the point)


def test_a_secret_shows_its_name_only() -> None:
    """Wherever it is printed."""
    assert (repr(DOOR), str(DOOR)) == ("{secret: DOOR}", "{secret: DOOR}")


def test_its_value_comes_from_the_environment() -> None:
    """When it is needed, not before."""
    assert DOOR.resolve({"DOOR": "1234"}) == "1234"


@pytest.mark.parametrize("environment", [{}, {"DOOR": ""}])
def test_a_secret_that_is_not_set_is_not_ready(environment: dict[str, str]) -> None:
    """And the message says what to do, without any value."""
    with pytest.raises(NotReadyError, match="the secret DOOR is not set"):
        DOOR.resolve(environment)
