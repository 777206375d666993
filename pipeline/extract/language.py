"""The language of a short text by a vote of its stop-words: Indonesian, Malay, English, and the neighbours' languages.

Words that Indonesian and Malay share count for both; the words that tell them apart decide. No model, under 0.1 ms.
"""

from __future__ import annotations

import re
from itertools import filterfalse, islice

SAMPLE = 800
"""Characters looked at: a lead decides."""

FEWEST = 2
"""Votes below which a text has no language ("und")."""

_SHARED_MALAY = (
    "yang dan di ke dari untuk dengan pada dalam ini itu akan telah oleh sebagai juga tidak ada atau para antara "
    "lebih kata bagi serta secara negara kedua mereka dia ia saat hari tahun bulan minggu malam pagi petang semalam "
    "menteri perdana presiden indonesia malaysia ketika turut sebuah seorang boleh beliau berkata awam ahad dua tiga "
    "empat lima orang anak rumah jalan sekolah harga baru besar kecil banyak semua setiap masih sudah belum lagi jadi "
    "menjadi apa siapa mengapa kenapa bagaimana berapa bukan jangan tak hasil cara buka tutup minta naik turun masuk "
    "keluar kepada terhadap dapat perlu harus antaranya hanya sejak selama hingga sampai tetapi maka lalu kita kami "
    "anda saya aku adalah daripada kementerian selasa rabu sabtu pihak rakyat ketua negeri dunia masa depan pertama "
    "kali awal akhir lain sama salah satu luar atas bawah "
)
_BITS = 10  # of the count of one language: no sample has so many words
_STOP_WORDS = {
    "id": _SHARED_MALAY + " bahwa karena tersebut bisa sejumlah senin jumat kamis pemerintah kerja usai"
    " soal menurutnya katanya ujarnya ujar tutur ucap imbuh jelas terkait wakil agar lewat guna maupun namun ribu juta"
    " miliar triliun resmi teken warga polisi korban tewas bakal bikin gelar ungkap sebut dorong gandeng jadwal libur"
    " kapan kantor mobil uang pajak kota provinsi kabupaten kecamatan desa gubernur bupati wali dinas badan rapat"
    " mantan anggota tersangka istri suami begini nggak banget tapi cuma bareng saja sehingga seperti kalau yakni"
    " beberapa seluruh mulai siap kembali rp rupiah wib ri dpr jakarta bandung surabaya pekan kemarin besok sore",
    "ms": _SHARED_MALAY
    + " bahawa kerana ialah kerajaan isnin khamis jumaat bagaimanapun mahu selepas pelbagai mengikut manakala iaitu"
    " syarikat polis ringgit rm sempena menerusi dijangka berhubung berkenaan baharu projek universiti kolej mesyuarat"
    " parlimen timbalan datuk akta cukai wang disyaki tandatangan esok kempen pilihanraya lebuhraya persekutuan sahaja"
    " memaklumkan ditubuhkan jabatan kemudahan hadapan lelaki pemberita memberitahu didakwa tempoh mangsa kilang"
    " menasihati dinasihatkan pembangkang rundingan pelabur jururawat",
    "en": "the of and to in a is that for it as was with be by on not he his from at are this have an they which said"
    " but were has their will would been its after who two new also more about minister agreement government signs"
    " sign signed over",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als bij door maar uit naar heeft worden",
    "de": "der die das und ist von zu mit den im nicht ein eine auf für dem des sich auch als an nach wird bei aus",
    "fr": "le la les de des et un une est que dans pour en du qui sur par au avec pas plus ce sont aux il",
    "es": "el la los las de que y en un una es por con para del se al no su lo como más fue entre",
    "pt": "o os as de que e em um uma é por com para do da se ao não sua como mais foi entre dos das",
    "it": "il lo la gli le di che e in un una è per con del della non si al dei nel sono anche",
    "tl": "ang ng sa mga na at ay ito para hindi siya niya kanyang ni si nito rin kung may ayon naman nang",
    "vi": "và của là các có được cho trong với này đã không những người một để khi tại về việt nam",
    "tr": "ve bir bu için ile de da olarak çok daha sonra gibi ancak kadar bin günü nedeniyle oldu",
    "jv": "ing lan sing iki iku ora wis kang saka marang karo dadi uga ana nanging kanggo padha marga wong menyang",
    "su": "anu jeung dina nu teu geus ieu eta éta ka ti keur oge ogé aya urang acan deui kudu henteu",
}
_WEIGHT = {lang: frozenset(words.split()) for lang, words in _STOP_WORDS.items()}
_PLACES = tuple((lang, _BITS * place) for place, lang in enumerate(_WEIGHT))
_MOST_VOTES = (1 << _BITS) - 1
_VOTES = {
    word: sum(1 << place for lang, place in _PLACES if word in _WEIGHT[lang])
    for word in frozenset().union(*_WEIGHT.values())
}
"""The votes of a word: one number that holds a count for each language, so that a vote is one addition."""

_TELLING = {"id": _WEIGHT["id"] - _WEIGHT["ms"], "ms": _WEIGHT["ms"] - _WEIGHT["id"]}
_AFFIXED = re.compile(r"\b(?:me(?:ng|ny|m|n)|pem|pen|ber|per|ke|di)[a-z]{3,}(?:kan|nya|an)\b|\bmen[a-z]{3,}\b")
"""Words built as Indonesian and Malay build them: prefix, stem and suffix."""

AFFIX_VOTES = 3
"""Votes that such words can give at most: other languages have look-alikes."""

_WORDS = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_OTHER_SCRIPT = re.compile("[\u0400-\u1dff\u3040-\ud7a3]")
_SCRIPT_SHARE = 0.2


def language_of(text: str) -> str:
    """ISO 639-1 code of the language, "und" where too few words vote or two languages tie."""
    sample = text[:SAMPLE]
    if not sample.isascii() and _OTHER_SCRIPT.search(sample):
        for lang, letters in _SCRIPTS:
            if len(letters.findall(sample)) > _SCRIPT_SHARE * len(sample):
                return lang
    pieces = sample.lower().split()
    marked = " ".join(filterfalse(str.isalpha, pieces))
    words = pieces + _WORDS.findall(marked)
    cast = sum(filter(None, map(_VOTES.get, words)))
    votes = {lang: cast >> place & _MOST_VOTES for lang, place in _PLACES}
    if votes["id"] + votes["ms"] + AFFIX_VOTES >= max(votes.values()):
        affixed = sum(1 for _ in islice(_AFFIXED.finditer(sample), AFFIX_VOTES))
        for lang in ("id", "ms") if affixed else ():
            votes[lang] += affixed
    most = max(votes.values())
    if most < FEWEST:
        return "und"
    first = [lang for lang, count in votes.items() if count == most]
    if first[0] in {"id", "ms"}:
        malay = sum(map(_TELLING["ms"].__contains__, words))
        return "ms" if malay > sum(map(_TELLING["id"].__contains__, words)) else "id"
    return first[0] if len(first) == 1 else "und"
