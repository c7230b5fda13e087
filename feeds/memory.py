"""What a large document took goes back to the system: by itself the C library keeps it for the next.

glibc learns from one body of ten megabytes to take all of them from its heap, where anything small
on top of them holds them; and each thread has a heap of its own. Elsewhere this does nothing.
"""

import ctypes
import gc
from functools import cache

MMAP_THRESHOLD_BYTES = 256 * 2**10  # larger pieces are the system's own, and go when they are let go
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def bound() -> None:
    """Have large pieces of memory given back, and one heap for all threads: only one of them works at a time."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)
        library.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give back what nobody uses any more, feedparser's trees, which hold themselves, with it."""
    gc.collect()
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
        library.mallopt, library.malloc_trim  # noqa: B018  # looked for, not called
    except (OSError, AttributeError, TypeError):
        return None
    return library
