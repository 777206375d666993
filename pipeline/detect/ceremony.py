"""Signings that are only named: `menyiapkan penandatanganan`, `talk of a signing`. The noun alone is no news."""

from __future__ import annotations

import re

from pipeline.detect.past import Scene
from pipeline.detect.pending import put_ahead
from pipeline.detect.scan import Mention

_CEREMONY = re.compile(
    r"(?:acara |upacara |seremoni |prosesi )?(?:penanda|pembubuhan|pertukaran)|(?:the )?signing|exchange of",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:(?:di)?saksikan|menyaksikan|saksi|(?:me|di)laksanakan|(?:me|di)lakukan|(?:men|di)?gelar\w*|(?:men|di)gelar|"
    r"mengadakan|diadakan|(?:meny|di)elenggarakan|(?:me|di)rilis|(?:meng|di)umumkan|melalui|lewat|via|dengan|usai|seusai|"
    r"setelah|sesudah|hadir\w*|(?:meng|di)hadiri|ditandai|menandai|berujung|pada|dalam|saat|selama|sejak|hasil|berkat|"
    r"memimpin|merayakan|menyambut|mengapresiasi|with|through|by|via|witness\w*|saw|see|sees|watch\w*|held|hold|holds|"
    r"attend\w*|announc\w*|after|following|upon|since|at|during|in|mark\w*|conclud\w*|crowned|ended|welcom\w*|hail\w*|"
    r"celebrat\w*|complet\w*|from|of)\W+(?:[\w-]+\W+){0,4}$",
    re.IGNORECASE,
)
"""Before the noun: the signing was held, watched, told of."""
_TOOK_PLACE = re.compile(
    r"[^.;]{0,120}?\b(?:berlangsung|dilakukan|dilaksanakan|digelar|diadakan|diselenggarakan|disaksikan|dihadiri|dipimpin|"
    r"menandai|menjadi|merupakan|ini|itu|tersebut|took place|was|were|came|comes|caps?|marks?|marked|follow(?:s|ed)|"
    r"witnessed|attended|oleh|by)\b",
    re.IGNORECASE,
)


def held(act: Mention, scene: Scene) -> bool:
    """Whether a signing that is only named is said to have been: `menyiapkan penandatanganan` tells of none."""
    text, sentence = scene.text, scene.sentence
    if _CEREMONY.match(text, act.start) is None:
        return True
    if put_ahead(act, sentence, text):
        return False
    opens = not text[sentence.start : act.start].strip(" \n\"'“”-–—")
    return (
        opens
        or _HELD.search(text, max(sentence.start, act.start - 70), act.start) is not None
        or _TOOK_PLACE.match(text, act.end, sentence.end) is not None
    )
