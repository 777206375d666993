"""How sources fare: what polls and pages say of each, decided without clock, store or file.

history  polls and pages ─► Sight         silence   its rhythm, with weekdays and holidays
verdict  Sight of all    ─► Assessment    layout    its fields      polling   its answers, and ours
"""

from pipeline.health.history import page_seen, poll_seen, with_pages, with_polls
from pipeline.health.verdict import Assessment, Turn, assess

__all__ = ["Assessment", "Turn", "assess", "page_seen", "poll_seen", "with_pages", "with_polls"]
