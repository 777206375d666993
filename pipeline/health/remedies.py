"""What to do about each verdict, in words for an operator."""

from __future__ import annotations

from pipeline.model import Outlet
from pipeline.sight import State

_REMEDIES = {
    State.SILENT: "see whether {homepage} still prints; if it does, its list is stale: `kawat outlets add {homepage}`"
    " finds others. If this is its rhythm now, raise expect: {{max_silence: …}} in outlets/{slug}.yaml",
    State.BLOCKED: "nothing is done to get round it: ask the outlet to let Kawat in, or read it by a feed that it"
    " offers (fetch: summary). `kawat outlets check {slug}` shows what it answers",
    State.REDESIGNED: "its pages are read generically meanwhile; look at the last good and the first bad page, then"
    " give new selectors in outlets/{slug}.yaml, with until: at the old ones, or javascript: true where a script fills"
    " them now. `kawat outlets check {slug}` shows each field",
    State.MOVED: "find where it stands now: `kawat outlets add {homepage}`, then put the new address into"
    " outlets/{slug}.yaml",
    State.DOWN: "wait; Kawat goes on asking, at least every six hours. If it lasts, see whether {homepage} opens"
    " elsewhere",
    State.ROBOTS: "its robots.txt forbids what is asked for, and is obeyed: use an address that it allows, ask the"
    " outlet, or set enabled: false with the reason in outlets/{slug}.yaml",
    State.NETWORK: "see to this machine's connection, name service and proxy; what was missed is caught up with when it"
    " is back",
}


NETWORK_REMEDY = _REMEDIES[State.NETWORK]


def remedy(state: State, outlet: Outlet) -> str:
    """What to do, "" where nothing is to be done."""
    return _REMEDIES.get(state, "").format(homepage=outlet.homepage, slug=outlet.slug)
