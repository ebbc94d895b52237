"""P4xx: parameters and ``--set``."""

from __future__ import annotations

from engine.config.codes.code import Code

PARAMS = {
    "P401": Code(
        "unknown ${param}",
        "Every ${name} must be declared under 'params:'. A name passed through unfilled is a silent mistake.",
        "params:\n  drop_pct: {default: 15}\ndrop: ${drop_pc}",
        "params:\n  drop_pct: {default: 15}\ndrop: ${drop_pct}",
    ),
    "P402": Code(
        "parameter is never used",
        "A parameter that nothing uses makes --set change nothing.",
        "params:\n  drop_pct: {default: 15}\ndrop: 15",
        "params:\n  drop_pct: {default: 15}\ndrop: ${drop_pct}",
    ),
    "P403": Code(
        "--set names no parameter",
        "Only what stands under 'params:' can be changed, on the command line or under known_red.",
        "--set drop=20",
        "--set drop_pct=20",
    ),
    "P404": Code(
        "--set gives a wrong value",
        "The value must be a number where the default is one, without unit, between min and max.",
        "--set drop_pct=20%",
        "--set drop_pct=20",
    ),
    "P405": Code(
        "parameter contradicts itself",
        "The default must be between min and max; a text has neither.",
        "params:\n  drop_pct: {default: 50, max: 40}",
        "params:\n  drop_pct: {default: 15, max: 40}",
    ),
    "P406": Code(
        "parameter's name",
        "Small letters, digits and _, beginning with a letter.",
        "params:\n  Drop-Pct: {default: 15}",
        "params:\n  drop_pct: {default: 15}",
    ),
}
