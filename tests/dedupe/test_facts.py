"""A fact is one however a desk writes it: names by initials or in full, in another spelling."""

import pytest

from feeds import dedupe
from feeds.dedupe import facts

FRAME = "On Tuesday 40 lorries were stopped at the border near Osh, and {} asked for 3 days to look into the papers."


def conflict(one, other):
    return dedupe.conflict(*(dedupe.of_text(title="", body=FRAME.format(said), link=None) for said in (one, other)))


@pytest.mark.parametrize(
    ("initials", "name", "another"),
    [
        ("МИД Киргизии", "Министерство иностранных дел Киргизии", "Кабмин Киргизии"),
        ("the EAEU", "the Eurasian Economic Union", "the Zollverein"),
        ("IIV", "Ichki ishlar vazirligi", "Oliy Kengash"),
        ("БҰҰ", "Біріккен Ұлттар Ұйымы", "Жоғарғы Сот"),
        ("la BERD", "la Banque européenne pour la reconstruction et le développement", "la Croix Verte"),
        ("МЗС", "Міністерство закордонних справ", "Верховна Рада"),
    ],
)
def test_a_name_by_its_initials_is_the_name_in_full_and_no_other(initials, name, another):
    assert conflict(initials, name) is None
    assert conflict(initials, another) == "name"


def test_what_is_kept_is_counted_from_either_side():
    first, second = (
        dedupe.of_text(title="", body=said, link=None).text
        for said in (
            "The deputy Nurlan Tokayev told 1 million 304 thousand people of Talas in June that nobody pays.",
            "The deputy Nurlan Tokaev told 1,304,000 people in June that nobody pays.",
        )
    )

    ours, theirs = facts.kept(first, second), facts.kept(second, first)
    assert (ours.all, ours.told, theirs.all, theirs.told) == (6, 5, 4, 4)
    assert facts.lacks_number(first, second) is facts.lacks_number(second, first) is False
