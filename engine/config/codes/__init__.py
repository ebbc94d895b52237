"""The catalogue of problem codes: stable names that ``stress explain CODE`` turns into a page.

Y1xx YAML, S2xx schema, R3xx references between documents, P4xx parameters, G5xx gate logic, W6xx warnings,
T7xx timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.config.codes.code import Code
from engine.config.codes.gates import GATES
from engine.config.codes.params import PARAMS
from engine.config.codes.references import REFERENCES
from engine.config.codes.schema import SCHEMA
from engine.config.codes.timeline import TIMELINE
from engine.config.codes.warnings import WARNINGS
from engine.config.codes.yaml import YAML

__all__ = ["CODES", "Code"]

CODES: Mapping[str, Code] = MappingProxyType(
    {**YAML, **SCHEMA, **REFERENCES, **PARAMS, **GATES, **WARNINGS, **TIMELINE}
)
"""Every code that a problem can have."""
