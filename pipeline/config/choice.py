"""Which of the known outlets are read: what `settings.yaml` chooses among the outlet files, and where they collide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.config.document import Document
from pipeline.config.explain import nearest
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, Fault
from pipeline.model import Outlet


def chosen(outlets: list[Outlet], settings: Settings, document: Document, *, names: set[str]) -> list[Outlet]:
    """The outlets with those switched off that `settings.yaml` switches off. Raises `ConfigError` for a name that is
    none of `names`, for one that is chosen and switched off, and where nothing is left to read."""
    faults = []
    for key in ("only", "disabled"):
        for n, slug in enumerate(getattr(settings.outlets, key)):
            if slug not in names:
                close = nearest(slug, names)
                remedy = f"did you mean {close}?" if close else f"known are: {', '.join(sorted(names))}"
                faults.append(document.fault(("outlets", key, n), "is no known outlet", remedy))
            elif key == "disabled" and slug in settings.outlets.only:
                faults.append(
                    document.fault(("outlets", key, n), f"{slug} stands under only too", "keep one of the two")
                )
    if not faults and len(outlets) == len(names):
        left = _switched(outlets, settings)
        if any(each.enabled for each in left):
            return left
        key = "only" if settings.outlets.only else "disabled"
        remedy = "name outlets whose files say enabled: true (kawat outlets list)"
        faults.append(document.fault(("outlets", key), "leaves no outlet to read", remedy))
    if faults:
        raise ConfigError(tuple(faults))
    return _switched(outlets, settings)


def _switched(outlets: list[Outlet], settings: Settings) -> list[Outlet]:
    only, disabled = settings.outlets.only, settings.outlets.disabled
    return [
        replace(each, enabled=False, disabled_reason="switched off in settings.yaml")
        if each.enabled and (each.slug in disabled or (only and each.slug not in only))
        else each
        for each in outlets
    ]


def polled_twice(outlets: list[Outlet], documents: list[Document]) -> Iterator[Fault]:
    """Addresses that two outlets poll: each article would be found twice, and its host asked twice as often."""
    by_slug = {document.path.stem: document for document in documents}
    first: dict[str, str] = {}
    for outlet in outlets:
        for n, source in enumerate(outlet.sources):
            if not (outlet.enabled and source.poll):
                continue
            holder = first.setdefault(source.url.rstrip("/"), outlet.slug)
            if holder != outlet.slug:
                remedy = f"keep it in one of the two, or switch one off: outlets: disabled: [{holder}] in settings.yaml"
                key = ("sources", n, "url")
                yield by_slug[outlet.slug].fault(key, f"is polled by the outlet {holder} already", remedy)
