"""Y1xx: the file is not YAML as this program reads it."""

from __future__ import annotations

from engine.config.codes.code import Code

_TEXT = "A text that could be taken for something else is put in quotes."

_BOMB = "a0: &a0 [1, 1]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 14))

YAML = {
    "Y101": Code(
        "empty file", "A document begins with its kind and name.", "# nothing but a comment", "scenario: flash_crash"
    ),
    "Y102": Code("byte order mark or UTF-16", "Files are UTF-8 without a byte order mark; an editor calls it 'UTF-8'."),
    "Y103": Code("file too large", "A document is at most 1 MB. Data such as tapes belongs into files of its own."),
    "Y104": Code(
        "not a text file",
        "The file holds bytes that are no UTF-8 text, or control characters.",
        'title: "a\x01b"',
        "title: ab",
    ),
    "Y105": Code(
        "several documents in one file",
        "A file is one document, so that its name and its hash are that document's.",
        "scenario: a\n---\nscenario: b",
        "scenario: a",
    ),
    "Y106": Code(
        "not a mapping", "A document is made of 'key: value' lines.", "- flash_crash", "scenario: flash_crash"
    ),
    "Y111": Code(
        "number with a leading zero", "YAML 1.1 reads 017 as fifteen, YAML 1.2 as seventeen.", "seed: 017", "seed: 17"
    ),
    "Y112": Code(
        "not-a-number or infinity",
        "NaN compares false with everything, so it cannot be a limit.",
        "fail_from: .nan",
        "fail_from: 15",
    ),
    "Y113": Code(
        "number too large",
        "Whole numbers fit 64 bits, others are below 1e308.",
        "seed: 99999999999999999999",
        "seed: 42",
    ),
    "Y114": Code(
        "tab in the indentation",
        "YAML indents with spaces only; a tab looks different in every editor.",
        "clock:\n\trun_for_s: 60",
        "clock:\n  run_for_s: 60",
    ),
    "Y115": Code(
        "no-break space",
        "A no-break space (often pasted from a web page) looks like a space and is none.",
        "seed:\u00a05\ntitle: x",
        "seed: 5",
    ),
    "Y121": Code(
        "key is not a text",
        "A key is a name. One that reads as a number, true, false or null needs quotes.",
        "7203: 5",
        '"7203": 5',
    ),
    "Y122": Code(
        "key stands twice",
        "Most readers keep the last one silently; which is meant cannot be known.",
        "seed: 1\nseed: 2",
        "seed: 1",
    ),
    "Y123": Code(
        "merge key",
        "'<<' copies keys that can no longer be seen in the file. A document builds on another by 'extends'.",
        "<<: {seed: 1}",
        "extends: base/equity_day",
    ),
    "Y124": Code(
        "tag",
        "A tag (!x, !!str) changes what a value means; plain values are enough. " + _TEXT,
        "seed: !!str 5",
        'seed: "5"',
    ),
    "Y125": Code(
        "alias without anchor",
        "'*name' repeats what '&name' marked further up. " + _TEXT,
        "title: *stars",
        'title: "*stars"',
    ),
    "Y126": Code("anchor inside itself", "A value cannot hold itself.", "a: &x [*x]", "a: &x [1]\nb: *x"),
    "Y131": Code(
        "nested too deeply",
        "More than 40 levels of nesting are not a document that a person wrote.",
        "a: " + "[" * 41 + "]" * 41,
        "a: [[1]]",
    ),
    "Y132": Code(
        "too many values",
        "A document has at most 20,000 values, counted after aliases are expanded.",
        _BOMB,
        "a: &a [1, 1]\nb: [*a, *a]",
    ),
    "Y141": Code(
        "colon inside a text", "': ' begins a value. " + _TEXT, "title: Crash: the sequel", 'title: "Crash: the sequel"'
    ),
    "Y142": Code(
        "${param} inside braces",
        "Inside {...} and [...] a brace begins a mapping, so ${x} needs quotes there.",
        "with: {drop_pct: ${drop_pct}}",
        'with: {drop_pct: "${drop_pct}"}',
    ),
    "Y143": Code(
        "character that cannot begin a text",
        "@, `, %, > and | mean something else at the beginning of a value. " + _TEXT,
        "title: @home",
        'title: "@home"',
    ),
    "Y144": Code(
        "quote not closed",
        "A text that begins with a quote ends with the same one; inside it is doubled.",
        "title: 'Crash",
        "title: 'Crash'",
    ),
    "Y145": Code(
        "unknown escape",
        "A backslash in double quotes begins an escape such as \\n. Single quotes have none.",
        'title: "C:\\data"',
        "title: 'C:\\data'",
    ),
    "Y146": Code(
        "comma or bracket missing",
        "[a, b] and {k: v} need commas between entries and the closing bracket.",
        "tags: [a, b\nseed: 5",
        "tags: [a, b]\nseed: 5",
    ),
    "Y147": Code(
        "no colon, or no space after it",
        "A line is 'key: value', with a space after the colon.",
        "seed: 5\ntitle\nowner: me",
        "seed: 5\ntitle: Crash\nowner: me",
    ),
    "Y148": Code(
        "indentation",
        "Lines of one mapping or list begin in the same column.",
        "tags:\n  - a\n - b",
        "tags:\n  - a\n  - b",
    ),
    "Y149": Code("not YAML", "The line cannot be read. " + _TEXT, "seed: }", "seed: 5"),
}
