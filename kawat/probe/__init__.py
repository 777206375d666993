"""Looking at a site by hand: `kawat outlets add` and `kawat outlets check`. A few polite requests, no crawling.

caller   requests within robots.txt      survey    where its articles are listed     shapes   their addresses
reading  one article, field by field     adding    the outlet file                   fixture  its test
checking the X-ray of a known outlet
"""

from kawat.probe.adding import Addition, add
from kawat.probe.caller import Caller
from kawat.probe.checking import check
from kawat.probe.fixture import verify

__all__ = ["Addition", "Caller", "add", "check", "verify"]
