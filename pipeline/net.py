"""Addresses: which one a URL stands for (identity), and which ones may be called (policy). Pure, no socket.

Identity is deliberately coarser than fetching: `https://m.x.co.id/a/b?page=2&utm_source=tw#c` and
`http://www.x.co.id/a/b/` are one article. Policy is deliberately narrow: whatever came from outside (a feed, a
redirect, a webhook in a file) is called only at a globally routable address, whichever way it was written.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from pipeline.errors import AddressRefused
from pipeline.model import digest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 2_000
"""Longest URL that is fetched, in characters; what mainstream servers and browsers still agree on."""

_TRACKING = frozenset(
    {"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh"}
    | {"mc_cid", "mc_eid", "_ga", "_gl", "ref_src", "ref_url", "cmpid", "ocid", "spm", "sharefrom", "share_from"}
    | {"shared_via", "utmsource", "amp_js_v", "amp_gsa", "usqp", "__twitter_impression", "at_medium", "at_campaign"}
    | {"tag_from", "track_source"}
)
_WHOLE = frozenset({"all", "1", "true", "yes", "full", "semua"})
_WHOLE_KEYS = frozenset({"single", "showpage", "singlepage", "view-all", "viewall", "fullpage", "full"})
_PAGE_KEYS = frozenset({"page", "halaman", "hal", "pg", "p_no", "paged"})
_AMP_KEYS = frozenset({"amp", "outputtype", "amp_markup"})
_PRINT_KEYS = frozenset({"print", "printable", "cetak", "printpage", "print-page"})
_VIEW_KEYS = frozenset({"view", "mode", "format", "layout", "tampilan"})
_PRINT_VALUES = frozenset({"print", "printable", "cetak", "amp", "mobile"})
_SAME_SITE = frozenset({"www", "m", "amp", "mobile", "wap"})
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;#]*", re.IGNORECASE)
_PAGE_PATH = re.compile(r"/(?:page|halaman|hal)[/-]\d{1,3}$", re.IGNORECASE)
_SLUG_PAGE = re.compile(r"(/[^/-]+-[^/-]*-[^/]*)/(?:all|\d{1,2})$", re.IGNORECASE)
_PRINT_PATH = re.compile(r"(/[^/]*[\d-][^/]*)/(?:print|cetak|printpage)$", re.IGNORECASE)
_PRINT_HEAD = re.compile(r"^/(?:print|cetak)(?=/[^/]*[\d-]|/.*/[^/]*[\d-])", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$)|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_VIEWERS = re.compile(
    r"^(?:https?:)?//(?:[\w.-]+\.cdn\.ampproject\.org/[a-z]|(?:www\.)?google\.[a-z.]+/amp)/", re.I
)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_SAFE_PATH = "/:@!$&'()*+,;=-._~"
_SAFE_QUERY = _SAFE_PATH + "?"


def canonical_url(url: str) -> str:
    """The normal form that identifies an article, whatever way its link was written.

    Scheme https, host in lower case ASCII without `www.`, `m.` and `amp.`, no default port, AMP forms, tracking,
    session, page, whole-page and print parameters dropped, query sorted, no fragment, percent escapes in normal form.
    It is an identity, not an address: it is never fetched. Never raises; what is no URL comes back trimmed.
    """
    text = _CONTROL.sub("", url)
    if len(text) > 4 * MAX_URL:
        return text
    for _ in range(4):  # a viewer inside a viewer, `/amp/page/2` and the like: until nothing changes any more
        before, text = text, _normal_once(text)
        if text == before:
            break
    return text


def url_key(url: str) -> str:
    """Identity of `canonical_url(url)` as a hex digest; the key of a candidate."""
    return digest("url", canonical_url(url), size=10)


def _normal_once(text: str) -> str:
    if viewer := _AMP_VIEWERS.match(text):
        text = "https://" + text[viewer.end() :].removeprefix("s/")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        return text
    if parts.scheme not in {"http", "https"} or not host:
        return text
    host = _site(ascii_host(host))
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port not in {80, 443}:
        netloc += f":{port}"
    query = _query(parts.query)
    return f"https://{netloc}{_path(parts.path)}{'?' + query if query else ''}"


def _site(host: str) -> str:
    """The host without the labels that only choose a rendering; at least two labels stay."""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _SAME_SITE:
        labels = labels[1:]
    return ".".join(labels)


def _path(path: str) -> str:
    path = _SESSION.sub("", _escaped(path, _SAFE_PATH))
    path = re.sub(r"/{2,}", "/", path)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[max(1, len(segments) - 1) :]
        elif segment != ".":
            segments.append(segment)
    path = "/".join(segments).rstrip("/")
    path = re.sub(r"^/amp(?=/.)", "", path, flags=re.IGNORECASE)
    path = _AMP_PATH.sub("", path).rstrip("/")
    path = _PAGE_PATH.sub("", path)
    path = _PRINT_HEAD.sub("", _PRINT_PATH.sub(r"\1", path))
    path = _SLUG_PAGE.sub(r"\1", path)
    path = re.sub(r"/index\.(?:html?|php)$", "", path, flags=re.IGNORECASE).rstrip("/")
    return path or "/"


def _query(query: str) -> str:
    kept: list[str] = []
    for pair in query.replace("&amp;", "&").split("&"):
        name, _, value = pair.partition("=")
        plain = name.lower()
        if not pair or plain in _TRACKING or plain.startswith(("utm_", "utm-", "hsa_", "pk_", "mtm_")):
            continue
        if plain in _AMP_KEYS or (plain in _WHOLE_KEYS and value.lower() in _WHOLE):
            continue
        if plain in _PRINT_KEYS and (not value or value.lower() in _WHOLE or value.isdigit()):
            continue
        if plain in _VIEW_KEYS and value.lower() in _PRINT_VALUES:
            continue
        if plain in _PAGE_KEYS and (value.isdigit() or value.lower() in _WHOLE or not value):
            continue
        kept.append(_escaped(pair, _SAFE_QUERY))
    return "&".join(sorted(kept))


def _escaped(text: str, safe: str) -> str:
    """Percent escapes in normal form: decoded where the byte needs none, upper-case hex where it does."""
    out: list[str] = []
    for place, piece in enumerate(re.split(r"((?:%[0-9A-Fa-f]{2})+)", text)):
        if place % 2 == 0:  # what stands between escapes
            out.append(quote(piece, safe=safe, errors="replace"))
            continue
        raw = unquote_to_bytes(piece)
        # reserved characters mean something else when they stand bare, so their escapes stay
        out.append("".join(chr(b) if chr(b).isascii() and _bare(chr(b)) else f"%{b:02X}" for b in raw))
    return "".join(out)


def _bare(char: str) -> bool:
    return char.isalnum() or char in "-._~"


def ascii_host(host: str) -> str:
    """A host in lower case ASCII without its root dot, IDN labels as punycode; what cannot be encoded stays."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        encoded = host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
    # the codec maps some signs to blanks and the like, which no host has
    return encoded.lower() if re.fullmatch(r"[A-Za-z0-9._-]+", encoded) else host


def host_literal(host: str) -> IPAddress | None:
    """The address a host name is a spelling of, in every spelling the C library takes: `2130706433`, `0x7f.1`,
    `0177.0.0.1`, `[::1]`, `fe80::1%eth0`; None for a real name."""
    bare = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    parts = bare.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    try:
        numbers = [_c_number(part) for part in parts]
    except ValueError:
        return None
    *heads, tail = numbers
    if any(head > 255 for head in heads) or tail >= 256 ** (4 - len(heads)):
        return None
    value = tail
    for place, head in enumerate(heads):
        value += head << (8 * (3 - place))
    return ipaddress.IPv4Address(value)


def _c_number(part: str) -> int:
    """A number as inet_aton reads it: 0x is hexadecimal, a leading 0 octal."""
    if not part.isascii() or not part.isalnum():
        raise ValueError(part)
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    if part[0] == "0" and len(part) > 1:
        return int(part, 8)
    return int(part, 10)


_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_TUNNELS = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_RELAY_V4 = ipaddress.IPv4Network("192.88.99.0/24")  # RFC 7526: 6to4 relays, still "global" to ipaddress


def check_address(ip: str | IPAddress, *, allow_loopback: bool = False) -> None:
    """Refuse an address that is not globally routable.

    That is private, loopback, link-local, CGNAT, documentation, multicast and reserved ranges (IANA special-purpose
    registries) and tunnels (6to4, Teredo); what wraps an IPv4 address (IPv4-mapped, NAT64) is judged by that address.
    `allow_loopback` admits 127.0.0.0/8 and ::1 only (demo and tests).

    Raises:
        AddressRefused: the address must not be called, or is none.
    """
    try:
        address = ipaddress.ip_address(ip) if isinstance(ip, str) else ip
    except ValueError:
        raise AddressRefused(f"{ip!r} is no IP address") from None
    if allow_loopback and address.is_loopback:
        return
    if isinstance(address, ipaddress.IPv6Address):
        if inner := _embedded(address):
            check_address(inner, allow_loopback=allow_loopback)
            return
        if any(address in net for net in _TUNNELS):
            raise AddressRefused(f"{address} is a tunnel address (6to4 or Teredo)")
        routable = address.is_global and address in _GLOBAL_V6
    else:
        routable = address.is_global and address not in _RELAY_V4
    if not routable or address.is_multicast or address.is_reserved:
        raise AddressRefused(f"{address} is not a public internet address")


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64[0]:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def safe_scheme(url: str) -> bool:
    """Whether the URL is http or https."""
    return url[:8].lower().startswith(("http://", "https://"))


def check_url(url: str, *, allow_loopback: bool = False) -> SplitResult:
    """The parts of a URL that may be called, as far as that can be told without resolving its host.

    Refused: other schemes, user names or passwords, back-slashes and control characters (parsers disagree about
    them), a missing host, literal addresses that `check_address` refuses, bare `localhost` names, more than `MAX_URL`
    characters.

    Raises:
        AddressRefused: with what is wrong.
    """
    if not safe_scheme(url):
        raise AddressRefused(f"only http and https are called, not {url[:60]!r}")
    if len(url) > MAX_URL:
        raise AddressRefused(f"a URL of {len(url)} characters")
    if "\\" in url or _CONTROL.search(url):
        raise AddressRefused(f"{url[:80]!r} holds a back-slash, blank or control character")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused(f"{url[:80]!r} is no URL: {error}") from None
    if "@" in parts.netloc:
        raise AddressRefused("a URL with a user name in it")
    host = ascii_host(parts.hostname or "")
    if not host:
        raise AddressRefused(f"{url[:80]!r} names no host")
    if (literal := host_literal(host)) is not None:
        check_address(literal, allow_loopback=allow_loopback)
    elif not allow_loopback and (host == "localhost" or host.endswith(".localhost")):
        raise AddressRefused(f"{host} is this machine")
    return parts


def redirected(url: str, location: str, *, allow_loopback: bool = False) -> str:
    """The address that a redirect leads to. From https it leads to https only: the plain address of a host on its
    usual port, as careless servers name their own, is called by https.

    Raises:
        AddressRefused: it must not be called, or is none.
    """
    try:
        target = urljoin(url, location)
    except ValueError as error:
        raise AddressRefused(f"{location[:80]!r} is no address: {error}") from None
    parts = check_url(target, allow_loopback=allow_loopback)
    if url[:6].lower() != "https:" or parts.scheme == "https":
        return target
    if parts.port not in {None, 80}:
        raise AddressRefused(f"{target[:200]} leaves https")
    return urlunsplit(parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")))


def same_site(first: str, second: str) -> bool:
    """Whether two URLs stand on one host, `www.`, `m.` and `amp.` being no difference; ports count."""
    try:
        a, b = urlsplit(first), urlsplit(second)
        return (_site(ascii_host(a.hostname or "")), a.port) == (_site(ascii_host(b.hostname or "")), b.port)
    except ValueError:
        return False
