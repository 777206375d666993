"""The press in a box: eleven invented Indonesian outlets on this machine, for the demo and for the tests.

Standard library only (but for `receivers`, which needs aiosmtpd). Every outlet, person and story is invented; offices
and countries are real. Nothing here is imported by the pipeline or the crawler: they meet it over HTTP, as they meet
the world.
"""

from kawat.press.server import Press, Request
from kawat.press.sites import SITES, Event, Site, Told, events
from kawat.press.story import Labels, Story, shipped

__all__ = ["SITES", "Event", "Labels", "Press", "Request", "Site", "Story", "Told", "events", "shipped"]
