"""S2xx: a value is not what the document's schema asks for."""

from __future__ import annotations

from engine.config.codes.code import Code

SCHEMA = {
    "S201": Code(
        "unknown field",
        "The key is not one of this place. A misspelt key would otherwise be ignored silently.",
        "tittle: Flash crash",
        "title: Flash crash",
    ),
    "S202": Code(
        "missing field",
        "A key that this place needs is not there.",
        "clock: {run_for_s: 600}",
        'clock: {start: "2025-08-05T09:30:00-04:00", run_for_s: 600, warmup_s: 60}',
    ),
    "S203": Code(
        "wrong kind of value",
        "Something else was expected. Numbers stand without quotes and without unit: the unit is in the key.",
        "over_s: 5 s",
        "over_s: 5",
    ),
    "S204": Code("no value", "The key has no value. A key that does not apply is left out.", "for_s:", "for_s: 60"),
    "S205": Code(
        "out of range",
        "The number is outside of the range that makes sense here; `stress explain` of the fault or model shows it.",
        "drop_pct: 400",
        "drop_pct: 40",
    ),
    "S206": Code(
        "not one of the words",
        "Only certain words may stand here; the nearest or all of them are shown.",
        "side: lnog",
        "side: long",
    ),
    "S207": Code(
        "text of the wrong form",
        "The text must have a certain form, which the message describes.",
        "scenario: Flash Crash",
        "scenario: flash_crash",
    ),
    "S208": Code(
        "too few or too many entries",
        "The list or mapping needs another number of entries.",
        "instruments: []",
        "instruments: [{symbol: SPY, price: 540.0}]",
    ),
    "S210": Code(
        "field without its word",
        "What stands under this key depends on a word beside it.",
        "timeline:\n  - id: crash\n    with: {drop_pct: 15}",
        "timeline:\n  - id: crash\n    fault: price_shock\n    with: {drop_pct: 15}",
    ),
    "S211": Code(
        "name given twice",
        "Items of this list are told apart, and merged, by their name.",
        "timeline:\n  - id: crash\n  - id: crash",
        "timeline:\n  - id: crash\n  - id: second_crash",
    ),
    "S212": Code(
        "values that do not fit each other",
        "Each value is right by itself; together they make no sense. The message says what was expected of them.",
        "p50_us: 40\np99_us: 4000\np999_us: 400",
        "p50_us: 40\np99_us: 400\np999_us: 4000",
    ),
}
