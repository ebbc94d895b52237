"""W6xx: a document loads, but perhaps not as it was meant."""

from __future__ import annotations

from engine.config.codes.code import Code

WARNINGS = {
    "W601": Code(
        "text cut by #",
        "A space and # begin a comment. A # of the text needs quotes; a comment has a space after the #.",
        "title: Crash #2",
        'title: "Crash #2"',
    ),
    "W602": Code(
        "file and document have two names",
        "Other documents name it by its file; the name inside should be the same.",
        "scenario: flash_crash     # in my_crash.yaml",
        "scenario: my_crash        # in my_crash.yaml",
    ),
}
