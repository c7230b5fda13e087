"""py3langid's model, of the languages that letters and small words do not tell: mapped, so that processes share it.

The package unpacks 80 MB into each process, in 0.4 s. What it unpacks, without the languages nobody asks it for, is
kept in a file, of which a text touches little: arrays of

    moves     for each row and byte the next state of the automaton that finds n-grams
    rows      of each state its row in `moves`; several states share one
    found     of each state the n-gram that it ends; -1: none
    weights   of each n-gram for each language the logarithm of its likelihood
    priors    of each language
"""

import importlib.util
import mmap
import struct
import unicodedata
from collections import Counter
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from feeds import shelf
from feeds.errors import FeedsError

LANGUAGES = "az ca cs da de en es et fi fr hr hu id it lt lv ms nl no pl pt ro sk sl sq sv tr vi".split()  # noqa: SIM905
_HEADER = struct.Struct("<8s3Q")
_MAGIC = b"langid\x001"


class Model:
    """Tells the likelihood of a text in each of `LANGUAGES`."""

    def __init__(self, buffer: bytes | mmap.mmap) -> None:
        """Raise ValueError where the buffer is not what `_packed` makes, or is cut short."""
        if len(buffer) < _HEADER.size:
            raise ValueError("too short")
        magic, moves, states, grams = _HEADER.unpack_from(buffer)
        many = len(LANGUAGES)
        ends = [*accumulate((4 * moves, 4 * states, 4 * states, 4 * many, 2 * grams * many), initial=_HEADER.size)]
        if magic != _MAGIC or len(buffer) != ends[-1]:
            raise ValueError("not the model, or not all of it")
        view = memoryview(buffer)
        self._moves = view[ends[0] : ends[1]].cast("I")
        self._rows = view[ends[1] : ends[2]].cast("I")
        self._found = view[ends[2] : ends[3]].cast("i")
        self._priors = np.frombuffer(view[ends[3] : ends[4]], np.float32)
        self._weights = np.frombuffer(view[ends[4] : ends[5]], np.float16).reshape(grams, many)

    def likelihoods(self, text: str) -> dict[str, float]:
        """Return for each language the logarithm of the likelihood of a text; equal where nothing is known of it."""
        text = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
        counts = self._counts(text.encode("utf-8", "surrogatepass"))
        if not counts:
            return dict.fromkeys(LANGUAGES, 0.0)
        weights = self._weights[np.fromiter(counts.keys(), np.intp, len(counts))]
        said: npt.NDArray[np.float32] = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
        return dict(zip(LANGUAGES, (said @ weights + self._priors).tolist(), strict=True))

    def likeliest(self, text: str) -> str:
        """Return the likeliest language of a text."""
        likelihoods = self.likelihoods(text)
        return max(likelihoods, key=likelihoods.__getitem__)

    def _counts(self, text: bytes) -> Counter[int]:
        moves, rows, found = self._moves, self._rows, self._found
        grams, state = list[int](), 0
        for byte in text:
            state = moves[rows[state] + byte]
            gram = found[state]
            if gram >= 0:
                grams.append(gram)
        return Counter(grams)


def load() -> Model:
    """Return the model."""
    digest, folder = _place()
    return shelf.kept("model", digest, _packed, Model, folder=folder, apart=("feeds.language.model",))


def keep() -> None:
    """Work out the model for other processes."""
    digest, folder = _place()
    shelf.keep("model", digest, _packed(), folder=folder)


def _place() -> tuple[str, Path]:
    """Return what the model follows from, and where it is kept."""
    spec = importlib.util.find_spec("py3langid")
    if spec is None or spec.origin is None:
        raise FeedsError("language: py3langid is not installed")
    source = Path(spec.origin).parent / "data" / "model.npz.xz"
    stat = source.stat()
    return f"{stat.st_size:x}-{stat.st_mtime_ns:x}", Path(__file__).parents[1] / "data" / "language"


def _packed() -> bytes:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 90 ms, once an installation

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(LANGUAGES)
    if model.nb_classes != LANGUAGES:
        raise FeedsError("language: py3langid's model has other languages than expected")
    rows = np.asarray(model.tk_row, np.uint32) << np.uint32(8)
    parts = (
        np.asarray(model.tk_nextmove, np.uint32),
        rows,
        np.asarray(model.tk_output, np.int32),
        np.asarray(model.nb_pc, np.float32),
        np.ascontiguousarray(model.nb_ptc, np.float16),
    )
    header = _HEADER.pack(_MAGIC, len(parts[0]), len(rows), len(model.nb_ptc))
    return b"".join((header, *(part.tobytes() for part in parts)))
