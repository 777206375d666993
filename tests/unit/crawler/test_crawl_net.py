"""Identity of URLs and the address policy, case by case."""

from __future__ import annotations

import ipaddress
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import AddressRefused
from pipeline.net import canonical_url, check_address, check_url, host_literal, same_site, url_key

SAME = [
    (
        "https://antaranews.com/berita/1/judul-berita",
        [
            "http://www.antaranews.com/berita/1/judul-berita",
            "https://m.antaranews.com/berita/1/judul-berita/",
            "HTTPS://WWW.ANTARANEWS.COM:443/berita/1/judul-berita#komentar",
            "https://www.antaranews.com/berita/1/judul-berita?utm_source=rss&utm_medium=feed",
            "https://www.antaranews.com/berita/1/judul-berita?fbclid=x&gclid=y",
            "https://www.antaranews.com/amp/berita/1/judul-berita",
            "https://www.antaranews.com/berita/1/judul-berita/amp/",
            "https://www.antaranews.com/berita/1/judul-berita?amp=1",
            "https://amp.antaranews.com/berita/1/judul-berita",
            "https://www-antaranews-com.cdn.ampproject.org/c/s/www.antaranews.com/berita/1/judul-berita",
            "https://www.google.com/amp/s/www.antaranews.com/berita/1/judul-berita",
            "https://www.antaranews.com/berita/1/judul-berita?page=all",
            "https://www.antaranews.com/berita/1/judul-berita?single=1",
            "https://www.antaranews.com/berita/1/judul-berita?showpage=all",
            "https://www.antaranews.com/berita/1/judul-berita?page=2",
            "https://www.antaranews.com/berita/1/judul-berita/page/2/",
            "https://www.antaranews.com/berita/1/judul-berita/print",
            "https://www.antaranews.com/print/berita/1/judul-berita",
            "https://www.antaranews.com/berita/1/judul-berita/cetak/",
            "https://www.antaranews.com/berita/1/judul-berita?print=1",
            "https://www.antaranews.com/berita/1/judul-berita?view=print",
            "https://mobile.antaranews.com/berita/1/judul-berita?mode=mobile",
            "https://www.antaranews.com/berita/1/./x/../judul-berita",
            "https://www.antaranews.com/berita/1/judul-berita;jsessionid=8A7F",
            "https://www.antaranews.com/berita/1/judul%2Dberita",
            " https://www.antaranews.com./berita/1/\njudul-berita ",
        ],
    ),
    (
        "https://detik.com/d-7654321/judul-yang-panjang-sekali",
        [
            "https://detik.com/d-7654321/judul-yang-panjang-sekali/2",
            "https://detik.com/d-7654321/judul-yang-panjang-sekali/all",
        ],
    ),
    ("https://x.go.id/?a=1&b=2&p=77", ["https://x.go.id/?b=2&a=1&p=77", "http://x.go.id?p=77&amp;b=2&a=1"]),
    ("https://xn--bcher-kva.example/%C3%A4", ["http://bücher.example/ä", "http://BÜCHER.example/%c3%a4"]),
    ("https://x.id:8443/a", ["http://x.id:8443/a/"]),
]

DIFFERENT = [
    ("https://en.antaranews.com/news/1/a", "https://www.antaranews.com/news/1/a"),
    ("https://x.id/?p=1", "https://x.id/?p=2"),
    ("https://x.id/a/b", "https://x.id/a%2Fb"),
    ("https://x.id/berita/2023/10/11", "https://x.id/berita/2023/10/12"),
    ("https://x.id/read/1", "https://x.id/read/2"),
    ("https://x.id:81/a", "https://x.id/a"),
    ("https://x.id/A", "https://x.id/a"),
    ("https://x.id/?page=about", "https://x.id/?page=contact"),
    ("https://x.id/bisnis/print", "https://x.id/bisnis"),
    ("https://x.id/print/produk", "https://x.id/produk"),
    ("https://x.id/?view=list", "https://x.id/?view=grid"),
]


@pytest.mark.parametrize(("canonical", "spellings"), SAME)
def test_one_article_has_one_identity(canonical: str, spellings: list[str]) -> None:
    assert canonical_url(canonical) == canonical
    for spelling in spellings:
        assert canonical_url(spelling) == canonical, spelling
        assert url_key(spelling) == url_key(canonical)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_articles_stay_different(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@given(st.one_of(st.text(max_size=200), st.text(alphabet="htps:/.?&=%-#[]@;apm0123è\u202e\ud800", max_size=80)))
def test_identity_never_raises_and_is_stable(text: str) -> None:
    for url in (text, "https://x.id/" + text, "https://" + text):
        once = canonical_url(url)
        assert canonical_url(once) == once
        assert len(url_key(url)) == 20


def test_identity_of_a_huge_url_is_quick() -> None:
    began = time.process_time()
    for long in ("https://x.id/" + "a-" * 500_000, "https://x.id/" + "-" * 7_000, "https://x.id/" + "../" * 2_500):
        canonical_url(long)
    assert time.process_time() - began < 1


REFUSED = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.5.4", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1",
    "64:ff9b:1::a00:1", "2002:0a00:0001::", "2001:0:4136:e378::", "2001:db8::1", "fc00::1", "fd12::1", "fe80::1",
    "fec0::1", "ff02::1", "::10.0.0.1", "100::1", "4000::1", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.10.144.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_pass(address: str) -> None:
    check_address(address)


def test_leave_for_loopback_is_for_loopback_only() -> None:
    for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
        check_address(address, allow_loopback=True)
    for address in ("10.0.0.1", "169.254.169.254", "0.0.0.0", "::ffff:10.0.0.1"):
        with pytest.raises(AddressRefused):
            check_address(address, allow_loopback=True)


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7f000001", "017700000001", "127.0.0.1.", "[::1]", "::1%lo"],
)
def test_every_spelling_of_an_address_is_read_as_the_c_library_reads_it(host: str) -> None:
    literal = host_literal(host)
    assert literal is not None and literal.is_loopback
    if ":" not in host:
        assert literal == ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))


@pytest.mark.parametrize(
    "host", ["antaranews.com", "1.2.3.4.5", "256.1.1.1", "0xzz", "1..2", "", "08.1.1.1", "٣.1.1.1"]
)
def test_names_are_no_addresses(host: str) -> None:
    assert host_literal(host) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9093/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "http://localhost/",
        "http://a.localhost./", "http://100.64.0.1/", "http://169.254.169.254/latest/", "http://good\\@10.0.0.1/",
        "http://user:pass@example.org/", "file:///etc/passwd", "ftp://example.org/", "data:text/html,x",
        "javascript:alert(1)", "//example.org/", "http:///x", "http://[::1", "http://example.org:99999/",
        "http://exa mple.org/", "http://example.org/\r\nHost: x", "https://example.org/" + "a" * 3000, "",
    ],
)  # fmt: skip
def test_urls_that_must_not_be_called(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


def test_plain_urls_may_be_called() -> None:
    for url in (
        "https://www.antaranews.com/rss",
        "http://xn--bcher-kva.example/",
        "https://x.id:8443/a?b=c",
        "https://8.8.8.8/",
    ):
        assert check_url(url).hostname


def test_same_site_sees_through_renderings_but_not_ports() -> None:
    assert same_site("https://www.x.co.id/a", "http://m.x.co.id/b")
    assert not same_site("https://en.x.co.id/a", "https://x.co.id/b")
    assert not same_site("http://x.co.id:81/a", "http://x.co.id/b")
