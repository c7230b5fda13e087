"""How sources are asked, as the configuration has it."""

import os

from feeds import fetch
from feeds.config import Config


def settings(config: Config | None) -> fetch.Settings:
    """Return the manners and limits of requests, the shipped ones without a configuration."""
    if config is None:
        return fetch.Settings()
    poll = config.poll
    return fetch.Settings(
        contact=config.site.contact,
        per_host=poll.per_host,
        concurrency=poll.concurrency,
        spacing=poll.spacing,
        deadline=poll.deadline,
        max_body_bytes=poll.max_body_bytes,
        allow_networks=poll.allow_networks,
        proxy=poll.proxy,
        environment=os.environ,
    )
