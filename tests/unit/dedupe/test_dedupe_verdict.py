"""Copies are duplicates; bulletins of one frame, follow-ups and round-ups are not. All texts are made up."""

# ruff: noqa: E501 - a paragraph stands on one line, as in the article

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.dedupe import Neighbour, body, changes, fingerprint, judge, likeness, stands_in
from pipeline.model import Article, NearTo, New, Revises, SameAs, Verdict

NOW = datetime(2026, 3, 1, tzinfo=UTC)

STORY = (
    "Kementerian Perhubungan dan otoritas pelabuhan Selandia Baru meneken pengaturan tentang pelampung pintar di Wellington, Kamis (5/2/2026).",
    "Dokumen itu diteken Dirjen Perhubungan Laut Wirya Nasution dan kepala otoritas Hana Rewiti seusai rapat tahunan kedua lembaga.",
    "Menurut Wirya, 48 pelampung akan dipasang di Selat Lombok dan Selat Makassar sampai akhir 2027. Datanya dibagikan kepada nelayan tanpa biaya.",
    '"Kapal kecil paling sering tidak tahu arus berubah. Alat ini memberi tahu mereka lewat radio biasa," ujarnya.',
    "Selandia Baru menyediakan pelatihan bagi 30 teknisi. Biaya pemasangan ditanggung anggaran masing-masing pihak, tanpa hibah maupun pinjaman.",
    "Rewiti menyebut pengaturan itu berlaku empat tahun dan dapat diperpanjang setelah evaluasi bersama pada 2029.",
)


def article(key: str, *parts: str, title: str = "Judul") -> Article:
    return Article(
        key=key,
        outlet="o",
        url=f"https://o.example/{key}",
        canonical_url=f"https://o.example/{key}",
        title=title,
        paragraphs=parts,
        headings=(),
        removed=(),
        credits=(),
        dateline="",
        authors=(),
        published=None,
        published_raw="",
        section="",
        language="id",
        steps=(),
        fetched_at=NOW,
        discovered_at=NOW,
    )


def read(new: Article, *old: Article, texts: bool = True) -> Verdict:
    marks = [(one, fingerprint(one.key, body(one))) for one in old]
    mark = fingerprint(new.key, body(new))
    return judge(
        new,
        mark,
        same_url=None,
        exact=next((one.key for one, known in marks if known.text_hash == mark.text_hash), None),
        neighbours=tuple(
            Neighbour(key=one.key, fingerprint=known, text=body(one) if texts else None) for one, known in marks
        ),
    )


OLD = article("old", *STORY)

COPIES = {
    "word for word": STORY,
    "other headline and place line": ("Judul baru kami", f"JAKARTA, MP.com - {STORY[0]}", *STORY[1:]),
    "agency mark": (*STORY[:-1], f"{STORY[-1]} (WK/rd)"),
    "cut short": STORY[:4],
    "a paragraph added": (*STORY[:3], "Redaksi telah menghubungi kedua lembaga untuk keterangan tambahan.", *STORY[3:]),
    "a paragraph dropped": (*STORY[:2], *STORY[3:]),
    "words changed": tuple(
        p.replace("Menurut", "Kata").replace("ujarnya", "katanya").replace("akan", "bakal") for p in STORY
    ),
    "date added": (STORY[0].replace("Kamis (5/2/2026)", "Kamis (5/2/2026) sore waktu setempat"), *STORY[1:]),
}


@pytest.mark.parametrize("texts", [True, False])
@pytest.mark.parametrize("name", COPIES)
def test_copies(name: str, texts: bool) -> None:
    verdict = read(article("new", *COPIES[name]), OLD, texts=texts)
    assert isinstance(verdict, SameAs | NearTo), name
    assert verdict.key == "old"


def test_equal_bodies_are_the_same() -> None:
    assert read(article("new", "Judul lain sekali", f"WELLINGTON - {STORY[0]}", *STORY[1:]), OLD) == SameAs(key="old")


def test_another_papers_own_words_are_new() -> None:
    rewrite = (
        "Pelampung yang bisa membaca arus akan segera hadir di dua selat tersibuk Indonesia, hasil kerja sama dengan Wellington.",
        "Kesepakatan itu ditandatangani pekan ini oleh Hana Rewiti dari otoritas pelabuhan dan Wirya Nasution dari Jakarta.",
        "Nelayan akan menerima kabar arus lewat radio. Tiga puluh teknisi berlatih lebih dulu, dan 48 alat dipasang bertahap.",
        "Keduanya sepakat menilai hasilnya setelah tiga tahun sebelum memutuskan kelanjutan program itu bersama-sama nanti.",
    )
    assert read(article("new", *rewrite), OLD) == New()


def test_a_follow_up_opens_with_its_own_news() -> None:
    fresh = (
        "Pemasangan pelampung pintar pertama di Selat Lombok dimulai hari ini setelah kapal pembawa alat tiba dari Auckland dengan tiga puluh awak.",
        "Wakil Menteri Ratna Soeharja melepas kapal itu dari Benoa dan meminta nelayan menjauhi jalur pemasangan selama dua pekan berturut-turut.",
    )
    assert read(article("new", *fresh, *STORY[1:]), OLD) == New()


def test_a_round_up_is_no_copy_of_what_it_swallows() -> None:
    rng = random.Random(1)
    other = [" ".join("".join(rng.choice("aiueoknrst") for _ in range(6)) for _ in range(40)) + "." for _ in range(8)]
    assert read(article("new", *other, *STORY), OLD) == New()


def quake(rng: random.Random) -> tuple[str, ...]:
    place, other = rng.sample(["Bitung", "Ternate", "Sumba", "Nias", "Ambon", "Palu", "Fakfak", "Garut", "Alor"], 2)
    day, hour, size = rng.randint(1, 28), rng.randint(0, 23), rng.randint(30, 69) / 10
    return (
        f"Gempa bumi bermagnitudo {size} mengguncang wilayah {place} pada tanggal {day}/2/2026 pukul {hour:02}.{rng.randint(10, 59)} WIB.",
        f"Pusat gempa berada di laut pada jarak {rng.randint(5, 200)} km dari {place} dengan kedalaman {rng.randint(5, 300)} km.",
        f"Getaran dirasakan pula di {other}. Hingga berita ini ditulis belum ada laporan kerusakan maupun korban jiwa.",
        "Gempa tidak berpotensi tsunami. Masyarakat diminta tetap tenang dan tidak terpengaruh oleh kabar yang tidak jelas asalnya.",
        "Warga diimbau menghindari bangunan yang retak dan memeriksa rumah masing-masing sebelum kembali masuk ke dalamnya.",
    )


def price(rng: random.Random) -> tuple[str, ...]:
    cost = rng.randint(1_400, 2_100)
    rows = tuple(
        f"Emas {size} gram: Rp {cost * size},{rng.randint(100, 999)} per keping." for size in (1, 2, 3, 5, 10, 25)
    )
    return (
        f"Harga emas batangan hari ini tercatat Rp {cost}.000 per gram, berubah Rp {rng.randint(1, 40)}.000 dari harga kemarin.",
        f"Harga beli kembali dipatok Rp {cost - rng.randint(80, 160)}.000 per gram pada pembukaan perdagangan tanggal {rng.randint(1, 28)}/2/2026.",
        "Berikut daftar harga lengkap emas batangan di butik logam mulia, belum termasuk pajak yang dipungut saat pembelian.",
        *rows,
    )


def match(rng: random.Random) -> tuple[str, ...]:
    home, away = rng.sample(["Persela", "Arema", "Semen Padang", "Bali United", "Madura", "Dewa United", "Persik"], 2)
    first, last = rng.sample(["Rafi", "Bagas", "Yakob", "Ilham", "Stefano", "Egy", "Witan", "Ramadhan"], 2)
    one, two = rng.randint(1, 5), rng.randint(0, 4)
    return (
        f"Pertandingan pekan ke-{rng.randint(2, 34)} antara {home} dan {away} berakhir dengan skor {one}-{two} di stadion utama.",
        f"Gol pembuka dicetak oleh {first} pada menit ke-{rng.randint(1, 45)} lewat tendangan keras dari luar kotak penalti.",
        f"Pada babak kedua {last} menambah gol pada menit ke-{rng.randint(46, 90)} sebelum wasit meniup peluit panjang.",
        f"Dengan hasil itu {home} mengumpulkan {rng.randint(10, 60)} poin dan menempati peringkat ke-{rng.randint(1, 18)} klasemen sementara.",
        f"Sementara itu {away} masih harus berjuang keras pada laga berikutnya untuk memperbaiki posisi di papan klasemen.",
    )


@pytest.mark.parametrize("texts", [True, False])
@pytest.mark.parametrize("bulletin", [quake, price, match])
def test_bulletins_share_a_frame_and_are_no_copies(bulletin: object, texts: bool) -> None:
    rng = random.Random(11)
    issues = [article(f"b{n}", *bulletin(rng)) for n in range(25)]  # type: ignore[operator]
    false = [
        (one.key, two.key) for n, one in enumerate(issues) for two in issues[:n] if read(one, two, texts=texts) != New()
    ]
    assert false == []


def test_a_bulletin_that_differs_in_one_number() -> None:
    sale = STORY[2:5]
    one = article(
        "one", f"Pekan belanja kembali hadir Minggu, 17 Mei 2026 di seluruh gerai kami. {sale[1]}", *sale, STORY[5]
    )
    two = article(
        "two", f"Pekan belanja kembali hadir Minggu, 24 Mei 2026 di seluruh gerai kami. {sale[1]}", *sale, STORY[5]
    )
    assert read(two, one) == New()


def test_short_texts_count_only_when_equal() -> None:
    brief = "Presiden tiba di Wellington untuk kunjungan dua hari dan bertemu diaspora Indonesia."
    assert read(article("new", brief), article("old", brief)) == SameAs(key="old")
    assert read(article("new", f"{brief} Ia menginap semalam."), article("old", brief)) == New()
    assert read(article("new", "Lihat videonya."), article("old", "Lihat videonya.")) == New()


def test_the_nearest_neighbour_is_named() -> None:
    half = article(
        "half", *STORY[:3], "Bagian lain ditulis ulang oleh redaksi dengan kata-kata yang sama sekali berbeda."
    )
    verdict = read(article("new", *STORY[:5]), half, OLD)
    assert isinstance(verdict, NearTo)
    assert verdict.key == "old"
    assert read(OLD, OLD) == New(), "an article is no copy of itself"


def test_revisions_of_one_address() -> None:
    def again(new: Article) -> Verdict:
        return judge(new, fingerprint(new.key, body(new)), same_url=OLD, exact=None, neighbours=())

    assert again(OLD) == SameAs(key="old")
    assert again(replace(OLD, title="Judul lain")) == Revises(key="old", changed=("title",))
    mended = (STORY[0], STORY[1], STORY[2].replace("48", "52"), *STORY[3:])
    assert again(article("old", *mended)) == Revises(
        key="old", changed=("paragraphs changed: 1", "numbers or names: 1")
    )
    assert changes(OLD, article("old", *STORY, "Satu alinea lagi.")) == ("paragraphs added: 1",)


def test_the_body_leaves_out_what_copies_change() -> None:
    for first in ("TOKYO - Isi.", "Jakarta (NW) - Isi.", "JAKARTA, KOMPAS.com – Isi.", "Jakarta|EGINDO.co Isi."):
        assert body(article("k", first, "Lagi.")) == "Isi.\nLagi.", first
    assert body(article("k", "Judul", "Isi satu dua.", title="Judul")) == "Isi satu dua."
    assert body(replace(OLD, paragraphs=())) == ""
    assert body(article("k", "Isi berita. (ant/rd)")) == "Isi berita."
    assert body(article("k", "Isi berita (2026)")) == "Isi berita (2026)"


def test_likeness_says_whether_it_read_the_texts() -> None:
    mark, text = fingerprint("a", body(OLD)), body(OLD)
    assert likeness(mark, mark, text, text).verified
    assert not likeness(mark, mark, text, None).verified
    assert likeness(mark, mark, text, text).similarity == 1.0


def test_a_sentence_stands_in_a_text_word_for_word_or_lightly_edited() -> None:
    sentence = (
        "Menteri dari kedua negara menandatangani nota kesepahaman pemerintahan digital di Tallinn pada Rabu pagi."
    )
    text = f"Delegasi tiba sehari sebelumnya dan menginap di kota tua. {sentence} Hujan turun sampai sore."
    assert stands_in(sentence, text)
    assert stands_in(sentence.replace("pagi", "siang").replace("Menteri dari", "Menteri"), text)
    assert not stands_in("Kedua negara akan bertukar empat puluh ahli selama tiga tahun mulai September nanti.", text)
    assert not stands_in("Ya.", text), "too short to say"
