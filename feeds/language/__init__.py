"""Says in which language a text is: letters first, a model only where they leave a doubt."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.language.model import Model

_SAMPLE_LENGTH = 400  # characters: more changes no answer
_LETTERS = {
    "Cyrl": re.compile("[\u0400-\u052f]+"),
    "Arab": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+"),
    "Latn": re.compile("[A-Za-z\u00c0-\u024f]+"),
    "Hani": re.compile("[\u4e00-\u9fff]+"),
    "Kana": re.compile("[\u3041-\u30ff]+"),
    "Hang": re.compile("[\uac00-\ud7af]+"),
    "Armn": re.compile("[\u0531-\u0587]+"),
    "Geor": re.compile("[\u10a0-\u10ff]+"),
    "Hebr": re.compile("[\u05d0-\u05ea]+"),
    "Deva": re.compile("[\u0900-\u097f]+"),
    "Grek": re.compile("[\u0370-\u03ff]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]+"),
    "Beng": re.compile("[\u0980-\u09ff]+"),
}
_COMMON = {name: _LETTERS[name] for name in ("Cyrl", "Arab", "Latn")}
_RARE = re.compile("[\u0370-\u03ff\u0530-\u05ff\u0900-\u1eff\u2c00-\ufb4f]")  # a letter of any other script
_ALONE = {"Hang": "ko", "Kana": "ja", "Hani": "zh", "Armn": "hy", "Geor": "ka", "Hebr": "he", "Grek": "el",
          "Thai": "th", "Beng": "bn", "Deva": "hi"}  # fmt: skip
_BESIDE = frozenset({"yue", "yi", "mr", "ne", "mai", "sa"})  # believed where a feed says so: letters of one of these
_SCRIPT_LENGTH = 120  # characters that show the script
_CLEAR_SHARE = 0.7  # of a text's characters in one script: no other can have more
_SURE = 4  # points of traits that leave no doubt
_HINT_POINTS = 3
_UNCONTRADICTED_POINTS = 8  # of a hint that no letter speaks against: ы is not Russian's alone, nor q Kazakh's
_GLANCE_LENGTH = 160  # characters in which a language that is said shows itself
_MODEL_KNOWS = frozenset(
    [
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "pl",
        "nl",
        "id",
        "tr",
        "az",
        "cs",
        "sk",
        "sl",
        "hr",
        "ro",
        "hu",
        "fi",
        "sv",
        "da",
        "no",
        "vi",
        "ms",
        "ca",
        "et",
        "lt",
        "lv",
        "sq",
    ]
)
# Logarithm: of NTREX's plain titles 58 of 58 English and 70 of 85 others are told right; without it 56 and 72.
_CLEARLY = 12.0
_OTHERWISE = 20.0  # the same where the feed names a language and the text is a title
_ENGLISH = 8  # points of small words that no other language has: the model is not asked
_SHORT_LENGTH = 240  # characters that the model reads: more changes no answer
_CLASS = re.compile(r"\[([^\\^\[\]-]+)\]")
_WORDS = re.compile(r"\\b\(([\w|]+)\)\\b")
_ENDINGS = re.compile(r"\\w\(\?:([\w|]+)\)\\b")
_ENDING_LETTERS = (2, 3, 4)
_MOST = 6  # times that a trait counts
_RUNS = re.compile(r"\w{2,}(?:\|\w{2,})*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Something seen in texts of a language; plain letters, whole words and endings are counted without it."""

    language: str
    weight: int  # points for each time it is seen
    expression: re.Pattern[str]
    letters: frozenset[str] | None
    words: frozenset[str] | None
    endings: frozenset[str] | None
    runs: tuple[str, ...]

    def count(self, low: str, seen: Container[str]) -> int:
        """Return how often it is seen in a text whose letters are given; of words and endings `_Counted` knows."""
        if self.letters is not None:
            return sum(low.count(letter) for letter in self.letters if letter in seen)
        if self.runs:
            return sum(map(low.count, self.runs))
        return len(self.expression.findall(low))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The traits of a script, those that are words or endings by them: a text is looked through once, not they."""

    sought: tuple[tuple[int, Trait], ...]
    words: Mapping[str, tuple[int, ...]]
    endings: Mapping[str, tuple[int, ...]]


def _trait(language: str, weight: int, expression: str) -> Trait:
    letters, words, endings = (plain.fullmatch(expression) for plain in (_CLASS, _WORDS, _ENDINGS))
    of_ending = frozenset(endings[1].split("|")) if endings else frozenset[str]()
    single = frozenset(expression) if len(expression) == 1 and expression.isalpha() else None
    return Trait(
        language=language,
        weight=weight,
        expression=re.compile(expression),
        letters=frozenset(letters[1]) if letters else single,
        words=frozenset(words[1].split("|")) if words else None,
        runs=tuple(expression.split("|")) if _RUNS.fullmatch(expression) else (),
        endings=of_ending if of_ending and all(len(one) in _ENDING_LETTERS for one in of_ending) else None,
    )


def _lines(name: str) -> Iterator[str]:
    """Yield the lines of a table of data/language, remarks left out."""
    text = (resources.files("feeds") / "data" / "language" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if not line.startswith("#"))


@cache
def _table() -> tuple[dict[str, list[Trait]], dict[str, re.Pattern[str]]]:
    """Return the traits by script, and by language the words that are enough to believe a feed."""
    traits: dict[str, list[Trait]] = {}
    plain: dict[str, re.Pattern[str]] = {}
    for line in _lines("traits.tsv"):
        written, language, points, expression = line.split("\t")
        if points == "plain":
            plain[language] = re.compile(expression, re.IGNORECASE)
        else:
            traits.setdefault(written, []).append(_trait(language, int(points), expression))
    return traits, plain


@cache
def _counted(written: str) -> _Counted:
    words, endings = dict[str, list[int]](), dict[str, list[int]]()
    sought = []
    for place, trait in enumerate(_table()[0].get(written, ())):
        if trait.words is None and trait.endings is None:
            sought.append((place, trait))
        for word in trait.words or ():
            words.setdefault(word, []).append(place)
        for ending in trait.endings or ():
            endings.setdefault(ending, []).append(place)
    return _Counted(
        sought=tuple(sought),
        words={word: tuple(places) for word, places in words.items()},
        endings={ending: tuple(places) for ending, places in endings.items()},
    )


@cache
def _plain_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(_WORD.findall(plain.pattern)) - {"b"} for language, plain in _table()[1].items()}


@cache
def _traited() -> frozenset[str]:
    return frozenset(trait.language for traits in _table()[0].values() for trait in traits)


@cache
def _never_latin() -> frozenset[str]:
    """Return the languages that are not written in Latin letters: a feed that says one of them says it wrongly."""
    traits = _table()[0]
    latin = {trait.language.split("-", maxsplit=1)[0] for trait in traits["Latn"]} | {"sr"}
    return frozenset(_ALONE.values()) | {trait.language for some in traits.values() for trait in some} - latin


@cache
def _model() -> "Model":
    from feeds.language import model  # noqa: PLC0415 - with numpy; most texts never need it

    return model.load()


def state(language: str | None) -> str | None:
    """Return the country (ISO 3166-1) where nearly all that is written in a language is written, if there is one."""
    return None if language is None else _states().get(language.split("-")[0])


@cache
def _states() -> dict[str, str]:
    return dict(line.split("\t") for line in _lines("states.tsv"))


def with_another(language: str | None, words: Sequence[str]) -> bool:
    """Tell whether words say "with" of somebody (data/language/companions.tsv)."""
    whole, endings = _companions().get((language or "").split("-")[0], (frozenset(), ()))
    return any(word in whole or word.endswith(endings) for word in (word.lower().replace("’", "'") for word in words))


@cache
def _companions() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    rows = (line.split("\t") for line in _lines("companions.tsv"))
    return {
        name: (
            frozenset(word for word in said.split() if word[0] != "-"),
            tuple(word[1:] for word in said.split() if word[0] == "-"),
        )
        for name, said in rows
    }


def owner_follows(language: str | None) -> bool:
    """Tell whether a language says whose an office is after it: "the president of Italy"."""
    return language is not None and language.split("-")[0] in _owners()


@cache
def _owners() -> frozenset[str]:
    return frozenset(word for line in _lines("owners.txt") for word in line.split())


def script(text: str) -> str | None:
    """Return the ISO 15924 code of the script most of the text is in; `None`: no letters."""
    sample = text[:_SCRIPT_LENGTH]
    if sample.isascii() and (sample.isalpha() or _LETTERS["Latn"].search(sample)):
        return "Latn"
    for name, letters in _COMMON.items():
        if sum(map(len, letters.findall(sample))) > len(sample) * _CLEAR_SHARE:
            return name
    counts = Counter(map(_script_of, sample))
    del counts[""]
    if not counts:
        return script(text[_SCRIPT_LENGTH:_SAMPLE_LENGTH]) if len(text) > _SCRIPT_LENGTH else None
    if counts["Kana"] and counts["Hani"] + counts["Kana"] > counts["Latn"] / 3:
        return "Kana"  # Japanese mixes the two, Chinese has no kana
    for name in ("Hani", "Hang"):
        counts[name] *= 2  # a character is a syllable or a word
    return max(counts, key=counts.__getitem__)


@cache
def _script_of(letter: str) -> str:
    return next((name for name, letters in _LETTERS.items() if letters.match(letter)), "")


def identify(text: str, *, hint: str | None = None) -> str | None:
    """Return the BCP 47 language of a text, or `None` where it has no letters and there is no hint.

    `hint` is what the feed says: believed where the text does not speak against it. A script that is not
    the language's usual one is named: `uz-Cyrl`, `kk-Latn`. Good on titles, best with a sentence more.
    """
    sample = text[:_SAMPLE_LENGTH]
    hint = hint.replace("_", "-") if hint else None
    if (
        hint
        and (plain := _table()[1].get(hint.split("-", maxsplit=1)[0].lower()))
        and plain.search(sample, 0, _GLANCE_LENGTH)
    ):
        return hint
    written = script(sample)
    if written is None:
        return hint
    if written in _ALONE:
        alone = _ALONE[written]
        return hint if hint and hint.split("-", maxsplit=1)[0] in {alone, *_BESIDE} else alone
    said = _said(hint, written) if hint else ""
    if said:
        sample = sample[:_SHORT_LENGTH]
    low = sample.lower()
    if said in _traited() and _fits(said, low[:_GLANCE_LENGTH], written):
        return hint if "-" not in said else said
    words = Counter(_WORD.findall(low))
    points = _points(low, written, words)
    if said in points:
        points[said] += _HINT_POINTS if _contradicted(said, low, written) else _UNCONTRADICTED_POINTS
    best, score = max(points.items(), key=lambda pair: pair[1], default=("", 0))
    if written == "Latn":
        small = _small_words(words)
        if small["en"] >= max(_ENGLISH, 2 * _most(small, "en")) and (best == "en" or small["en"] > score):
            return hint if said == "en" else "en"
        if score < _SURE or score <= _most(small, best):
            return _likeliest(sample, said, hint)
    if score <= 0:
        return {"Cyrl": "ru", "Arab": "ar"}.get(written, "en")
    return hint if best == said and "-" not in said else best


def _small_words(words: Mapping[str, int]) -> dict[str, int]:
    """Return the points of each language of plain Latin letters for its small words: "que", "und"."""
    return {
        language: 2 * sum(words[word] for word in known if word in words) for language, known in _plain_words().items()
    }


def _most(points: Mapping[str, int], but: str) -> int:
    """Return the most points of any language but one."""
    return max(some for language, some in points.items() if language != but)


def _likeliest(sample: str, said: str, hint: str | None) -> str | None:
    """Return the language of Latin letters that only the model tells, where a feed may name one.

    A title that nobody named is English unless another language is clearly likelier: names decide a title for the
    model, it takes "Kazakhstan, Uzbekistan sign deal" for Turkish. One that a feed calls English needs more.
    """
    short = len(sample) < _GLANCE_LENGTH
    if said in _never_latin():
        said, hint = "", None
    if said and said not in _MODEL_KNOWS:
        return hint
    if not short or (not said and not sample.isascii()):
        return _model().likeliest(sample[:_SHORT_LENGTH])
    likelihood = _model().likelihoods(sample)
    best = max(likelihood, key=likelihood.__getitem__)
    expected, margin = (said, _OTHERWISE) if said else ("en", _CLEARLY)
    if likelihood[best] - likelihood.get(expected, 0.0) > margin:
        return best
    return hint or expected


def _said(hint: str, written: str) -> str:
    """Return the language of a hint as the traits call it, given the script seen."""
    base = hint.split("-", maxsplit=1)[0].lower()
    return {("uz", "Cyrl"): "uz-Cyrl", ("kk", "Latn"): "kk-Latn", ("prs", "Arab"): "fa", ("ku", "Arab"): "ckb"}.get(
        (base, written), base
    )


def _fits(said: str, low: str, written: str) -> bool:
    """Tell whether a text shows the language it is said to be in, and nothing against it."""
    good = False
    for trait in _table()[0].get(written, ()):
        if trait.language == said and trait.expression.search(low):
            if trait.weight < 0:
                return False
            good = good or trait.weight > 1
    return good


def _contradicted(said: str, low: str, written: str) -> bool:
    """Tell whether a text shows what the language it is said to be in does not have; the model may always object."""
    against = [one for one in _table()[0].get(written, ()) if one.language == said and one.weight < 0]
    return any(one.expression.search(low) for one in against) if against else said in _MODEL_KNOWS


def _points(low: str, written: str, words: Mapping[str, int]) -> Counter[str]:
    traits, counted = _table()[0].get(written, []), _counted(written)
    times = [0] * len(traits)
    of_word, of_ending = counted.words, counted.endings
    for word, often in words.items():
        if word in of_word:
            for place in of_word[word]:
                times[place] += often
        length = len(word)
        for letters in _ENDING_LETTERS:
            if length > letters and (ending := word[-letters:]) in of_ending:
                for place in of_ending[ending]:
                    times[place] += often
    seen = frozenset(low)
    for place, trait in counted.sought:
        times[place] = trait.count(low, seen)
    points: Counter[str] = Counter()
    for trait, often in zip(traits, times, strict=True):
        points[trait.language] += trait.weight * (min(_MOST, often))
    return points
