"""Pages that a script fills: who asks for a browser, and whether there is one. Loads nothing of it."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

from pipeline.model import Outlet

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""Names that the system's Chromium goes by, as Debian, Ubuntu, Fedora and Google have them."""

PLAINLY = "its pages are fetched plainly and judged by what is in them"
"""What becomes of such pages without a browser."""


def asks(outlet: Outlet) -> bool:
    """Whether the outlet's file asks for a browser, for its articles or for a list."""
    return outlet.javascript or any(source.javascript for source in outlet.sources)


def chromium() -> str | None:
    """Path of the system's Chromium, None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def missing() -> str:
    """What stands in the way of running scripts, in words; "" where nothing does."""
    wanting = []
    if find_spec("scrapy_playwright") is None:
        wanting.append("the extra is not installed (pip install 'kawat[javascript]')")
    if chromium() is None:
        wanting.append(f"no Chromium is on the path ({', '.join(BROWSERS)})")
    return " and ".join(wanting)
