"""The sentences of Kawat's messages in English and Indonesian, by name; `{…}` are filled in by `letter`."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.alert.words import Pair, pick

PHRASES: Mapping[str, Pair] = {
    # facts
    "parties": ("Parties", "Para pihak"),
    "instrument": ("Instrument", "Instrumen"),
    "printed": ("printed as “{printed}”", "tertulis “{printed}”"),
    "paper": ("Title", "Judul"),
    "stage": ("Stage", "Tahap"),
    "fields": ("Fields", "Bidang"),
    "when": ("Date of act", "Tanggal"),
    "where": ("Place", "Tempat"),
    "level": ("Level", "Tingkat"),
    "institutions": ("Institutions", "Lembaga"),
    "signatories": ("Signatories", "Penanda tangan"),
    "not_stated": ("not stated", "tidak disebut"),
    # evidence
    "evidence": ("The proving sentence", "Kalimat bukti"),
    "printed_at": ("{outlet}, {time}", "{outlet}, {time}"),
    "undated": (
        "{outlet}, no time of publication printed; found {time}",
        "{outlet}, tanpa waktu terbit; ditemukan {time}",
    ),
    "summary_only": (
        "Read from the outlet's feed summary only, not from the full article.",
        "Hanya dibaca dari ringkasan umpan media itu, bukan artikel lengkap.",
    ),
    "also": ("Also reported by", "Juga diberitakan"),
    "reports": ("All reports", "Semua pemberitaan"),
    "after": ("{span} later", "{span} kemudian"),
    "reprint": ("reprint of {outlet}", "kutipan dari {outlet}"),
    "more_reports": ("and {number} more", "dan {number} lainnya"),
    # what changed
    "changed": ("What changed", "Yang berubah"),
    "change": ("{name}: {before} → {after}", "{name}: {before} → {after}"),
    "headed": ("{heading}: {claim}", "{heading}: {claim}"),
    # confidence
    "confidence": ("Confidence", "Keyakinan"),
    "very_sure": ("very high", "sangat tinggi"),
    "sure": ("high", "tinggi"),
    "fair": ("fair", "sedang"),
    "low": ("low", "rendah"),
    "one_source": ("one source ({trust})", "satu sumber ({trust})"),
    "many_sources": ("{number} independent sources", "{number} sumber independen"),
    "act_named": ("the act is named: {stage}", "tindakannya disebut: {stage}"),
    "instrument_named": ("instrument named", "instrumen disebut"),
    "no_instrument": ("no instrument named", "instrumen tidak disebut"),
    "no_date": ("no date given", "tanggal tidak disebut"),
    # marks
    "repeat": (
        "Possible repeat: an earlier try to send this message may have arrived.",
        "Mungkin terulang: upaya kirim sebelumnya barangkali sudah sampai.",
    ),
    "late": ("Late by {span}.", "Terlambat {span}."),
    "late_because": ("Late by {span} because: {reason}", "Terlambat {span} karena: {reason}"),
    "late_composed": (
        "the machine was off or asleep at its hour",
        "mesin mati atau tidur pada jamnya",
    ),
    "held_quiet": (
        "Held over your quiet hours.",
        "Ditahan selama jam tenang Anda.",
    ),
    "held_volume": (
        "Unusual volume: more new agreements than usual within an hour. Held 15 minutes and told together;"
        " read the sources before you rely on it.",
        "Jumlah tidak biasa: lebih banyak perjanjian baru daripada lazimnya dalam satu jam. Ditahan 15 menit dan"
        " dikirim bersama; baca sumbernya sebelum mengandalkannya.",
    ),
    "part": ("{title} ({part})", "{title} ({part})"),
    "volume_subject": ("Unusual volume: {claim}", "Jumlah tidak biasa: {claim}"),
    "test": (
        "TEST – nothing has happened; this message only tries the channel.",
        "UJI COBA – tidak ada kejadian; pesan ini hanya menguji saluran.",
    ),
    # kinds
    "and_more": ("{claim} (and {number} more)", "{claim} (dan {number} lagi)"),
    "digest": ("Kawat digest, {day}", "Ringkasan Kawat, {day}"),
    "weekly": ("Kawat weekly digest, {day}", "Ringkasan mingguan Kawat, {day}"),
    "silenced": (
        "{number} lines are left out of this message, because they are silenced.",
        "{number} baris tidak dimuat dalam pesan ini karena sedang dibisukan.",
    ),
    "silence": (
        "Silence {silence}.",
        "Pembisuan {silence}.",
    ),
    "items": ("{number} items", "{number} butir"),
    "item": ("1 item", "1 butir"),
    "nothing": ("nothing new", "tidak ada yang baru"),
    "nothing_long": (
        "Nothing new since the last digest.",
        "Tidak ada yang baru sejak ringkasan terakhir.",
    ),
    "healthy": ("{healthy} of {sources} sources healthy", "{healthy} dari {sources} sumber sehat"),
    "blind": (
        "Not readable at present: {outlets}.",
        "Saat ini tidak terbaca: {outlets}.",
    ),
    "absence": (
        "If no digest has come by {time}, Kawat is down: tell its operator.",
        "Bila ringkasan tidak datang sampai pukul {time}, Kawat sedang mati: beri tahu operatornya.",
    ),
    "starting_picture": ("Kawat starting picture, {day}", "Gambaran awal Kawat, {day}"),
    "starting_picture_long": (
        "What the outlets' first reading found of the last days. From now on new agreements come singly.",
        "Temuan pembacaan pertama dari beberapa hari terakhir. Selanjutnya perjanjian baru dikirim satu per satu.",
    ),
    "catch_up": ("Kawat catch-up, {day}", "Susulan Kawat, {day}"),
    "catch_up_long": (
        "Kawat could not read for a while; this is what it found since, in one message.",
        "Kawat sempat tidak dapat membaca; inilah temuan sejak itu, dalam satu pesan.",
    ),
    "gap": ("The gap: {since} to {until}, at {outlets}.", "Celah: {since} sampai {until}, pada {outlets}."),
    "gap_whole": ("Everything in it could be recovered.", "Semua isinya dapat dipulihkan."),
    "gap_open": ("It is still being read.", "Isinya masih dibaca."),
    "gap_lost": ("Not recovered: {lost}.", "Tidak terpulihkan, seluruhnya atau sebagian: {outlets}."),
    "operator": ("Kawat operator notice", "Pemberitahuan operator Kawat"),
    "no_room": (
        "{number} more did not fit into this message: `kawat agreements list` shows all.",
        "{number} lagi tidak termuat dalam pesan ini: `kawat agreements list` menampilkan semuanya.",
    ),
    # footer
    "alert_id": ("Alert {key}", "Nomor pesan {key}"),
    "about": (
        "Kawat watches the Indonesian press for technology agreements. Read the source before you rely on a message.",
        "Kawat memantau pers Indonesia untuk perjanjian teknologi. Baca sumbernya sebelum mengandalkan pesan ini.",
    ),
    "right": ("This is right", "Ini benar"),
    "wrong": ("This is wrong", "Ini keliru"),
    "missed": ("You missed one", "Ada yang terlewat"),
    "unsubscribe": ("Stop these messages", "Hentikan pesan ini"),
}


def say(name: str, language: str, /, **parts: object) -> str:
    """One phrase in the reader's language with its parts filled in; the parts themselves are not formatted again."""
    return pick(PHRASES[name], language).format(**parts)
