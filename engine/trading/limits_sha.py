"""The digest of a limits document: of what it says, not of how the file is written."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from engine.trading.limits import Limits


def limits_sha(limits: Limits) -> str:
    """The sha256 of the canonical document: every key in order of its name, defaults filled in, comments left out."""
    text = json.dumps(dataclasses.asdict(limits), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
