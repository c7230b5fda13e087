"""When the publisher wants to be asked again: RSS 2.0's ttl, skipHours and skipDays, and the syndication module.

Read from the text, before the first entry and after the last: one reading for both parsers.
"""

import re
from datetime import timedelta

from feeds.model import Hints

MAX_TTL_MINUTES = 10**7  # longer is as long: cadence caps it at a week
MAX_DIGITS = 12

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_TTL = re.compile(r"<ttl(?:\s[^<>]*)?>\s*\+?(\d+)(?:\.\d*)?\s*</ttl", re.IGNORECASE)
# The module's prefix is the publisher's to choose.
_PERIOD = re.compile(r"<(?:[\w.-]{1,40}:)?updatePeriod\b[^<>]*>\s*([^<\s]{0,40})\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(r"<(?:[\w.-]{1,40}:)?updateFrequency\b[^<>]*>\s*\+?(\d{1,5})\s*<", re.IGNORECASE)
_SKIPPED = re.compile(r"<skip(?:Hours|Days)\s*>(?:[^<]{0,200}<){0,160}?/skip(?:Hours|Days)\s*>", re.IGNORECASE)
_HOUR = re.compile(r"<hour\s*>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(r"<day\s*>\s*(\w{1,12})\s*<", re.IGNORECASE)
_FIRST = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def of(text: str) -> Hints:
    """Return what the document says about when to ask again."""
    first = _FIRST.search(text)
    if first is not None:
        last = max(text.rfind("</item>"), text.rfind("</entry>"))
        text = text[: first.start()] + (text[last:] if last > 0 else "")
    text = _said(text)
    ttl, period, frequency = _TTL.search(text), _PERIOD.search(text), _FREQUENCY.search(text)
    minutes = min(int(ttl[1].lstrip("0")[:MAX_DIGITS] or 0), MAX_TTL_MINUTES) if ttl else 0
    asked = [timedelta(minutes=minutes)] if minutes else []
    if (period or frequency) and (every := _PERIODS.get((period[1] if period else "").lower() or "daily")):
        asked.append(every / max(1, int(frequency[1]) if frequency else 1))
    skipped = "".join(_SKIPPED.findall(text))
    hours = frozenset(int(hour) % 24 for hour in _HOUR.findall(skipped) if int(hour) <= 24)
    days = frozenset(_DAYS[day.lower()] for day in _DAY.findall(skipped) if day.lower() in _DAYS)
    return Hints(ttl=max(asked, default=None), skip_hours=hours, skip_days=days)


def _said(text: str) -> str:
    """Return the text without its comments and the marks of CDATA; in time linear in it."""
    kept, start = [], 0
    while (found := text.find("<!--", start)) >= 0:
        kept.append(text[start:found])
        end = text.find("-->", found)
        start = len(text) if end < 0 else end + 3
    kept.append(text[start:])
    return "".join(kept).replace("<![CDATA[", "").replace("]]>", "")
