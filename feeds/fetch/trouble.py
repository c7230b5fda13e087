"""What went wrong on the way, in words: httpx and aiohttp say it through chains of causes."""

import errno
import ssl
from collections.abc import Iterator

import aiohttp
import httpx

from feeds.fetch import guard
from feeds.model import Failure

# What a transport raises: its own errors are mapped to httpx's, but not all of them.
ERRORS = (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError)

_ERRNO_LINES = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "no route to the network",
    errno.EPIPE: "connection closed while asking",
}


def named(exc: BaseException, *, refusals: list[str]) -> Failure:
    """Return the failure that an exception of the transport means; never the text of a request."""
    chain = list(_causes(exc))
    if refusals and any(isinstance(cause, aiohttp.ClientConnectorError | guard.RefusedError) for cause in chain):
        return Failure(reason=f"address refused: {refusals[0]}", kind="refused")
    for cause in chain:
        match cause:
            case aiohttp.ClientConnectorDNSError():
                return Failure(reason=f"the name {cause.host} is not found", kind="dns")
            case aiohttp.ClientConnectorCertificateError():
                return Failure(reason=f"certificate not valid: {_certificate(cause)}", kind="tls")
            case aiohttp.ClientConnectorSSLError() | ssl.SSLError():
                return Failure(reason="no TLS connection: the server speaks it badly or not at all", kind="tls")
            case aiohttp.ClientHttpProxyError():
                return Failure(reason=f"the proxy answered {cause.status}", kind="network")
            case aiohttp.ClientProxyConnectionError():
                return Failure(reason="the proxy cannot be reached", kind="network")
            case aiohttp.InvalidURL():
                return Failure(reason="not a URL that can be asked", kind="refused")
            case aiohttp.ServerTimeoutError() | TimeoutError():
                return Failure(reason="no connection within the time for one", kind="timeout")
            case aiohttp.ClientPayloadError():
                return Failure(reason="body cut short", kind="network")
            case aiohttp.ServerDisconnectedError():
                return Failure(reason="connection closed without an answer", kind="network")
            case aiohttp.ClientResponseError():
                return Failure(reason="the answer is not HTTP, or its headers are too long", kind="network")
            case _:
                continue
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno in _ERRNO_LINES:
            return Failure(reason=_ERRNO_LINES[cause.errno], kind="network")
    return Failure(reason=f"no answer ({type(chain[-1]).__name__})", kind="network")


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__


def _certificate(cause: aiohttp.ClientConnectorCertificateError) -> str:
    inner = cause.certificate_error
    return getattr(inner, "verify_message", "") or type(inner).__name__
