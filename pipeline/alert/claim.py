"""The one-line claim of an agreement, in English or Indonesian, from labels only: no text of a page gets in."""

from __future__ import annotations

from pipeline.alert.words import INDONESIAN, INSTRUMENTS, Names, country, field_name, joined, pick
from pipeline.model import Agreement, Instrument, Stage


def claim(agreement: Agreement, language: str, names: Names) -> str:
    """What happened, as a sentence without a full stop: who, which instrument, on what, how far.

    >>> # "Indonesia and Japan sign a memorandum of cooperation on telecommunications and broadcasting"
    >>> # "Indonesia–Jepang: memorandum kerja sama telekomunikasi dan penyiaran ditandatangani"
    """
    make = _indonesian if language == INDONESIAN else _english
    return " ".join(make(agreement, names).split())


def _fields(agreement: Agreement, language: str) -> str:
    return joined(tuple(field_name(field, language) for field in agreement.fields), language)


def _english(agreement: Agreement, names: Names) -> str:
    home = country(names.home, "en", names)
    partner = country(agreement.partner, "en", names, in_sentence=True) or "a foreign state"
    who, fields = f"{home} and {partner}", _fields(agreement, "en")
    about = f" on {fields}" if fields else ""
    paper = pick(INSTRUMENTS[agreement.instrument], "en")
    a_paper = f"{'an' if paper[:1] in 'aeiou' else 'a'} {paper}" if paper else ""
    match agreement.stage:
        case Stage.SIGNED:
            return f"{who} sign {a_paper or 'a cooperation document'}{about}"
        case Stage.RENEWED:
            return f"{who} renew their {paper or 'cooperation'}{about}"
        case Stage.IN_FORCE:
            subject = f"{paper[:1].upper()}{paper[1:]}" if paper else "Cooperation"
            return f"{subject} between {who}{about} enters into force"
        case Stage.ANNOUNCED if agreement.instrument is Instrument.JOINT_STATEMENT:
            return f"{who} issue a joint statement{about}"
        case Stage.ANNOUNCED:
            return f"{who} announce {a_paper or 'cooperation'}{about}"
        case Stage.NEGOTIATING:
            return f"{who} negotiate {a_paper or 'cooperation'}{about}"
        case Stage.EXPLORING:
            return f"{who} explore {a_paper or 'cooperation'}{about}"
        case Stage.IMPLEMENTED:
            return f"{who} carry out their {paper or 'cooperation'}{about}"
        case Stage.ENDED:
            return f"{who} end their {paper or 'cooperation'}{about}"
        case Stage.NONE:
            return f"{who}: {paper or 'cooperation'}{about}"


def _indonesian(agreement: Agreement, names: Names) -> str:
    home = country(names.home, "id", names)
    who = f"{home}–{country(agreement.partner, 'id', names) or 'negara lain'}"
    fields = _fields(agreement, "id")
    paper = pick(INSTRUMENTS[agreement.instrument], "id") or "kerja sama"
    about = " tentang" if agreement.instrument is Instrument.JOINT_STATEMENT and fields else ""
    what = f"{paper}{about} {fields}"
    match agreement.stage:
        case Stage.SIGNED:
            return f"{who}: {what} ditandatangani"
        case Stage.RENEWED:
            return f"{who}: {what} diperbarui"
        case Stage.IN_FORCE:
            return f"{who}: {what} mulai berlaku"
        case Stage.ANNOUNCED:
            return f"{who}: {what} diumumkan"
        case Stage.NEGOTIATING:
            return f"{who}: perundingan {what}"
        case Stage.EXPLORING:
            return f"{who}: penjajakan {what}"
        case Stage.IMPLEMENTED:
            return f"{who}: {what} dijalankan"
        case Stage.ENDED:
            return f"{who}: {what} diakhiri"
        case Stage.NONE:
            return f"{who}: {what}"
