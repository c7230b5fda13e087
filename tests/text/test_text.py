"""What the text leaf promises to everything above it."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import han, text


@pytest.mark.parametrize(
    "written", ["O‘zbekiston", "Oʻzbekiston", "O’zbekiston", "O`zbekiston", "oʼzbekiston", "O'ZBEKISTON"]
)
def test_every_apostrophe_of_uzbek_folds_to_one(written):
    assert "o'zbekiston" == text.fold(written)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("İstanbul", "istanbul"),
        ("ＫＡＺＡＫＨＳＴＡＮ", "kazakhstan"),
        ("Тёплый", "теплый"),
        ("Қазақстан", "қазақстан"),
        ("می‌رود", "میرود"),
        ("علي كريمي", "علی کریمی"),
        ("۱۴۰۳", "1403"),
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb\u00adc", "abc"),
        ("  two\t\nwords ", "two words"),
    ],
)
def test_folding_makes_writings_of_one_word_equal(written, folded):
    assert folded == text.fold(written)


def test_diacritics_go_only_on_request_and_never_from_cyrillic():
    assert "çağrı й" == text.fold("ÇAĞRI Й".replace("I", "ı"))

    assert "cagri йў" == text.fold("Çağrı ЙЎ", diacritics=False)


@given(st.text())
def test_folding_twice_is_folding_once(written):
    once = text.fold(written)

    assert once == text.fold(once)


@given(st.text())
def test_clean_text_is_one_line_that_xml_can_carry(written):
    cleaned = text.clean(written)

    assert cleaned == text.clean(cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not set(cleaned) & set("\x00\x08\x1f\x7f\u202e\u2066\ufffe\ufeff")


def test_clean_keeps_the_joiner_persian_needs():
    assert "می‌رود" == text.clean(" می‌رود\n")


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("plain", "plain"),
        ("AT&amp;T &#1179;", "AT&T қ"),
        ("<p>One</p><p>Two <b>bo</b>ld</p>", "One\nTwo bold"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("<script>if (a < b) alert(1)</script>kept<style>p{}</style>", "kept"),
        ("<!-- <p>no</p> -->yes", "yes"),
        ('<img alt="a > b" src="x">after', "after"),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
        ("<svg><title>no</title></svg>yes", "yes"),
        ("line\nbroken   in source", "line broken in source"),
        ("unclosed <script> gone", "unclosed"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(markup, plain):
    assert plain == text.from_html(markup)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a '", '<a "', "<!--", "<script>", "<p", "&amp", "</", "<script", "<svg>x"]
)
def test_hostile_markup_costs_no_more_than_its_length(piece):
    hostile = piece * (1_000_000 // len(piece))
    began = time.process_time()

    text.from_html(hostile)

    assert 5 > time.process_time() - began


@given(st.text(alphabet="<>/ab &;'\"!-p \n"))
def test_text_of_any_markup_is_clean_lines(markup):
    lines = text.from_html(markup).split("\n")

    assert [line for line in lines if line] == [text.clean(line) for line in lines if line]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Iran-Kazakhstan talks, 2024!", ("Iran", "Kazakhstan", "talks", "2024")),
        ("O‘zbekiston va g'arb", ("O‘zbekiston", "va", "g'arb")),
        ("می‌رود به", ("می‌رود", "به")),
        ("हिन्दी में", ("हिन्दी", "में")),
        ("中国外交", ("中", "国", "外", "交")),
        ("", ()),
    ],
)
def test_words_are_cut_where_each_script_cuts_them(written, words):
    assert words == text.words(written)


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("The U.S. sent A. Blinken. He came.", ("The U.S. sent A. Blinken.", "He came.")),
        ("В 2024 г. Токаев прибыл. Встреча прошла.", ("В 2024 г. Токаев прибыл.", "Встреча прошла.")),
        ("این خبر است. آیا؟ بله۔ پایان", ("این خبر است.", "آیا؟", "بله۔", "پایان")),
        ("会谈举行。双方同意！", ("会谈举行。", "双方同意！")),
        ("यह है। वह था।", ("यह है।", "वह था।")),
        ("Սա է։ Վերջ։", ("Սա է։", "Վերջ։")),
        ('He said "yes." Then left.', ('He said "yes."', "Then left.")),
        ("No stop\nNext line", ("No stop", "Next line")),
        ("Growth was 3.5 percent. Good.", ("Growth was 3.5 percent.", "Good.")),
    ],
)
def test_sentences_end_where_each_script_ends_them(written, sentences):
    assert sentences == text.sentences(written)


def test_a_cut_ends_at_a_sentence_where_one_fits():
    assert "One two. Three." == text.cut("One two. Three. Four five six seven.", 20)


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("Министры встретились в г. Астане.", "Договор подписан.", "Следующая встреча пройдёт в Пекине."),
        ("وزیران در آستانه دیدار کردند.", "آیا توافق می‌شود؟", "هنوز معلوم نیست و گفت‌وگو ادامه دارد."),
        ("وزراء نے ملاقات کی۔", "معاہدہ ہو گیا۔", "باقی باتیں بعد میں ہوں گی۔"),
        ("მინისტრები შეხვდნენ.", "შეთანხმება გაფორმდა.", "შემდეგი შეხვედრა თბილისში გაიმართება."),
        ("Նախարարները հանդիպեցին։", "Համաձայնագիրը ստորագրվեց։", "Հաջորդ փուլը կլինի Երևանում։"),
        ("मंत्रियों की मुलाकात हुई।", "समझौता हुआ।", "अगली बैठक दिल्ली में होगी।"),
        ("ሚኒስትሮቹ ተገናኙ።", "ስምምነት ተፈራረሙ።", "ቀጣዩ ስብሰባ በአዲስ አበባ ይካሄዳል።"),
        ("រដ្ឋមន្ត្រីបានជួបគ្នា។", "កិច្ចព្រមព្រៀងត្រូវបានចុះហត្ថលេខា។", "ជំនួបបន្ទាប់នឹងធ្វើនៅភ្នំពេញ។"),
        ("དང་པོ།", "གཉིས་པ་རིང་པོ།", "གསུམ་པ་ནི་དེ་ལས་རིང་བ་ཡིན།"),
        ("မန်းများ တွေ့ဆုံသည်။", "သဘောတူညီချက် လက်မှတ်ထိုးသည်။", "နောက်တစ်ကြိမ် ရန်ကုန်တွင် ကျင်းပမည်။"),
    ],
)
def test_a_cut_knows_where_a_sentence_ends_in_every_script(first, second, third):
    two = f"{first} {second}"

    assert two == text.cut(f"{two} {third}", len(two) + len(third) // 2)


def test_a_cut_parts_chinese_sentences_that_no_space_parts():
    assert "外长会面。双方签署协议！" == text.cut("外长会面。双方签署协议！下一轮会谈将在北京举行。", 18)


def test_a_cut_inside_a_long_sentence_ends_at_a_word_and_says_so():
    assert "one two three…" == text.cut("one two three four five six", 17)


@pytest.mark.parametrize("written", ["ที่นี่มีผู้คนกำลังพูดกันอยู่", "विदेशमंत्रियोंकीबैठक", "រដ្ឋមន្ត្រីការបរទេស"])
def test_a_cut_leaves_no_letter_without_its_vowel_signs(written):
    for length in range(2, len(written)):
        kept = text.cut(written, length).removesuffix("…")

        assert unicodedata.category(written[len(kept)])[0] != "M" or not kept


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_cut_is_never_longer_than_asked(written, length):
    assert length >= len(text.cut(written, length))


def test_words_are_joined_as_their_scripts_write_them():
    assert "上海合作组织 and 外交部" == text.joined("上 海 合 作 组 织 and 外 交 部")


def test_direction_is_that_of_most_letters():
    assert "rtl" == text.direction("رویترز Reuters: گفت‌وگوهای تهران و آستانه")
    assert "ltr" == text.direction("Тегеран (تهران) и Астана")
    assert "ltr" == text.direction("")


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("mÃ¡s", "más"),
        ("itâ€™s ours", "it’s ours"),
        ("Ã‰tat, Ã©tÃ©", "État, été"),
        ("a prÃ³xima «MENÜ» do mÃªs", "a próxima «MENÜ» do mês"),
        ("Ð\x9fÑ€", "Ð\x9fÑ€"),
        ("“IRMÔ disse", "“IRMÔ disse"),
        ("«CAFÉ» Â", "«CAFÉ» Â"),
        ("30 Â°C, 5 Â£", "30 °C, 5 £"),
    ],
)
def test_what_was_encoded_twice_is_mended_and_nothing_else(broken, meant):
    assert meant == text.mended(broken)


@given(st.text())
def test_pieces_are_the_text_but_for_one_character_between_them(written):
    cut = text.pieces(written)

    assert len(written) == sum(map(len, cut)) + len(cut) - 1
    assert set(written.lower()) - {"\u0307"} >= {letter for piece in cut for letter in piece} - {"i"}


def test_memo_asks_once_for_what_it_still_remembers():
    asked = []
    memo = text.Memo(lambda piece: asked.append(piece) or piece.upper(), most=2)

    assert ["A", "B", "A", "C", "A", "B"] == [memo[piece] for piece in "abacab"]
    assert ["a", "b", "c"] == asked
    assert ["D", "E", "F", "G", "A"] == [memo[piece] for piece in "defga"]
    assert "a" == asked[-1]


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)))
def test_simplifying_keeps_each_character_in_its_place(written):
    assert list(han.simplify(written)) == [han.simplify(character) for character in written]
    assert len(han.simplify(written)) == len(written)


def test_traditional_characters_are_the_simplified_ones_they_stand_for():
    assert han.simplify("颱風逼近臺灣, 國際航線停航") == "台风逼近台湾, 国际航线停航"
    assert han.simplify("Typhoon 台风 타이푼 タイフーン") == "Typhoon 台风 타이푼 タイフーン"
