"""What Kawat says in Indonesian and English: labels of stages, instruments, levels, fields and headings.

Quotations are never here: they stay in the language they were printed in.

Field ids and their meaning are those of `config/lexicon/fields.yaml`; names of countries are passed in (`Names`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.alert.render.hostile import line
from pipeline.model import Instrument, Level, Stage, Trust

Pair = tuple[str, str]
ENGLISH, INDONESIAN = "en", "id"


@dataclass(frozen=True, slots=True)
class Names:
    """`countries`: ISO 3166-1 alpha-2 code to (English, Indonesian) short name. `home`: whose agreements are told."""

    countries: Mapping[str, Pair]
    home: str = "ID"


def pick(pair: Pair, language: str) -> str:
    """The word in the reader's language; English where it is neither."""
    return pair[1] if language == INDONESIAN else pair[0]


WITH_ARTICLE = frozenset({"AE", "BS", "CD", "CF", "DO", "GB", "GM", "MH", "MV", "NL", "PH", "SB", "SC", "US", "KM"})
"""Countries whose English name takes "the" inside a sentence."""

INSTRUMENTS: Mapping[Instrument, Pair] = {
    Instrument.MOU: ("memorandum of understanding", "nota kesepahaman"),
    Instrument.MOC: ("memorandum of cooperation", "memorandum kerja sama"),
    Instrument.LOI: ("letter of intent", "surat pernyataan kehendak"),
    Instrument.AGREEMENT: ("agreement", "persetujuan"),
    Instrument.ARRANGEMENT: ("arrangement", "pengaturan pelaksanaan"),
    Instrument.TREATY: ("treaty", "perjanjian internasional"),
    Instrument.JOINT_STATEMENT: ("joint statement", "pernyataan bersama"),
    Instrument.NONE: ("", ""),
}

STAGES: Mapping[Stage, Pair] = {
    Stage.EXPLORING: ("exploring", "dijajaki"),
    Stage.NEGOTIATING: ("under negotiation", "dirundingkan"),
    Stage.ANNOUNCED: ("announced", "diumumkan"),
    Stage.SIGNED: ("signed", "ditandatangani"),
    Stage.IN_FORCE: ("in force", "berlaku"),
    Stage.IMPLEMENTED: ("being carried out", "dijalankan"),
    Stage.RENEWED: ("renewed", "diperbarui"),
    Stage.ENDED: ("ended", "berakhir"),
    Stage.NONE: ("not stated", "tidak disebut"),
}

LEVELS: Mapping[Level, Pair] = {
    Level.G2G: ("government to government", "antarpemerintah"),
    Level.AGENCY: ("between state agencies", "antarlembaga negara"),
    Level.SOE: ("state corporation acting for its state", "badan usaha negara atas nama negara"),
    Level.SUBNATIONAL: ("with a regional government", "dengan pemerintah daerah"),
}

TRUSTS: Mapping[Trust, Pair] = {
    Trust.OFFICIAL: ("official source", "sumber resmi"),
    Trust.WIRE: ("news agency", "kantor berita"),
    Trust.PRESS: ("press", "pers"),
    Trust.UNVERIFIED: ("unverified source", "sumber belum terverifikasi"),
}

FIELDS: Mapping[str, Pair] = {
    "ai": ("artificial intelligence", "kecerdasan artifisial"),
    "telecom": ("telecommunications", "telekomunikasi"),
    "broadcasting": ("broadcasting", "penyiaran"),
    "postal": ("postal services", "pos"),
    "digital_gov": ("digital government", "pemerintahan digital"),
    "digital_economy": ("the digital economy", "ekonomi digital"),
    "digital_payments": ("digital payments", "pembayaran digital"),
    "cybersecurity": ("cybersecurity", "keamanan siber"),
    "data_protection": ("data protection", "pelindungan data"),
    "cloud_dc": ("cloud and data centres", "komputasi awan dan pusat data"),
    "semiconductors": ("semiconductors", "semikonduktor"),
    "quantum": ("quantum technology", "teknologi kuantum"),
    "iot_smart_city": ("smart cities and the Internet of Things", "kota cerdas dan Internet of Things"),
    "space": ("space", "antariksa"),
    "nuclear": ("nuclear technology", "ketenaganukliran"),
    "ev_battery": ("electric vehicles and batteries", "kendaraan listrik dan baterai"),
    "critical_minerals": ("critical minerals", "mineral kritis"),
    "renewables": ("clean energy", "energi bersih"),
    "biotech_health": ("health technology", "teknologi kesehatan"),
    "agritech": ("agricultural technology", "teknologi pertanian"),
    "defence": ("defence technology", "teknologi pertahanan"),
    "maritime": ("maritime technology", "teknologi kelautan"),
    "sti_research": ("research", "riset"),
    "digital_talent": ("digital skills", "talenta digital"),
    "startups": ("start-ups", "usaha rintisan"),
    "online_safety": ("online safety", "keamanan ruang digital"),
    "blockchain": ("blockchain", "blockchain"),
    "manufacturing": ("advanced manufacturing", "manufaktur maju"),
    "transport_tech": ("transport technology", "teknologi transportasi"),
    "geo_climate": ("geospatial and climate technology", "teknologi geospasial dan iklim"),
    "standards": ("standards", "standardisasi"),
    "general_digital": ("digital technology", "teknologi digital"),
}

HEADINGS: Mapping[str, Pair] = {
    "found late": ("Found late", "Terlambat ditemukan"),
    "unconfirmed": ("Unconfirmed", "Belum terkonfirmasi"),
    "talks": ("Talks", "Penjajakan"),
    "ended": ("Ended", "Berakhir"),
    "progress": ("Progress", "Perkembangan"),
    "confirmed since": ("Confirmed since", "Terkonfirmasi kemudian"),
    "told already": ("Told already", "Sudah dikabarkan"),
    "less sure": ("Less sure", "Kurang pasti"),
    "update": ("Update", "Pembaruan kabar"),
    "renewal": ("Renewal", "Perpanjangan"),
    "": ("New agreement", "Perjanjian baru"),
}

MONTHS: tuple[Pair, ...] = (
    ("Jan", "Jan"),
    ("Feb", "Feb"),
    ("Mar", "Mar"),
    ("Apr", "Apr"),
    ("May", "Mei"),
    ("Jun", "Jun"),
    ("Jul", "Jul"),
    ("Aug", "Agu"),
    ("Sep", "Sep"),
    ("Oct", "Okt"),
    ("Nov", "Nov"),
    ("Dec", "Des"),
)


def country(code: str, language: str, names: Names, *, in_sentence: bool = False) -> str:
    """A country's short name, the code itself where it has none; `in_sentence` adds the English article."""
    plain = line(code, 20)
    name = pick(names.countries.get(code, (plain, plain)), language)
    return f"the {name}" if in_sentence and language != INDONESIAN and code in WITH_ARTICLE else name


def field_name(field: str, language: str) -> str:
    """A field's label; an unknown id is shown with spaces, not hidden."""
    plain = line(field.replace("_", " "), 40)
    return pick(FIELDS.get(field, (plain, plain)), language)


def joined(parts: tuple[str, ...], language: str, *, limit: int = 3) -> str:
    """Parts as prose: "a, b and c"; beyond `limit` the rest is counted."""
    shown, rest = parts[:limit], len(parts) - limit
    last = "dan" if language == INDONESIAN else "and"
    if rest > 0:
        more = f"{rest} bidang lain" if language == INDONESIAN else f"{rest} more field{'s' if rest > 1 else ''}"
        shown = (*shown, more)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else ""
