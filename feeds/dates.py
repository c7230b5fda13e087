"""Dates as publishers write them, to datetimes that still know the offset they were written with."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, lru_cache
from importlib import resources

MIN_YEAR = 1970  # nothing in a feed is older than feeds by so much; year 1 and year -1 are clocks that failed
EPOCH = (1970, 1, 1)  # what a program prints that has no date
BUDDHIST_YEARS = range(2553, 2593)  # 2010 to 2049 of the Thai solar calendar; further off it is a clock that failed

_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s-]+(\d{2,4}),?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"\s*([+-]\s?\d{1,2}:?\d{2}|[A-Za-z]{1,5})?(?:\s*\(.*\))?\s*$"
)
_ISO_8601 = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[Tt\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Za-z]{2,5})?)?\s*$"
)
_TIME = re.compile(
    r"(?:(오전|오후|上午|下午)\s*)?(\d{1,2})(?::|h|時|时|시\s*)(\d{2})(?:[:.분分](\d{2}))?[분分]?"
    r"\s*([ap]\.?m\.?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<=\d\d)(,?\s+\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")  # 14.30.00 after a date
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")  # seconds or milliseconds since 1970, after 2001
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])$")
_ISO_DAY = re.compile(r"(\d{4})-(\d{3})$")
_OFFSET = re.compile(r"(?:\b(?:UTC|GMT)\s*|(?<=\d)|\s|^)([+-]\d{1,2}(?::?\d{2})?)(?!\d)|\b([A-Z]{2,5})\b|(Z)\s*$")
_NUMBERS = re.compile(r"\d+")
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e])"  # the vowel signs of Hindi and Thai, too
_LETTERS = re.compile(rf"{_LETTER}+(?:[.'’]?{_LETTER}+)*")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
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
    written = written.translate(_DIGITS).strip()[:MAX_DATE_CHARS]
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
    return datetime(*day, hour, minute, second, tzinfo=_zone(zone)) + timedelta(days=days)


@lru_cache(maxsize=256)
def _zone(written: str | None) -> timezone:
    written = (written or "").replace(" ", "").upper()
    if written[:1] in {"+", "-"}:
        digits = written[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        minutes_off = (int(hours) * 60 + int(minutes)) * (-1 if written[0] == "-" else 1)
        if abs(minutes_off) <= 15 * 60:
            return timezone(timedelta(minutes=minutes_off), written)
        return timezone(timedelta(0), "GMT")
    return timezone(timedelta(minutes=_zones().get(written, 0)), written or "GMT")


def gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Return the Gregorian date of a Solar Hijri one, by the 33-year rule (exact for 1244 to 1530).

    ValueError where there is no such day.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError(f"no day {day} of month {month} of {year}")
    since_epoch = 365 * (year - 1) + (8 * year + 21) // 33
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
    if offset := _OFFSET.search(after):
        zone = offset[1] or offset[2] or offset[3]
        after = after[: offset.start()] + " " + after[offset.end() :]
    return _from_parts(f"{written[: time.start()]} {after}", (hour, time[3], time[4]), zone)


def _from_parts(written: str, clock: Clock, zone: str | None) -> datetime | None:
    numbers = _NUMBERS.findall(written)
    names = (_months().get(word.casefold().replace("’", "'")) for word in _LETTERS.findall(written))
    if month := next(filter(None, names), None):
        return _from_named(month, numbers, clock, zone)
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


def _from_named(month: int, numbers: list[str], clock: Clock, zone: str | None) -> datetime | None:
    year = next((number for number in numbers if len(number) == 4), None)
    days = [number for number in numbers if len(number) <= 2]
    if year is None and len(days) == 2:
        days, year = days[:1], days[1]
    if year is None or not days:
        return None
    if month > 12:
        return _moment(gregorian(int(year), month - 12, int(days[0])), clock, zone)
    return _moment((_full_year(year), month, int(days[0])), clock, zone)


@cache
def _months() -> dict[str, int]:
    """Return month names in every language we know; those of the Solar Hijri year count from 13."""
    months: dict[str, int] = {}
    for line in resources.files("feeds").joinpath("data/months.txt").read_text("utf-8").splitlines():
        number, _, names = line.partition(" ")
        if number.isdigit():
            months.update((name.casefold(), int(number)) for name in names.split())
    return months


@cache
def _zones() -> dict[str, int]:
    """Return the abbreviations of time zones as minutes east of Greenwich."""
    lines = resources.files("feeds").joinpath("data/zones.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: int(minutes) for name, minutes in pairs}
