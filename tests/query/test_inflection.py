"""A word is found in its forms, and is not another word."""

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Entry
from feeds.query import beginnings, words

FORMS = """
ru отец отца, ru рынок рынка, ru посёлок посёлками, ru боец бойца, ru китаец китайцев, ru девушка девушек
ru поставка поставок, ru письмо писем, ru земля земель, ru сестра сестёр, ru участок участках, ru скамейка скамеек
ru саммит саммите, ru война войны, uk ринок ринку, uk отець отця, uk захід заходу, uk договір договору, pl rynek rynku
kk мектеп мектебі, kk халық халқы, ky китеп китеби, uz shahar shahri, uz koʻngil koʻngli, uz kelishuv kelishuvlarga
tr kitap kitabı, tr şehir şehri, tr kayıt kaydı, tr zirve zirvesi, az fikir fikri, tk şekil şekli
de Vertrag Verträge, de Land Länder, de Abkommen Abkommens, de Ministerium Ministerien, fr journal journaux
fr travail travaux, es acuerdo acuerdos, es capaz capaces, es nación naciones, it accordo accordi, it tedesco tedeschi
ar اتفاقية اتفاقيات, ar وزير والوزير, ar دولة دول, fa دولت دولتشان
"""
STRANGERS = """
ru город гордый, ru народ нарды, ru мир мирза, ru банк банкет, ru закон законник, ru газ газета, ru центр центнер
ru полк полковник, ru игра игорный, ru война воин, tr kurum kurma, tr durum durma, de Minister Ministerium
de Abkommen Handelsabkommen, ar ليبيا لبنان, ar وزير وزارة, ar وزير وزراء, fa کتاب کاتب, en man mango
"""


def pairs(text):
    return [tuple(one.split()) for line in text.strip().splitlines() for one in line.split(",")]


def matches(asked, written, language):
    found = words.find(words.patterns(asked), words.plain(written), language) is not None
    if found:
        assert words.anchor(words.patterns(asked)) in words.plain(written)
        assert all(one in beginnings.of(Entry(id="1", title=written)) for one in beginnings.wanted(asked))
    return found


@pytest.mark.parametrize(("language", "one", "other"), pairs(FORMS))
def test_a_word_is_found_in_its_other_form_both_ways(language, one, other):
    assert matches(one, other, language) or language == "ar"  # of what is joined in front, only the text may have it
    assert matches(other, one, language) or other.startswith("وا")


@pytest.mark.parametrize(("language", "one", "other"), pairs(STRANGERS))
def test_another_word_is_not_a_form(language, one, other):
    assert not matches(one, other, language)


LINES = resources.files("feeds").joinpath("data/endings.txt").read_text("utf-8").splitlines()
ENDS = {
    name[:-1]: said.split() for name, _, said in (line.partition(":") for line in LINES) if name.endswith(("-", "="))
}


@given(st.text("абокегнхрсiokel", min_size=1, max_size=4), st.sampled_from(sorted(ENDS)), st.data())
def test_what_comes_and_goes_in_a_word_passes_over_no_entry(stem, language, data):
    forms = [
        form for end in ENDS[language] for form in (end.split("/") if "/" in end else (stem + end, stem + end[1:]))
    ]
    endings = st.sampled_from(["", "а", "у", "ам", "i", "ı", "lar", "ler", "s"])
    asked, written = (data.draw(st.sampled_from(forms)) + data.draw(endings) for _ in range(2))

    matches(asked, written, language)


def test_stems_of_one_word_begin_alike():
    for language, mark, said in words._lines():
        for pair in said.split() if mark == "=" else ():
            assert len({words.plain(form).strip()[:3] for form in pair.split("/")}) == 1, (language, pair)
