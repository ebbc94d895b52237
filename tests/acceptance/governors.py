"""Governors of somebody's own, each wrong in one way, as the text of the module that a desk would write."""

from __future__ import annotations

HEAD = '''
"""A desk's own governors."""

from engine.domain.governance import Decision


class Quiet:
    """Takes what it is built with, and asks for nothing."""

    def __init__(self, limits, instruments):
        self.asked = 0

    def on_fill(self, fill, view):
        return ()

    def on_market(self, tick, view):
        return ()

    def on_control(self, control, view):
        return ()

    def on_timer(self, view):
        return ()
'''

DECIDES = {
    "AlwaysApproves": """
        return Decision(approved=True)""",
    "DeniesEverything": """
        return Decision(approved=False, reason="no", level="firm")""",
    "Raises": """
        self.asked += 1
        if self.asked > 900:
            raise ZeroDivisionError("the thousandth order")
        return Decision(approved=True)""",
    "Hangs": """
        self.asked += 1
        while self.asked > 900:
            pass
        return Decision(approved=True)""",
    "ReturnsGarbage": """
        self.asked += 1
        return "yes" if self.asked > 900 else Decision(approved=True)""",
}
"""Class name → the body of its ``decide``."""


def module() -> str:
    """The source of ``my_desk.py`` with every governor in it."""
    classes = [
        f'\n\nclass {name}(Quiet):\n    """As its name says."""\n\n    def decide(self, order, view):{body}\n'
        for name, body in DECIDES.items()
    ]
    return HEAD + "".join(classes)
