"""What the pages and the attribution say, in the reader's language: files of feeds/data/i18n, or the editor's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

# ISO 15924 scripts are not known to us, languages are: those written from right to left today.
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "azb", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "pnb", "prs"))
_RIGHT_TO_LEFT_TOO = frozenset(("ps", "sd", "ug", "ur", "yi"))


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language."""

    language: str
    phrases: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its {places} filled."""
        return str(self.phrases[key]).format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return a phrase that counts, in the form the language asks for ("1 entry", "2 entries")."""
        forms = self.phrases[key]
        return str(forms[_PLURALS[self.phrases["plural"]](number, len(forms))]).format(n=self.number(number), **values)

    def number(self, number: int) -> str:
        """Return a number as the language groups its digits."""
        return f"{number:,}".replace(",", self.phrases["group"])

    def day(self, day: date) -> str:
        """Return a day in full."""
        return self.say(
            "day",
            weekday=self.phrases["weekdays"][day.weekday()],
            day=day.day,
            month=self.phrases["months"][day.month - 1],
            year=day.year,
        )

    def short_day(self, day: date) -> str:
        """Return a day without its weekday."""
        return self.say("short_day", day=day.day, month=self.phrases["months"][day.month - 1], year=day.year)

    def month(self, month: str) -> str:
        """Return "2026-10" as a month in words."""
        return self.say("month", month=self.phrases["month_names"][int(month[5:]) - 1], year=month[:4])

    def time(self, moment: datetime) -> str:
        """Return an hour and minute, in UTC."""
        return f"{moment:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Return a day and an hour, in UTC."""
        return self.say("moment", day=self.short_day(moment.date()), time=self.time(moment))


def _one_other(number: int, _forms: int) -> int:
    return 0 if number == 1 else 1


def _one_few_many(number: int, _forms: int) -> int:
    """CLDR's rule for Russian, Ukrainian, Belarusian."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2


def _other(_number: int, _forms: int) -> int:
    return 0


_PLURALS = {"one other": _one_other, "one few many": _one_few_many, "other": _other}


def words(language: str, more: Mapping[str, Mapping[str, Any]] | None = None) -> Words:
    """Return the phrases of a language.

    `more` holds the editor's own files by language; what a file lacks, and a language without a file,
    falls back to English.
    """
    short = language.lower().split("-")[0]
    ours = {**_english(), **_shipped(short)}
    theirs = (more or {}).get(short, {})
    known = short if theirs or _shipped(short) else "en"
    return Words(known, {**ours, **theirs})


def direction(language: str | None) -> str:
    """Return "rtl" or "ltr" for a language, "auto" where none is known."""
    if not language:
        return "auto"
    parts = language.lower().split("-")
    if "arab" in parts[1:] or "hebr" in parts[1:]:
        return "rtl"
    if "latn" in parts[1:] or "cyrl" in parts[1:]:
        return "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT or parts[0] in _RIGHT_TO_LEFT_TOO else "ltr"


@cache
def _shipped(language: str) -> Mapping[str, Any]:
    path = resources.files("feeds") / "data" / "i18n" / f"{language}.json"
    if not language.isalpha() or not path.is_file():
        return {}
    phrases: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return phrases


def _english() -> Mapping[str, Any]:
    return _shipped("en")
