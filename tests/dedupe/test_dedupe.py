"""One entry from ten sources is one; what only looks alike stays apart; nothing depends on order."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import dedupe
from feeds.model import Entry

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
LEAD = (
    "The presidents of Kazakhstan and Uzbekistan agreed on Tuesday to share water from the Syr Darya this summer, "
    "releasing 320 million cubic metres from the Toktogul reservoir between 1 June and 31 August, officials said. "
    "Farmers in the Turkistan region had warned of a third dry year in a row after the snow melted early."
)
WORDS = re.findall(r"[a-z]+", LEAD.lower())


def entry(text, *, title="Neighbours agree on water", link=None, **more):
    return Entry(id=link or title, title=title, summary=text, link=link, **more)


def found(first, second, *, apart=timedelta(hours=3)):
    index = dedupe.Index()
    index.add("first", dedupe.sketch(first), NOW)
    return index.find(dedupe.sketch(second), NOW + apart)


def test_a_wire_copy_with_its_own_headline_dateline_and_tail_is_the_same_entry():
    copy = entry(f"ASTANA, 12 May (Kazinform) — {LEAD} (c) Daily Wire. All rights reserved.", title="Deal on the river")

    assert "content" == found(entry(LEAD), copy).reason


REWORDED = (
    "Releases of 320 million cubic metres from Toktogul between 1 June and 31 August were settled on Tuesday, when the "
    "heads of state of Kazakhstan and Uzbekistan discussed how this summer's water of the Syr Darya will be shared. "
    "Snow went early, and Turkistan region farmers had been warning that a third dry year was coming."
)


def test_a_copy_reworded_throughout_is_the_same_entry_when_it_keeps_every_fact():
    assert found(entry(LEAD), entry(REWORDED, title="Summer water settled")) is not None
    assert found(entry(LEAD), entry(REWORDED.replace("320", "450"), title="Summer water settled")) is None


def test_a_text_with_as_much_in_common_and_other_facts_is_another_entry():
    others = REWORDED
    for name, other in (("Toktogul", "Nurek"), ("Kazakhstan", "Tajikistan"), ("Syr", "Amu"), ("Turkistan", "Khatlon")):
        others = others.replace(name, other)

    assert found(entry(LEAD), entry(others, title="Summer water settled")) is None


def test_a_copy_cut_to_its_lead_is_the_same_entry():
    assert found(entry(LEAD), entry(LEAD[:150] + "…", title="Deal on the river")) is not None


def test_one_link_is_one_entry_whatever_the_text_says():
    first = entry(LEAD, link="https://www.x.example/7?utm_source=rss")
    match = found(first, entry("Quite another text.", title="Rewritten", link="http://m.x.example/7/"))

    assert "link" == match.reason


def test_a_copy_after_the_window_is_a_new_entry():
    assert found(entry(LEAD), entry(LEAD, title="Again"), apart=timedelta(days=30)) is None


def test_what_kept_an_alike_entry_apart_is_told():
    index = dedupe.Index()
    index.add("first", dedupe.sketch(entry(LEAD)), NOW)
    other = dedupe.sketch(entry(LEAD.replace("320", "450")))

    assert ["number"] == [refusal.conflict for refusal in index.refused(other, NOW)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Malatya'da 4,2 büyüklüğünde deprem", "Balıkesir'de 4,2 büyüklüğünde deprem"),  # a sentence's first capital
        ("Президент Бразилия елшісін қабылдады", "Президент Ирландия елшісін қабылдады"),  # nearly the same letters
        ("宁德时代一季度净利润增长", "比亚迪一季度净利润增长"),  # neither capitals nor spaces
        ("外交部长会见文莱新任大使", "外交部长会见东帝汶新任大使"),
        ("الرئيس يتسلم أوراق اعتماد سفير هولندا", "الرئيس يتسلم أوراق اعتماد سفير باراغواي"),
        ("برقية تهنئة لهولندا باليوم الوطني", "برقية تهنئة للصين باليوم الوطني"),  # with li- before it
    ],
)
def test_a_name_that_only_the_headline_says_keeps_one_text_of_two_sources_apart(one, other):
    text = "The statement gave no further details, and nobody was hurt or named; more is expected to be said tomorrow."

    assert found(entry(text, title=one), entry(text, title=other)) is None


def test_a_headline_that_begins_with_another_word_for_what_the_text_says_is_the_same_entry():
    reworded = entry(LEAD, title="Presidents agree on water")

    assert found(entry(LEAD, title="Kazakhstan agree on water"), reworded).reason == "content"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maryda täze mekdep açyldy", "Daşoguzda täze mekdep açyldy"),
        ("Գյումրիում վթար է տեղի ունեցել", "Վանաձորում վթար է տեղի ունեցել"),
        ("ქუთაისში წვიმა იქნება", "თელავში წვიმა იქნება"),  # a script without capitals at the beginning of a word
    ],
)
def test_a_name_that_begins_headline_and_text_keeps_two_entries_apart(one, other):
    texts = [f"{title.split()[0]} {LEAD.lower()}" for title in (one, other)]

    assert found(entry(texts[0], title=one), entry(texts[1], title=other)) is None


def test_a_county_that_no_gazetteer_has_keeps_two_bulletins_apart():
    text = "中国地震台网正式测定：5月11日8时15分在{}发生3.2级地震，震源深度10千米。暂无人员伤亡报告。"
    here, there, pointed = (entry(text.format(name), title="地震快讯") for name in ("汶川县", "茂县", "该县"))

    assert found(here, there) is None
    assert found(here, pointed) is not None


def test_a_german_noun_in_the_place_of_another_is_rewording_and_a_name_is_not():
    text = "Am Montag teilte der {} mit, dass die Züge von August an neun Monate lang über {} umgeleitet werden."
    first = entry(text.format("Konzern", "Stendal"), title="Neun Monate")

    assert found(first, entry(text.format("Betreiber", "Stendal"), title="Sperrung")) is not None
    assert found(first, entry(text.format("Konzern", "Uelzen"), title="Sperrung")) is None


def test_two_names_of_one_country_are_one_name():
    text = "The statement gave no further details, and nobody was hurt or named; more is expected to be said tomorrow."
    one, other = ("الرئيس يتسلم أوراق اعتماد سفير " + country for country in ("المجر", "هنغاريا"))

    assert found(entry(text, title=one), entry(text, title=other)) is not None


UZBEK = (
    (
        "Президент Шавкат Мирзиёев 12 май куни Тошкентда метронинг янги йўналишини очди. Унинг узунлиги 7,2 "
        "километр бўлиб, бешта бекатдан иборат. Қурилишга 320 миллион доллар сарфланди."
    ),
    (
        "Prezident Shavkat Mirziyoyev 12 may kuni Toshkentda metroning yangi yo‘nalishini ochdi. Uning uzunligi 7,2 "
        "kilometr bo‘lib, beshta bekatdan iborat. Qurilishga 320 million dollar sarflandi."
    ),
)
KAZAKH = (
    (
        "Қасым-Жомарт Тоқаев Астанада Хакан Фиданмен кездесті. Тараптар сауда көлемін 15 миллиард долларға жеткізу "
        "жоспарын және Орта дәліз бойынша жүк тасымалын талқылады."
    ),
    (
        "Qasym-Jomart Toqaev Astanada Hakan Fıdanmen kezdesti. Taraptar saýda kólemin 15 mıllıard dollarǵa jetkizý "
        "josparyn jáne Orta dáliz boıynsha júk tasymalyn talqylady."
    ),
    (
        "Qasym-Jomart Toqaev Astanada Hakan Fidanmen kezdestı. Taraptar sauda kölemın 15 milliard dollarğa jetkızu "
        "josparyn jäne Orta dälız boiynşa jük tasymalyn talqylady."
    ),
)


CHINESE = (
    "吉尔吉斯斯坦外交部3月9日宣布，塔吉克斯坦总统将于本周访问比什凯克，双方将签署边界协定，开放两个关闭四年的过境点，并设立联合委员会处理灌溉用水问题。",
    "吉爾吉斯斯坦外交部3月9日宣布，塔吉克斯坦總統將於本周訪問比什凱克，雙方將簽署邊界協定，開放兩個關閉四年的過境點，並設立聯合委員會處理灌溉用水問題。",
)


@pytest.mark.parametrize(("one", "other"), [UZBEK, KAZAKH[:2], KAZAKH[1:], KAZAKH[::2], CHINESE])
def test_a_copy_in_the_language_s_other_script_is_the_same_entry(one, other):
    assert found(entry(one, title=one[:40]), entry(other, title=other[:40])) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UZBEK[0], UZBEK[1].replace("Toshkentda", "Samarqandda")),
        (UZBEK[0], UZBEK[1].replace("320", "410")),
        (KAZAKH[0], KAZAKH[1].replace("Hakan Fıdanmen", "Sergeı Lavrovpen")),
        (CHINESE[0], CHINESE[1].replace("塔吉克斯坦", "烏茲別克斯坦")),
    ],
)
def test_another_place_name_or_number_is_another_entry_across_scripts_too(one, other):
    assert found(entry(one, title=one[:40]), entry(other, title=other[:40])) is None


def test_what_a_site_puts_below_every_entry_makes_no_two_of_them_one():
    below = (
        "Daily Wire brings you the news of the region every morning. Subscribe to our channel and never miss a story."
    )
    first = entry(below, title="Rain in Osh", link="https://x.example/1")

    assert found(first, entry(below, title="Parliament sits again", link="https://x.example/2")) is None
    assert found(entry(LEAD, link="https://x.example/1"), entry(LEAD, title="On the river", link="https://y.example/2"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("twenty-three villages", "23 villages"),
        ("ýigrimi bäş adam", "25 adam"),
        ("1 million 258 müň manat", "1 million 258000 manat"),
        ("3 thousand hectares", "3,000 hectares"),
        ("он екі үйді су басты", "12 үйді су басты"),
        ("yigirma besh kishi keldi", "25 kishi keldi"),
        ("پنجاه نفر آمدند", "۵۰ نفر آمدند"),
        ("پنج هزار نفر آمدند", "۵۰۰۰ نفر آمدند"),
        ("семьдесят один рейс", "71 рейс"),
        ("1 800 гривень", "1800 гривень"),
        ("kaza saat 04:30'da oldu", "kaza saat 04.30'da oldu"),
        ("تورم ۳۸٫۶ درصد شد", "تورم 38.6 درصد شد"),
        ("26 myñ jolauşy", "26 000 jolauşy"),
    ],
)
def test_a_number_in_words_is_the_number(first, second):
    assert dedupe.of_text(title=first, body="", link=None) == dedupe.of_text(title=second, body="", link=None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (LEAD, LEAD.replace("snow", "“snow”")),  # one sign that is not ASCII
        ("It ends at 6 p.m. Doors open at five.", "It ends at 6 p.m. Doors open – at five."),
        ("в г. Алматы прошли дожди", "В г. Алматы, прошли дожди…"),
        ("He said: no . Never ... Yes", "He said: no. Never… Yes"),
        ("Он жети адам", "17 адам"),
    ],
)
def test_words_are_the_same_whatever_stands_between_them(first, second):
    one, other = (dedupe.of_text(title=plain, body="", link=None) for plain in (first, second))

    assert list(one.text) == list(other.text)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_sketch_that_survives_packing(title, body):
    made = dedupe.of_text(title=title, body=body, link=None)

    assert made == dedupe.unpack(made.pack())


@given(st.sampled_from(re.findall(r"\d+", LEAD)), st.integers(0, 99999))
def test_nothing_merges_with_a_number_changed(number, other):
    if str(other) in re.findall(r"\d+", LEAD):
        return
    changed = re.sub(rf"\b{number}\b", str(other), LEAD, count=1)

    assert found(entry(LEAD), entry(changed)) is None


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=16, max_size=60), st.data())
def test_a_copy_of_a_copy_joins_the_same_entry(words, data):
    index = dedupe.Index()
    index.add("first", dedupe.sketch(entry(" ".join(words))), NOW)
    for hour in range(1, 4):
        kept = list(words)
        del kept[data.draw(st.integers(0, len(kept) - 1))]
        sketch = dedupe.sketch(entry(" ".join(kept), title=f"Headline {'abc'[hour - 1]}"))
        match = index.find(sketch, NOW + timedelta(hours=hour))
        if match is None:
            return  # too little is left in common, which is allowed; another entry is not
        index.add(match.id, sketch, NOW + timedelta(hours=hour))

        assert "first" == match.id


@given(
    st.permutations(
        [entry(LEAD, title=t, published=NOW + timedelta(minutes=m)) for t, m in zip("abcd", range(4), strict=True)]
    )
)
def test_the_order_of_a_poll_decides_nothing(entries):
    index, led = dedupe.Index(), []
    for one in dedupe.in_order(entries):
        sketch = dedupe.sketch(one)
        match = index.find(sketch, NOW)
        led.append(match.id if match else one.id)
        index.add(led[-1], sketch, NOW)

    assert ["a", "a", "a", "a"] == led


@given(st.text(max_size=300), st.text(max_size=60), st.none() | st.just("https://x.example/1"))
def test_a_sketch_survives_the_store(text, title, link):
    sketch = dedupe.sketch(Entry(id="x", title=title, summary=text, link=link))

    assert sketch == dedupe.unpack(sketch.pack())


def test_an_index_loaded_from_the_store_finds_what_the_first_one_found():
    sketches = [dedupe.sketch(entry(LEAD.replace("320", str(n)), link=f"https://x.example/{n}")) for n in range(40)]
    first, again = dedupe.Index(), dedupe.Index()
    for number, sketch in enumerate(sketches):
        first.add(str(number), sketch, NOW)
    again.load([str(n) for n in range(40)], [sketch.pack() for sketch in sketches], [NOW.timestamp()] * 40)

    assert [first.find(s, NOW) for s in sketches] == [again.find(s, NOW) for s in sketches]


def test_an_entry_seen_again_is_unchanged_and_a_corrected_title_is_a_change_of_it():
    known, index = entry(LEAD, link="https://x.example/7"), dedupe.Index()
    corrected = entry(LEAD, title="Neighbours agree on river water", link="https://x.example/7?utm_medium=rss")

    assert dedupe.Unchanged(id=known.id) == dedupe.decide(
        known, dedupe.sketch(known), when=NOW, known=known, index=index
    )
    assert ("title",) == dedupe.decide(corrected, dedupe.sketch(corrected), when=NOW, known=known, index=index).what


def test_an_open_copy_leads_then_the_preferred_source_then_the_earliest_complete_one():
    early = entry(LEAD[:40], published=NOW)
    full = entry(LEAD, published=NOW + timedelta(hours=1))
    late = entry(LEAD, published=NOW + timedelta(hours=2))

    assert 1 == dedupe.lead([early, full, late])
    assert 2 == dedupe.lead([early, full, late], paywalled=[False, True, False])
    assert 2 == dedupe.lead([early, full, late], preference=[0, 0, 5])


def test_the_difference_of_two_texts_is_told_in_words():
    told = dedupe.difference(entry("Rain in Osh on Friday"), entry("Rain in Naryn on Friday"))

    assert (dedupe.Difference(first="Osh", second="Naryn"),) == told


def test_vowel_signs_do_not_part_words():
    said, other = "হোয়াইট হাউস ছাড়ছেন প্রেস সেক্রেটারি", "প্রধানমন্ত্রী ने कहा कि दिल्ली"

    assert [len(one.split()) for one in (said, other)] == [
        len(dedupe.of_text(title=one, body="", link=None).text) for one in (said, other)
    ]
