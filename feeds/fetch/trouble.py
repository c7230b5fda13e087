"""What went wrong on the way, in words: never the text of a request, never an exception's own."""

import errno
import ssl
import traceback

from feeds.fetch import guard
from feeds.model import Failure, FailureKind


class TroubleError(Exception):
    """Something that went wrong on the way, in words already."""

    def __init__(self, reason: str, kind: FailureKind = "network") -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind: FailureKind = kind


ERRORS = (TroubleError, OSError)

_ERRNO_LINES = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "no route to the network",
    errno.ETIMEDOUT: "no connection within the time for one",
    errno.EPIPE: "connection closed while asking",
}


def unforeseen(exc: BaseException) -> Failure:
    """Return the failure that an exception nobody thought of is: told as ours, with where it came from."""
    last = traceback.extract_tb(exc.__traceback__)[-1:]
    where = "".join(f" in {frame.name}" for frame in last)
    reason = f"a mistake of this program, please report it ({type(exc).__name__}{where})"
    return Failure(reason=reason, kind="unreadable")


def named(exc: BaseException) -> Failure:
    """Return the failure that an exception of the way means."""
    match exc:
        case TroubleError():
            return Failure(reason=exc.reason, kind=exc.kind)
        case guard.RefusedError():
            return Failure(reason=f"address refused: {exc}", kind="refused")
        case ssl.SSLCertVerificationError():
            return Failure(reason=f"certificate not valid: {exc.verify_message or 'for no reason given'}", kind="tls")
        case ssl.SSLError():
            return Failure(reason="no TLS connection: the server speaks it badly or not at all", kind="tls")
        case OSError() if exc.errno in _ERRNO_LINES:
            return Failure(reason=_ERRNO_LINES[exc.errno], kind="network")
        case _:
            return Failure(reason=f"no answer ({type(exc).__name__})", kind="network")
