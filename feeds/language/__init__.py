"""Says in which language a text is: letters first, a model only where they leave a doubt."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.language.model import Model

_SAMPLE_LENGTH = 600  # characters: more changes no answer
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
          "Thai": "th", "Beng": "bn"}  # fmt: skip
_SCRIPT_LENGTH = 120  # characters that show the script
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
_SHORT_LENGTH = 240  # characters that the model reads where a feed says its language: 2.5 times faster
_CLASS = re.compile(r"\[([^\\^\[\]-]+)\]")
_WORDS = re.compile(r"\\b\(([\w|]+)\)\\b")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Something seen in texts of a language; plain letters and whole words are counted without the expression."""

    language: str
    weight: int  # points for each time it is seen
    expression: re.Pattern[str]
    letters: frozenset[str] | None
    words: frozenset[str] | None

    def count(self, low: str, seen: Container[str], words: Mapping[str, int]) -> int:
        """Return how often it is seen in a text whose letters and words are given."""
        if self.letters is not None:
            return sum(low.count(letter) for letter in self.letters if letter in seen)
        if self.words is not None:
            return sum(words[word] for word in self.words if word in words)
        return len(self.expression.findall(low))


def _trait(language: str, weight: int, expression: str) -> Trait:
    letters, words = _CLASS.fullmatch(expression), _WORDS.fullmatch(expression)
    single = frozenset(expression) if len(expression) == 1 and expression.isalpha() else None
    return Trait(
        language=language,
        weight=weight,
        expression=re.compile(expression),
        letters=frozenset(letters[1]) if letters else single,
        words=frozenset(words[1].split("|")) if words else None,
    )


@cache
def _table() -> tuple[dict[str, list[Trait]], dict[str, re.Pattern[str]]]:
    """Return the traits by script, and by language the words that are enough to believe a feed."""
    traits: dict[str, list[Trait]] = {}
    plain: dict[str, re.Pattern[str]] = {}
    text = (resources.files("feeds") / "data" / "language" / "traits.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        written, language, points, expression = line.split("\t")
        if points == "plain":
            plain[language] = re.compile(expression, re.IGNORECASE)
        else:
            traits.setdefault(written, []).append(_trait(language, int(points), expression))
    return traits, plain


@cache
def _traited() -> frozenset[str]:
    return frozenset(trait.language for traits in _table()[0].values() for trait in traits)


@cache
def _model() -> "Model":
    from feeds.language import model  # noqa: PLC0415 - with numpy; most texts never need it

    return model.load()


def script(text: str) -> str | None:
    """Return the ISO 15924 code of the script most of the text is in; `None`: no letters."""
    sample = text[:_SCRIPT_LENGTH]
    if sample.isascii() and (sample.isalpha() or _LETTERS["Latn"].search(sample)):
        return "Latn"
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
        return hint if hint and hint.split("-", maxsplit=1)[0] in {alone, "yue", "yi"} else alone
    said = _said(hint, written) if hint else ""
    low = sample.lower()
    if said in _traited() and _fits(said, low[:_GLANCE_LENGTH], written):
        return hint if "-" not in said else said
    points = _points(low, written)
    if said in points:
        points[said] += _HINT_POINTS if _contradicted(said, low, written) else _UNCONTRADICTED_POINTS
    best, score = max(points.items(), key=lambda pair: pair[1], default=("", 0))
    if written == "Latn" and score < _SURE:
        if said and (said not in _MODEL_KNOWS or len(sample) < _GLANCE_LENGTH):
            return hint
        if not said and len(sample) < _GLANCE_LENGTH and sample.isascii():
            return _of_few_words(sample)
        return _model().likeliest(sample[:_SHORT_LENGTH] if said else sample)
    if score <= 0:
        return {"Cyrl": "ru", "Arab": "ar", "Deva": "hi"}.get(written, "en")
    return hint if best == said and "-" not in said else best


def _of_few_words(sample: str) -> str:
    """Return the language of a title in plain letters that nobody named: English unless another is clearly likelier.

    Names decide such a title for the model: it takes "Kazakhstan, Uzbekistan sign deal" for Turkish.
    """
    likelihood = _model().likelihoods(sample)
    best = max(likelihood, key=likelihood.__getitem__)
    return best if likelihood[best] - likelihood["en"] > _CLEARLY else "en"


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
    """Tell whether a text shows letters that the language it is said to be in does not have."""
    return said in _MODEL_KNOWS or any(
        trait.language == said and trait.weight < 0 and trait.expression.search(low)
        for trait in _table()[0].get(written, ())
    )


def _points(low: str, written: str) -> Counter[str]:
    points: Counter[str] = Counter()
    seen, words = frozenset(low), Counter(_WORD.findall(low))
    for trait in _table()[0].get(written, ()):
        points[trait.language] += trait.weight * min(trait.count(low, seen, words), 6)
    return points
