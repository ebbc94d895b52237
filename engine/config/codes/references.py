"""R3xx: a document, or something that it names, is not there or may not be used."""

from __future__ import annotations

from engine.config.codes.code import Code

REFERENCES = {
    "R301": Code(
        "no such document",
        "A name on the command line is a file, or a document of the workspace, or one that is shipped.",
        "stress run flash_crsh",
        "stress run flash_crash",
    ),
    "R302": Code(
        "directory instead of a file",
        "A document is a file.",
        "stress run scenarios.d",
        "stress run scenarios.d/flash_crash.yaml",
    ),
    "R303": Code("file cannot be read", "The operating system refuses to open the file, mostly for its permissions."),
    "R304": Code(
        "unknown kind of document",
        "The first key of a document names its kind.",
        "scenrio: flash_crash",
        "scenario: flash_crash",
    ),
    "R305": Code(
        "kind is not the first key",
        "The first key names the kind, so that a reader knows at once what a file is.",
        "title: Flash crash\nscenario: flash_crash",
        "scenario: flash_crash\ntitle: Flash crash",
    ),
    "R306": Code(
        "another kind of document",
        "A document of one kind is named where another is needed.",
        "limits: gates.d/latency_core",
        "limits: limits/equity_day",
    ),
    "R310": Code(
        "no document of this name",
        "Names are relative to the kind's folder, without extension.",
        "extends: base/equity_dya",
        "extends: base/equity_day",
    ),
    "R311": Code(
        "name leaves the workspace",
        "A document may only name what stands in the workspace: no absolute path, no '..', no link that leads out.",
        "extends: ../../etc/passwd",
        "extends: base/equity_day",
    ),
    "R312": Code(
        "name with an extension",
        "Names have no extension.",
        "extends: base/equity_day.yaml",
        "extends: base/equity_day",
    ),
    "R313": Code(
        "documents extend each other in a circle",
        "A document cannot build on itself; the message names the circle.",
        "scenario: a        # in a.yaml\nextends: a",
        "scenario: a\nextends: base/equity_day",
    ),
    "R314": Code(
        "too many documents extend each other",
        "Nobody can follow a chain of more than ten.",
        "a extends b, b extends c, ... eleven times",
        "a extends base/equity_day",
    ),
    "R320": Code(
        "nothing there to take out",
        "'without' names something that is not inherited, perhaps because it is misspelt or was removed from the base.",
        "without:\n  - must_happen: governor_hled\n    reason: no hold is expected",
        "without:\n  - must_happen: governor_held\n    reason: no hold is expected",
    ),
    "R321": Code(
        "this kind has no such list",
        "'without' takes out of a list that only grows; this kind of document has none of that name.",
        "without:\n  - control: rts6.12\n    reason: not exercised here",
        "controls: []",
    ),
    "R322": Code(
        "one thing for each item",
        "An item of 'without' names exactly one gate, event or control, and the reason for it.",
        "without:\n  - gate: max_drawdown\n    control: rts6.12\n    reason: both",
        "without:\n  - gate: max_drawdown\n    reason: no position\n  - control: rts6.12\n    reason: not exercised",
    ),
    "R323": Code(
        "nothing is inherited",
        "'without' takes out what comes from 'extends'; this document extends nothing.",
        "scenario: a\nwithout:\n  - gate: max_drawdown\n    reason: unused",
        "scenario: a\nextends: base/equity_day\nwithout:\n  - gate: max_drawdown\n    reason: no position",
    ),
    "R340": Code(
        "gate stated twice",
        "Two gates of one scenario have the same name, so a verdict could not say which is meant.",
        "gates:\n  - capital_core\n  - gate: max_drawdown     # it is in capital_core too\n    fail_from: 20",
        "gates:\n  - capital_core",
    ),
    "R341": Code(
        "unknown control",
        "A control tag must stand in the catalogue, gates.d/controls.yaml.",
        "controls: [rts6.99]",
        "controls: [rts6.12]",
    ),
    "R342": Code(
        "limits not in force",
        "Limits hold from the day that two people approved them for; the scenario plays on an earlier day.",
        'clock: {start: "2025-08-01T09:30:00-04:00"}      # limits with effective_from: "2025-08-05"',
        'clock: {start: "2025-08-05T09:30:00-04:00"}',
    ),
    "R343": Code(
        "known_red names another gate",
        "A documented way to make the scenario fail names the gate that then fails; the scenario must have it.",
        "known_red:\n  - set: {drop_pct: 30}\n    gate: loss_over_limits\n    because: the flatten is too slow",
        "known_red:\n  - set: {drop_pct: 30}\n    gate: loss_over_limit\n    because: the flatten is too slow",
    ),
    "R344": Code(
        "no such measured gate",
        "A suite names gates that a live run has to decide; its scenarios must have them, with 'basis: measured'.",
        "require_measured:\n  - memory_grwth",
        "require_measured:\n  - memory_growth",
    ),
    "R345": Code(
        "seed twice",
        "The same scenario with the same seed is the same run; it would be counted twice.",
        "seeds:\n  - 42\n  - 42",
        "seeds:\n  - 42\n  - 43",
    ),
    "R350": Code(
        "steps of a limit out of order",
        "A value that worsens meets soft first, then flatten, then hard; a step beyond the next one comes too late.",
        "daily_loss_usd:\n  soft: 40000\n  flatten: 30000\n  hard: 200000",
        "daily_loss_usd:\n  soft: 20000\n  flatten: 30000\n  hard: 200000",
    ),
    "R351": Code(
        "loss beyond the capital",
        "A daily loss limit beyond the capital is none: the money is gone before it holds.",
        "capital_usd: 2000000\nfirm:\n  daily_loss_usd: {hard: 20000000}",
        "capital_usd: 2000000\nfirm:\n  daily_loss_usd: {hard: 200000}",
    ),
    "R352": Code(
        "drawdown beyond everything",
        "Equity falls by 100 percent of its highest point when all of it is lost; a step beyond that comes too late.",
        "drawdown_pct: {soft: 200, flatten: 300, hard: 1200}",
        "drawdown_pct: {soft: 2, flatten: 3, hard: 12}",
    ),
    "R353": Code(
        "price collar that holds nothing back",
        "A price 100 percent below the reference price is nothing at all, so such a collar lets every sale through.",
        "price_collar_pct: {hard: 500}",
        "price_collar_pct: {hard: 5}",
    ),
    "R354": Code(
        "limits without two approvers",
        "Limits are approved by two different people. The same name twice is one person, in whatever case it stands.",
        "approved_by: [risk.one, Risk.One]",
        "approved_by: [risk.one, risk.two]",
    ),
}
