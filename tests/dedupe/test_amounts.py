"""A number is what it says, however a desk writes it; another number is another entry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import dedupe
from feeds.model import Entry

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
FRAME = (
    "The ministry of Osh said on Tuesday that {} would be needed before the work on the northern canal is over, and "
    "that nobody had been asked to leave the villages below the dam, where the water fell overnight."
)


def is_one(first, second, *, titles=("Work on the canal", "Canal is dug")):
    index = dedupe.Index()
    index.add("first", dedupe.sketch(Entry(id="1", title=titles[0], summary=first)), NOW)
    return (
        index.find(dedupe.sketch(Entry(id="2", title=titles[1], summary=second)), NOW + timedelta(hours=3)) is not None
    )


WRITTEN_OTHERWISE = [
    ("1.2 million tons", "1,200,000 tons"),
    ("$1.2 billion", "$1,200 mln"),
    ("1,2 млн тонн", "1 200 000 тонн"),
    ("7 млрд сомов", "7000 млн сомов"),
    ("58 миңден ашык", "58 000ден ашык"),
    ("3,5 мільйона гривень", "3 500 000 гривень"),
    ("1,5 mln so'm", "1 500 000 so'm"),
    ("2,5 milyar lira", "2 500 milyon lira"),
    ("3 milliard manat", "3000 mln manat"),
    ("۱٫۲ میلیون نفر", "۱۲۰۰۰۰۰ نفر"),
    ("120 میلیارد ریال", "12 میلیارد تومان"),
    ("2 مليار دولار", "2000 مليون دولار"),
    ("3亿元", "300000000元"),
    ("1,5 Mio. Euro", "1.500.000 Euro"),
    ("4 mille euros", "4 000 euros"),
    ("3,5 millones de pesos", "3.500.000 pesos"),
    ("trois ponts", "3 ponts"),
    ("0.86 km of pipes", "860 metres of pipes"),
    ("18.6公里", "18.6千米"),
    ("180 hektar", "1.800 dönüm"),
    ("250 МВт", "0,25 ГВт"),
    ("до 25.08 рейсов", "до 25 августа рейсов"),
    ("30.05 kuni", "30 may kuni"),
    ("17.05 күнү", "17-майда"),
    ("COVID-19", "the disease of 2019"),
    ("1 млн 304 тыс. тонн", "1,304 миллиона тонн"),
    ("1 млн 304 тыс. тонн", "1 304 000 тонн"),
    ("3 milliard 800 million so‘m", "3,8 mlrd so‘m"),
    ("1 trillion 200 billion", "1.2 trillion"),
    ("18 million 500 müň manat", "18,5 mln manat"),
    ("مليارين و500 مليون دولار", "2.5 مليار دولار"),
    ("۳ هزار و ۵۰۰ میلیارد تومان", "۳.۵ هزار میلیارد تومان"),
    ("۲ تن و ۱۰۰ کیلوگرم", "۲۱۰۰ کیلوگرم"),
    ("6 км 400 м", "6,4 км"),
    ("двадцать пять тысяч жителей", "25 000 жителей"),
    ("сто двадцать пять тысяч жителей", "125 тыс. жителей"),
    ("two hundred and five houses", "205 houses"),
    ("pięć miliardów złotych", "5 mld zł"),
    ("5 करोड़ डॉलर", "50 मिलियन डॉलर"),
    ("1억2천만 달러", "1억 2000만 달러"),
    ("23亿5000万元", "23.5亿元"),
    ("45万キロワット", "450メガワット"),
    ("$5m", "5 million US dollars"),
    ("62 miles", "100 kilometres"),
    ("9,800 feet", "3,000 metres"),
    ("1,200 acres", "485 hectares"),
    ("104°F", "40 degrees Celsius"),
    ("72 центнера с гектара", "7,2 тонны с гектара"),
    ("280 hectáreas", "2,8 km²"),
    ("12 gektar", "120 ming kvadrat metr"),
    ("400,000 barrels", "400 kb/d"),
    ("روز ۲۲ اردیبهشت", "روز ۱۲ مه"),
    ("до 3 сентября", "до 03.09"),
]


@pytest.mark.parametrize(("one", "other"), WRITTEN_OTHERWISE)
def test_a_copy_with_a_number_written_otherwise_is_the_same_entry(one, other):
    assert is_one(FRAME.format(one), FRAME.format(other))
    assert is_one(FRAME.format(other), FRAME.format(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2 million tons", "1,300,000 tons"),
        ("1.2 million tons", "1.2 billion tons"),
        ("1.2 million tons", "12,000,000 tons"),
        ("58 миңден ашык", "57 000ден ашык"),
        ("0.86 km of pipes", "86 metres of pipes"),
        ("120 میلیارد ریال", "120 میلیون تومان"),
        ("до 25.08 рейсов", "до 26 августа рейсов"),
        ("до 25.08 рейсов", "до 25.09 рейсов"),
        ("trois ponts", "deux ponts"),
        ("COVID-19", "the disease of 2020"),
        ("1 млн 304 тыс. тонн", "1,403 миллиона тонн"),
        ("3 milliard 800 million so‘m", "3,9 mlrd so‘m"),
        ("۲ تن و ۱۰۰ کیلوگرم", "۲۲۰۰ کیلوگرم"),
        ("двадцать пять тысяч жителей", "26 000 жителей"),
        ("62 miles", "110 kilometres"),
        ("62 miles", "63 miles"),
        ("104°F", "41 degrees Celsius"),
        ("5 million dollars", "5.1 million dollars"),
        ("روز ۲۲ اردیبهشت", "روز ۱۶ مه"),
    ],
)
def test_a_number_that_says_something_else_is_another_entry_in_whatever_form(one, other):
    assert not is_one(FRAME.format(one), FRAME.format(other))


@given(st.integers(1, 9_999_999), st.integers(1, 9_999_999), st.sampled_from([(6, "million"), (9, "млрд")]))
def test_digits_are_the_number_of_millions_and_no_other(tenths, others, scale):
    power, word = scale
    written = f"{tenths // 10}.{tenths % 10} {word}"

    assert is_one(FRAME.format(written), FRAME.format(tenths * 10 ** (power - 1)))
    assert (tenths == others) == is_one(FRAME.format(written), FRAME.format(others * 10 ** (power - 1)))


def test_a_weekday_is_no_contradiction_to_a_date_but_to_another_weekday():
    text = FRAME.format("a year")

    assert is_one(text, text.replace("on Tuesday", "on 12 May"))
    assert not is_one(text, text.replace("Tuesday", "Friday"))


def test_a_number_that_the_other_text_has_elsewhere_still_counts_other_things():
    early = (
        "В Омске на территории завода произошёл взрыв, сообщили в экстренных службах. По предварительным данным, "
        "пострадали два человека. Причины уточняются, на место направлены пожарные."
    )
    later = (
        "В Омске на территории завода произошёл взрыв, сообщили в экстренных службах. По уточнённым данным, "
        "пострадали шесть человек, двое из них в реанимации. Следователи возбудили дело, эвакуированы 300 рабочих."
    )

    assert not is_one(early, later)


def test_letters_of_another_alphabet_that_look_alike_make_no_other_word():
    text = (
        "В Томске после реставрации открылся музей сибирской иконы: 240 образов собрали в сёлах области за сорок лет."
    )
    disguised = text.translate({ord("с"): "c", ord("о"): "o", ord("а"): "a", ord("х"): "x"})

    assert dedupe.of_text(title="", body=text, link=None) == dedupe.of_text(title="", body=disguised, link=None)


def test_a_headline_that_puts_forward_another_name_of_one_text_is_the_same_entry():
    text = (
        "Police of Hormozgan found a load of smuggled goods in Bandar Abbas, its commander said, and three were held."
    )

    assert is_one(text, text, titles=("Smuggled goods found in Hormozgan", "Smuggled goods found in Bandar Abbas"))


def test_telegrams_to_two_presidents_are_two_entries_though_one_country_is_in_no_vocabulary():
    text = (
        "بعث ملك البحرين برقية تهنئة إلى رئيس جمهورية {} بمناسبة ذكرى استقلال بلاده، "
        "أعرب فيها عن أطيب تهانيه وتمنياته له بالصحة"
    )
    titles = "ملك البحرين يهنئ رئيس جزر القمر", "ملك البحرين يهنئ رئيس مالاوي"

    assert not is_one(text.format("القمر المتحدة"), text.format("مالاوي"), titles=titles)


STORED_IN_FORM_0 = (
    "00000000000000000c04000020000a00938a0008000000420000094a913244020006100021808808410a001079a06710217b061187fdb2"
    "1589467a16aa3fad19920ac726e67a873189623a33963b0a3ddbf08a432f4cd757298ae35b22e946f93080b6098044453c3c8081e18044"
    "453c184e0e5e20c16c0722c0f56a48ca39ef3080b609cb4ea9f1084451a851fdd5eeac282198f5776ce4488a2cc55880f607cdb5b5dd98"
    "40ce0d6408fa459040c82bd0809ec3b0411c398044453c20e946f93080b6098044453cb0856e9a3c8081e100cae93ca0d1fcb45880f607"
    "084451a87088067f4804bd8f9040f44cc8e22d0d204485d78c102adb8044453c0cda9467b448ecaa8044453c488079ff800de19d804445"
    "3c884df18184c158fcb0d96caa"
)


def test_a_sketch_stored_before_numbers_had_figures_and_powers_is_compared_as_one_of_now():
    text = FRAME.format("640.5 kilometres, 31 pumps and 12,000 men")
    now = dedupe.of_text(title="Work on the canal", body=text, link=None)
    stored = dedupe.unpack(bytes.fromhex(STORED_IN_FORM_0))

    assert (now.title, now.text) == (stored.title, stored.text)


def test_a_text_told_in_other_words_with_every_fact_kept_is_the_same_entry_and_with_another_number_is_not():
    wire = (
        "Three miners were killed and seven hurt when methane exploded at the Kazakhstanskaya coal mine in Shakhtinsk, "
        "Karaganda region, on Wednesday, the emergency ministry said. At the time 142 people were underground. It "
        "belongs to Qarmet, which bought it from ArcelorMittal in December 2023."
    )
    daily = (
        "A methane blast on Wednesday has left three dead and seven injured at Qarmet's Kazakhstanskaya pit in the "
        "Karaganda region town of Shakhtinsk. There were 142 miners below ground when it happened, according to the "
        "ministry for emergencies. Qarmet took the mine over from ArcelorMittal in December 2023."
    )

    assert is_one(wire, daily)
    assert not is_one(wire, daily.replace("142", "124"))
    assert not is_one(wire, daily.replace("Wednesday", "Thursday"))
