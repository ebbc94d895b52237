"""A secret in a document: its name only. The value comes from the environment and is never written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.base.errors import NotReadyError
from engine.base.keys import key


@dataclass(frozen=True, kw_only=True)
class Secret:
    """The name of a secret. The value is taken from the environment when it is needed, never from a document."""

    secret: str = key(
        "Name of the environment variable that holds it",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        pattern_help="the name of an environment variable, such as STRESS_DATABASE_PASSWORD",
    )

    def resolve(self, environment: Mapping[str, str]) -> str:
        """The secret's value. Raise NotReadyError if *environment* has none."""
        value = environment.get(self.secret, "")
        if not value:
            raise NotReadyError(f"the secret {self.secret} is not set", f"export {self.secret}=... and try again")
        return value

    def __repr__(self) -> str:
        return f"{{secret: {self.secret}}}"
