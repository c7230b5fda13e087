"""One event, told by many: entries grouped into stories as they come, nothing merged or deleted.

An entry is a set of weighted terms: stems of its title and opening words, the consonants of its
names (which survive from script to script), its numbers and the countries it is about. A story
is the sum of its entries; a new entry joins the likeliest live story, or begins one, and two
stories that an entry finds to be one are joined. Pure and in memory: the store keeps what each
entry added, and `Index.load` reads it at start-up.
"""

from feeds.stories.index import WINDOW, Index, New, Placed
from feeds.stories.terms import Features, of_text, unpack

__all__ = ["WINDOW", "Features", "Index", "New", "Placed", "of_text", "unpack"]
