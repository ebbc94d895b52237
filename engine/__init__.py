"""stress: may this trading system trade today, and how do we know?"""

__version__ = "0.1.0"
