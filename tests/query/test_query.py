"""What editors may write, and what it then finds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import query, regions
from feeds.errors import QueryError
from feeds.model import Category, Copy, Entry, Held, Person, Tags

NOW = datetime(2026, 11, 10, tzinfo=UTC)
KNOWN = query.Known(
    regions=frozenset({"kz", "central-asia", "asia"}),
    themes=frozenset({"diplomacy", "sport"}),
    sources=frozenset({"akipress", "kun-uz"}),
    kinds=frozenset({"telegram", "forum"}),
)
HELD = Held(
    entry=Entry(
        id="x",
        title="Foreign ministers meet in Astana",
        summary="<p>They spoke of <b>water</b> and of the Middle Corridor.</p>",
        authors=(Person(name="Aigul Ospanova"),),
        categories=(Category(term="world", label="World news"),),
        published=datetime(2026, 11, 9, 12, tzinfo=UTC),
    ),
    source="akipress",
    first_seen=NOW,
    changed=NOW,
    tags=Tags(
        language="en",
        regions=("kz", "central-asia", "asia"),
        mentioned=("kz", "ru", "central-asia", "asia"),
        themes=("diplomacy",),
        kinds=("leader",),
        scores={"kz": 0.9, "central-asia": 0.9, "diplomacy": 0.6},
    ),
    copies=(Copy(source="kun-uz", title="Foreign ministers meet", link=None),),
)


def titled(title, language=None):
    return replace(HELD, entry=Entry(id="x", title=title), tags=Tags(language=language))


@pytest.mark.parametrize(
    "text",
    [
        "region:central-asia theme:diplomacy -theme:sport lang:ru,en",
        "region:asia",
        "mentions:ru -region:ru",
        "kind:leader",
        '"foreign minister"',
        "minist*",
        "title:astana water",
        "author:ospanova category:news",
        "source:akipress",
        "source:kun-uz",
        "after:2026-11 before:2026-11-10",
        "theme:sport OR (region:kz NOT theme:sport)",
        "score>0.5",
        "region:kz score>=0.9",
        "middle corridor",
        "theme:sport,diplomacy",
    ],
)
def test_this_entry_is_found_by(text):
    assert query.matches(query.parse(text), HELD)


@pytest.mark.parametrize(
    "text",
    [
        "region:ru",
        "title:water",
        '"minister foreign"',
        "theme:diplomacy score>0.7",
        "before:2026-11-09",
        "after:2026-11-10",
        "-(region:kz OR theme:sport)",
        "minis",
        "astana -water",
        '"astana they"',
    ],
)
def test_this_entry_is_not_found_by(text):
    assert not query.matches(query.parse(text), HELD)


@pytest.mark.parametrize(
    ("word", "title", "language"),
    [
        ("саммит", "Лидеры на саммите в Астане", "ru"),
        ("кітап", "Жаңа кітабы шықты", "kk"),
        ("китеп", "Жаңы китеби чыкты", "ky"),
        ("hamkorlik", "Ikki davlat hamkorligi", "uz"),
        ("büyükelçilik", "Astana Büyükelçiliği açıldı", "tr"),
        ("əməkdaşlıq", "İqtisadi əməkdaşlığı", "az"),
        ("duşuşyk", "Aşgabatda ministrleriň duşuşygy", "tk"),
        ("вохӯрӣ", "Вохӯрии сарони давлатҳо", "tg"),
        ("встреча", "После встречи с послом", "ru"),
        ('"государственная граница"', "На государственной границе открыт пункт", "ru"),
        ("министр", "Қазақстан министрлерінің кездесуі", "kk"),
        ("yaptırım", "Yaptırımların kaldırılması", "tr"),
        ("kelishuv", "Kelishuvlarga imzo chekildi", "uz"),
        ("Ozbekiston", "Oʻzbekistonda saylov", "uz"),
        ("O'zbekiston", "O‘zbekiston prezidenti", "uz"),
        ("وزیر", "والوزير قال", "ar"),
        ("كتاب", "کتاب‌های تازه", "fa"),
        ("中间走廊", "发展中间走廊建设", "zh"),
        ("中间走廊", "發展中間走廊建設", "zh"),
        ("國際", "国际合作", "zh"),
        ("ＷＴＯ", "Accession to the WTO", "en"),
        ("cafe", "Le Café", "fr"),
        ("İstanbul", "istanbul'da zirve", "tr"),
        ("visit", "President visited Ashgabat", "en"),
        ("граница", "на границе", None),
    ],
)
def test_a_word_is_found_whatever_its_form(word, title, language):
    assert query.matches(query.parse(word), titled(title, language))


@pytest.mark.parametrize(
    ("word", "title", "language"),
    [
        ("мир", "Мировой рекорд", "ru"),
        ("oil", "Soil erosion", "en"),
        ("газ", "Газета закрыта", "ru"),
        ("边界", "边的界", "zh"),
    ],
)
def test_another_word_is_not_found(word, title, language):
    assert not query.matches(query.parse(word), titled(title, language))


@pytest.mark.parametrize(
    ("text", "offset", "reason"),
    [
        ("region:centrl-asia", 7, "no region is called centrl-asia; did you mean central-asia?"),
        ("theme:sport,diplomcy", 12, "no theme is called diplomcy; did you mean diplomacy?"),
        ("a source:akipres", 9, "no source is called akipres; did you mean akipress?"),
        ("kind:telegrams", 5, "no kind is called telegrams; did you mean telegram?"),
        ("regio:kz", 0, "no field is called regio; did you mean region?"),
        ("(a OR b", 7, "a closing bracket is missing"),
        ("a OR", 4, "something is missing here"),
        ("a )", 2, "nothing stands in these brackets, or none was opened"),
        ('a "b', 2, "this quotation mark is not closed"),
        ("before:yesterday", 7, "write a date as 2026-11-23 or 2026-11"),
        ("before:2026-13-01", 7, "write a date as 2026-11-23 or 2026-11"),
        ("lang:russian", 5, "write a language as its code: ru, uz or uz-cyrl"),
        ("score>3", 6, "a score is between 0 and 1"),
        ("  ", 0, "the query is empty"),
        ("a +", 2, "there is no word to look for in this"),
        ("a AND OR b", 6, "not expected here"),
    ],
)
def test_a_mistake_is_refused_with_its_place(text, offset, reason):
    with pytest.raises(QueryError) as refused:
        query.parse(text, known=KNOWN)

    assert (offset, reason) == (refused.value.offset, refused.value.reason)


def test_every_name_that_means_nothing_is_told_at_once():
    with pytest.raises(QueryError) as refused:
        query.parse("region:kx (theme:sporty OR source:akipres) before:soon foo:bar score>2", known=KNOWN)

    assert refused.value.pointed().splitlines()[1:] == [
        "       ^ no region is called kx; did you mean kz?",
        "                 ^ no theme is called sporty; did you mean sport?",
        "                                  ^ no source is called akipres; did you mean akipress?",
        "                                                  ^ write a date as 2026-11-23 or 2026-11",
        "                                                       ^ no field is called foo",
        "                                                                     ^ a score is between 0 and 1",
    ]


@pytest.mark.parametrize(
    ("written", "slug"),
    [("iran", "ir"), ("kazakhstan", "kz"), ("kazakh", "kz"), ("Казахстан", "kz"), ("usa", "us"), ("uzbek", "uz")],
)
def test_a_country_called_by_its_name_is_known_by_it(written, slug):
    known = query.Known(regions=regions.known(), near_region=regions.nearest)
    with pytest.raises(QueryError) as refused:
        query.parse(f"region:{written}", known=known)

    assert f"did you mean {slug}?" in refused.value.reason


def test_the_caret_stands_under_the_mistake_after_wide_letters_and_on_later_lines():
    with pytest.raises(QueryError) as wide:
        query.parse("中间走廊 region:kx", known=KNOWN)
    with pytest.raises(QueryError) as late:
        query.parse("a OR\nregion:kx", known=KNOWN)

    with pytest.raises(QueryError) as tabbed:
        query.parse("a\tregion:kx", known=KNOWN)

    assert wide.value.pointed().splitlines()[1].index("^") == 2 * 4 + 1 + len("region:")
    assert tabbed.value.pointed().splitlines()[0] == "a region:kx"
    assert late.value.pointed().splitlines()[2].index("^") == len("region:")


def test_a_query_nested_without_end_is_refused():
    with pytest.raises(QueryError):
        query.parse("(" * 5000 + "a" + ")" * 5000)


def test_reasons_say_which_clause_failed_and_what_was_found():
    reason = query.explain(query.parse("region:central-asia -theme:sport minister title:water"), HELD)

    assert [
        ("region:central-asia", True, ("central-asia",)),
        ("-theme:sport", True, ()),
        ("minister", True, ("ministers",)),
        ("title:water", False, ()),
    ] == [(part.clause, part.held, part.matched) for part in reason.parts]


WORDS = st.sampled_from(
    ["region:kz", "theme:sport", "mentions:ru", "lang:en", "astana", "минист*", '"foreign minister"']
)
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"NOT ({text})"),
    ),
    max_leaves=8,
)
HELDS = st.builds(
    lambda title, regions, themes, language: replace(
        HELD, entry=Entry(id=title, title=title), tags=Tags(regions=regions, themes=themes, language=language)
    ),
    st.sampled_from(["Astana", "A foreign minister", "Министры в Астане", "Sport"]),
    st.sampled_from([(), ("kz",)]),
    st.sampled_from([(), ("sport",)]),
    st.sampled_from([None, "en", "ru"]),
)


@given(QUERIES)
def test_a_query_written_out_is_the_same_query(text):
    parsed = query.parse(text)

    assert parsed == query.parse(str(parsed))


@given(QUERIES, HELDS)
def test_not_not_changes_nothing(text, held):
    assert query.matches(query.parse(text), held) == query.matches(query.parse(f"-(-({text}))"), held)


@given(QUERIES, st.lists(HELDS, max_size=6), st.randoms())
def test_the_order_of_entries_changes_no_answer(text, helds, random):
    parsed = query.parse(text)
    found = [helds[at] for at in query.select((parsed,), helds)[0]]
    shuffled = random.sample(helds, len(helds))

    assert sorted(map(repr, found)) == sorted(repr(shuffled[at]) for at in query.select((parsed,), shuffled)[0])


@given(QUERIES, HELDS)
def test_reasons_and_sets_agree(text, held):
    parsed = query.parse(text)

    assert query.matches(parsed, held) == query.explain(parsed, held).held


@given(st.text(st.sampled_from("aoğışçöüБё й'’`|_-çé́̈يىكة‌中ーქ가İAÅ 9")))
def test_a_text_is_compared_as_its_words_are_one_by_one(written):
    alone = " ".join(query.plain(word).strip() for word in written.split())

    assert alone.split() == query.plain(written).split()


def test_a_text_with_many_letters_that_change_is_folded_as_one_with_few():
    letters = "àáâãäåçèéêëìíîïñòóôõö"

    assert " aaaaaaceeeeiiiinooooo " == query.plain(letters)
    assert " aaaaaa " == query.plain(letters[:6])
