"""Dates as publishers write them, to datetimes that still know the offset they were written with."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds import text

MIN_YEAR = 1970  # nothing in a feed is older than feeds by so much; year 1 and year -1 are clocks that failed
EPOCH = (1970, 1, 1)  # what a program prints that has no date
BUDDHIST_YEARS = range(2553, 2593)  # 2010 to 2049 of the Thai solar calendar; further off it is a clock that failed

_CITY = r"[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_-]+){1,2}"  # Asia/Almaty
_ABBREVIATED = r"(?![AaPp][Mm]\b)[A-Za-z]"  # a zone; the halves of a day are none
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s-]+(\d{2,4}),?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    rf"\s*([+-]\s?\d{{1,2}}:?\d{{2}}|{_CITY}|{_ABBREVIATED}{{1,5}})?(?:\s*\(.*\))?\s*$"
)
_ISO_8601 = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:(?:[Tt\s]+|(?<=\d{8})(?=\d{4}(?:\d\d)?\b))(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?"
    rf"\s*([Zz]|[+-]\d{{1,2}}:?\d{{2}}|[+-]\d{{2}}|{_CITY}|{_ABBREVIATED}{{2,5}})?(?:\s*\[.*\])?)?\s*$"
)
_TIME = re.compile(
    r"(?:(오전|오후|上午|下午)\s*)?(\d{1,2})(?::|h|時|时|시\s*)(\d{2})(?:[:.분分](\d{2}))?[분分]?"
    r"\s*([ap]\.?m\.?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<=\d\d)(,?\s+\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")  # 14.30.00 after a date
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?")  # seconds or milliseconds since 1970, after 2001
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])$")
_ISO_DAY = re.compile(r"(\d{4})-(\d{3})$")
_OFFSET = re.compile(
    rf"(?:\b(?:UTC|GMT)\s*|(?<=\d)|\s|^)([+-]\d{{1,2}}(?::?\d{{2}})?)(?!\d)|({_CITY})"
    r"|(?<![^\W\d_])([^\W\d_]{1,5})(?![^\W\d_]|\s*[+-]\d)"
)
_NUMBERS = re.compile(r"\d+")
_YEAR = re.compile(r"\d{4}")
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e])"  # the vowel signs of Hindi and Thai, too
_LETTERS = re.compile(rf"{_LETTER}+(?:[.'’]?{_LETTER}+)*")
_PLAIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩−‐‑", "01234567890123456789---")
_ENGLISH = {
    name: month
    for month, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
MAX_DATE_CHARS = 100

Day = tuple[int, int, int]
Clock = tuple[str | None, str | None, str | None]  # hour, minute, second as written


@lru_cache(maxsize=4096)
def parse(written: str) -> datetime | None:
    """Return the moment a publisher wrote, aware, with the offset as written (GMT where it says none).

    Reads RFC 822 and ISO 8601 with their usual mistakes, month names in the languages of
    feeds/data/months.txt, day-month-year numbers, and years of the Solar Hijri calendar.
    None where it makes no sense. The zone is never `datetime.UTC` itself, so that normalize
    can tell a moment as written from one already set right.
    """
    written = text.clean(written).translate(_PLAIN)[:MAX_DATE_CHARS]
    written = _DOTTED.sub(lambda time: ":".join(filter(None, time.groups())), written)
    try:
        if match := _RFC_822.match(written):
            month = _ENGLISH.get(match[2][:3].lower())
            if month is not None:
                return _moment((_full_year(match[3]), month, int(match[1])), (match[4], match[5], match[6]), match[7])
        if match := _ISO_8601.match(written):
            return _moment((int(match[1]), int(match[2]), int(match[3])), (match[4], match[5], match[6]), match[8])
        return _counted(written) or _loose(written)
    except (ValueError, OverflowError):
        return None


def _counted(written: str) -> datetime | None:
    """Read a moment that is a count: of seconds, of weeks, of days in the year."""
    if match := _EPOCH.fullmatch(written):
        return datetime.fromtimestamp(int(match[1]), tz=_zone(None))
    if match := _ISO_WEEK.match(written):
        day = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
        return _moment((day.year, day.month, day.day), (None, None, None), None)
    if match := _ISO_DAY.match(written):
        day = date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1)
        return _moment((day.year, day.month, day.day), (None, None, None), None)
    return None


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < 70 else 1900)  # as RFC 2822 section 4.3, pivot as POSIX


def _moment(day: Day, clock: Clock, zone: str | None) -> datetime | None:
    if 1300 <= day[0] <= 1500:
        day = gregorian(*day)
    if day[0] in BUDDHIST_YEARS:
        day = (day[0] - 543, *day[1:])
    if day[0] < MIN_YEAR or day == EPOCH:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    days, hour = (1, 0) if hour == 24 else (0, hour)
    second = min(second, 59)  # a leap second
    local = datetime(*day, hour, minute, second) + timedelta(days=days)  # noqa: DTZ001 its zone comes below
    there = _zone(zone)
    return local.replace(tzinfo=timezone(there.utcoffset(local) or timedelta(0), there.tzname(local) or "GMT"))


@lru_cache(maxsize=256)
def _zone(written: str | None) -> tzinfo:
    written = (written or "").replace(" ", "")
    if "/" in written:
        try:
            return ZoneInfo(written)
        except (ZoneInfoNotFoundError, ValueError):
            return timezone(timedelta(0), "GMT")
    if written[:1] in {"+", "-"}:
        digits = written[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        minutes_off = (int(hours) * 60 + int(minutes)) * (-1 if written[0] == "-" else 1)
        if abs(minutes_off) <= 15 * 60:
            return timezone(timedelta(minutes=minutes_off), written)
        return timezone(timedelta(0), "GMT")
    return _zones().get(written.upper(), timezone(timedelta(0), written.upper() or "GMT"))


def gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Return the Gregorian date of a Solar Hijri one, by the 33-year rule (exact for 1244 to 1530).

    ValueError where there is no such day.
    """
    leaps, leaps_after = (8 * year + 21) // 33, (8 * year + 29) // 33  # before the year, and with it
    days = 31 if month <= 6 else 30 if month < 12 or leaps_after > leaps else 29
    if not (1 <= month <= 12 and 1 <= day <= days):
        raise ValueError(f"no day {day} of month {month} of {year}")
    since_epoch = 365 * (year - 1) + leaps
    of_year = 31 * (month - 1) if month <= 6 else 186 + 30 * (month - 7)
    found = datetime(622, 3, 21, tzinfo=UTC) + timedelta(days=since_epoch + of_year + day - 1)
    return found.year, found.month, found.day


def _loose(written: str) -> datetime | None:
    """Read a date by its parts, whatever their order: a month's name, a day, a year, a time."""
    time = _TIME.search(written)
    if time is None:
        return _from_parts(written, (None, None, None), None)
    hour: str | None = time[2]
    half = time[1] or time[5]
    if half:
        afternoon = half in {"오후", "下午"} or half.lower().startswith("p")
        hour = str(int(time[2]) % 12 + (12 if afternoon else 0))
    after, zone = written[time.end() :], None
    for offset in _OFFSET.finditer(after):
        zone = offset[1] or offset[2] or (offset[3] if _is_zone(offset[3]) else None)
        if zone is not None:
            after = after[: offset.start()] + " " + after[offset.end() :]
            break
    return _from_parts(f"{written[: time.start()]} {after}", (hour, time[3], time[4]), zone)


def _is_zone(word: str) -> bool:
    """Return whether a word stands for a zone: in capitals, where small letters could say something else."""
    return word.upper() in _zones() and (word.isupper() or not word.isascii())


def _from_parts(written: str, clock: Clock, zone: str | None) -> datetime | None:
    months = _named_months(written)
    for (start, end, month), following in zip(months, [*months[1:], None], strict=False):
        # Without a year between two it is a day of the week, as "mar." is in French, or said twice in two languages.
        if following is None or _YEAR.search(written, end, following[0]):
            return _from_named(month, _NUMBERS.findall(written[:start]), _NUMBERS.findall(written[end:]), clock, zone)
    numbers = _NUMBERS.findall(written)
    if len(numbers) != 3 or written.lstrip().startswith("-"):
        return None
    first, middle, last = numbers
    if len(first) == 4:
        return _moment((int(first), int(middle), int(last)), clock, zone)
    if len(last) not in {2, 4}:
        return None
    day, month_number = int(first), int(middle)
    if month_number > 12:  # month first, as in the United States
        day, month_number = month_number, day
    return _moment((_full_year(last), month_number, day), clock, zone)


def _named_months(written: str) -> list[tuple[int, int, int]]:
    """Return where each name of a month begins and ends, and which it is; some are of two words."""
    words = [(word.start(), word.end(), _folded(word[0])) for word in _LETTERS.finditer(written)]
    found = []
    for (start, end, word), (_, next_end, following) in zip(words, [*words[1:], (0, 0, "")], strict=False):
        if month := _months().get(f"{word}_{following}"):
            found.append((start, next_end, month))
        elif month := _months().get(word):
            found.append((start, end, month))
    return found


def _folded(word: str) -> str:
    return text.fold(word, diacritics=False)


def _from_named(month: int, before: list[str], after: list[str], clock: Clock, zone: str | None) -> datetime | None:
    """Read a date by the numbers before and after its month: the nearest are its own."""
    days = [number for number in (*reversed(before), *after) if len(number) <= 2]
    years = [number for number in (*after, *reversed(before)) if len(number) == 4] or days[1:]
    if not days or not years:
        return None
    day, year = int(days[0]), years[0]
    if month > 12:
        return _moment(gregorian(int(year), month - 12, day), clock, zone)
    return _moment((_full_year(year), month, day), clock, zone)


@cache
def _months() -> dict[str, int]:
    """Return month names in every language we know; those of the Solar Hijri year count from 13."""
    return {_folded(name): number for name, number in month_names()}


def month_names() -> Iterator[tuple[str, int]]:
    """Yield each name of data/months.txt with its number; a name of two words has a low line between them."""
    for line in resources.files("feeds").joinpath("data/months.txt").read_text("utf-8").splitlines():
        number, _, names = line.partition(" ")
        if number.isdigit():
            yield from ((name, int(number)) for name in names.split())


@cache
def _zones() -> dict[str, tzinfo]:
    """Return the abbreviations of time zones."""
    lines = resources.files("feeds").joinpath("data/zones.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {
        name: ZoneInfo(east) if "/" in east else timezone(timedelta(minutes=int(east)), name) for name, east in pairs
    }
