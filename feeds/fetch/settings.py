"""What the operator decides about fetching, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import feeds

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ACCEPT_ENCODING = "gzip, br, zstd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits and manners of every request; the same for all sources of a deployment."""

    contact: str | None = None  # e-mail or URL of the operator, told to every publisher
    per_host: int = 2  # requests at a time to one hostname, ports ignored
    spacing: timedelta = timedelta()  # between two starts at one hostname
    concurrency: int = 64  # requests at a time in all
    deadline: timedelta = timedelta(seconds=60)  # of one answer, redirects, headers and body
    connect: timedelta = timedelta(seconds=20)  # of one connection
    max_body_bytes: int = 10 * 2**20  # packed, and unpacked
    max_redirects: int = 10
    allow_networks: tuple[str, ...] = ()  # CIDR: addresses beyond the public ones that may be asked
    proxy: str | None = None  # http(s) URL; may name ${VARIABLES}
    environment: Mapping[str, str] = field(default_factory=dict)  # where ${VARIABLES} are looked up

    @property
    def user_agent(self) -> str:
        """Who asks: name, version and whom to write to."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"Feeds/{feeds.__version__}{contact}"
