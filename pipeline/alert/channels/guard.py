"""The address policy of webhooks: the host is resolved once, and only that address is called.

A host whose addresses are not all public is refused, so neither a private record beside a public one nor a name that
changes its answer between check and call (rebinding) gets through.
"""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from pipeline.errors import AddressRefused
from pipeline.net import check_address, check_url


def resolve(url: str, *, loopback: bool) -> str:
    """One address of the URL's host, all of them being allowed.

    Raises:
        AddressRefused: the URL or one of its addresses must not be called.
        OSError: the name cannot be resolved.
    """
    parts = check_url(url, allow_loopback=loopback)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(address, allow_loopback=loopback)
    return addresses[0]


class PinnedAdapter(HTTPAdapter):
    """Connects to the checked address, while TLS and the Host header keep the name."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        url = request.url or ""
        parts = urlsplit(url)
        try:
            address = resolve(url, loopback=self._loopback)
        except AddressRefused as error:
            raise requests.exceptions.InvalidURL(str(error), request=request) from error
        except OSError as error:
            raise requests.exceptions.ConnectTimeout(f"cannot resolve {parts.hostname}", request=request) from error
        host = parts.hostname or ""
        if parts.scheme == "https":  # the certificate is asked for, and checked against, the name
            self.poolmanager.connection_pool_kw.update(server_hostname=host, assert_hostname=host)
        literal = f"[{address}]" if ":" in address else address
        request.url = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal).geturl()
        request.headers["Host"] = parts.netloc
        return super().send(request, *args, **options)


def session(*, loopback: bool) -> requests.Session:
    """A session for one request: it calls checked addresses only and takes nothing from the environment."""
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, PinnedAdapter(loopback=loopback))
    return made
