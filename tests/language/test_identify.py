"""Languages by their letters, with the feed's word as a hint."""

import pytest

from feeds import language
from feeds.language import model


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("kk", "Қазақстан мен Өзбекстан арасындағы ынтымақтастық"),
        ("ky", "Кыргызстан менен Өзбекстан ортосундагы өнөктөштүк"),
        ("tg", "Ҷумҳурии Тоҷикистон ва ҳамкорӣ бо кишварҳои минтақа"),
        ("mn", "Монгол Улсын Ерөнхийлөгч өнөөдөр айлчиллаа"),
        ("ru", "Президент России выступил с заявлением"),
        ("uk", "Президент України зробив заяву щодо ситуації"),
        ("uz-Cyrl", "Ўзбекистон ва Қозоғистон ҳамкорлиги тўғрисида"),
        ("uz", "Oʻzbekiston va Qozogʻiston oʻrtasidagi hamkorlik"),
        ("tk", "Türkmenistanyň Prezidenti gulluk iş maslahatyny geçirdi"),
        ("az", "Azərbaycan və Türkiyə arasında əməkdaşlıq"),
        ("tr", "Cumhurbaşkanı bugün Ankara'da açıklama yaptı"),
        ("fa", "وزیر امور خارجه گفت که گفتگوها ادامه دارد"),
        ("ps", "د افغانستان د بهرنیو چارو وزیر وویل چې"),
        ("ur", "وزیر اعظم نے کہا ہے کہ حکومت اس پر کام کرے گی"),
        ("ug", "شىنجاڭ ئۇيغۇر ئاپتونوم رايونى ھۆكۈمىتى"),
        ("ckb", "سەرۆکی حکوومەت لەگەڵ باڵیۆزی وڵاتان کۆبووەوە"),
        ("ar", "قال وزير الخارجية إن المحادثات مستمرة في القاهرة"),
        ("zh", "中国外交部发言人举行例行记者会"),
        ("ja", "日本の首相は記者会見を開いた"),
        ("ko", "대통령은 오늘 기자회견을 열었다"),
        ("en", "The president met with the visiting prime minister"),
        ("de", "Der Bundeskanzler traf sich mit dem Präsidenten"),
    ],
)
def test_letters_and_small_words_tell_the_language(expected, text):
    assert expected == language.identify(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            "es",
            "El presidente dijo que quiere que la región aproveche la química y la minería con más recursos públicos",
        ),
        ("fr", "Le président a dit que la région, qui a quinze usines, ne peut plus attendre ce que le pays lui doit"),
        ("de", "Der Präsident sagte, dass die Stadt für die Brücke über den Fluss mehr Geld aufbringen müsse"),
        ("it", "Il ministro ha detto che la regione, in cui è qualche anno che piove poco, chiede acqua"),
        ("id", "Presiden mengatakan bahwa warga di kota itu bisa membeli beras dengan harga yang lebih murah"),
        ("ky", "Айыл чарба министри суу тартыштыгы боюнча жыйын өткөрөт"),
        ("mn", "Хотын захиргаа шинэ гүүрийн ажлыг эхлүүлжээ"),
        ("uz", "Shahar hokimligi yangi maktab qurilishini boshladi"),
        ("uz", "Davlat rahbari fermerlar bilan uchrashdi"),
        ("kk-Latn", "Ministr kúni keshe aýylǵa keldi"),
    ],
)
@pytest.mark.parametrize("hint", [None, "en", "ru"])
def test_language_that_a_feed_does_not_say_or_says_wrongly_is_told(expected, text, hint):
    assert expected == language.identify(text, hint=hint)


def test_script_that_has_one_language_for_us_leaves_the_word_to_a_feed_of_another():
    assert "hi" == language.identify("प्रधानमंत्री ने बैठक की")
    assert "mr" == language.identify("पंतप्रधानांनी बैठक घेतली", hint="mr")


def test_feed_is_believed_where_the_text_does_not_speak_against_it():
    assert "ky" == language.identify("Президент Казакстанга барды", hint="ky")
    assert "de-AT" == language.identify("Ministerrat", hint="de-AT")


def test_feed_that_names_a_country_is_believed_as_one_that_does_not():
    assert "en-GB" == language.identify("Colourful start to school arts fete, and the crowds", hint="en-GB")
    czech = "Podle vlády to bude do konce roku stačit na všechny důchody v celé zemi. "
    assert "cs" == language.identify(3 * czech, hint="en-US")


def test_feed_is_not_believed_against_the_letters():
    assert "ru" == language.identify("Президент выступил с заявлением", hint="en")
    assert "uz-Cyrl" == language.identify("Ўзбекистон янгиликлари ва таҳлил", hint="uz")


def test_text_without_letters_is_in_the_language_the_feed_says():
    assert "kk" == language.identify("2026: 100%", hint="kk")
    assert None is language.identify("12:30")


@pytest.mark.parametrize(
    "title", ["Tokayev visits Tehran", "Kazakhstan, Uzbekistan sign deal", "Baku hosts COP29", "Qatar"]
)
def test_names_alone_do_not_take_an_english_title_abroad(title):
    assert language.identify(title) == "en"


def test_model_says_the_same_as_the_package_it_is_of():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    package = LanguageIdentifier.from_model_file(MODEL_FILE)
    package.set_languages(model.LANGUAGES)
    ours = model.load()
    for text in ("Regeringen foreslår nye regler", "IL GOVERNO HA DECISO", "Путин and the others", "1 2 3", ""):
        theirs = dict(package.rank(text))
        best = max(theirs, key=theirs.__getitem__)
        assert best == ours.likeliest(text) or max(theirs.values()) == min(theirs.values())
        assert theirs["en"] - theirs[best] == pytest.approx(
            ours.likelihoods(text)["en"] - ours.likelihoods(text)[best], abs=0.01
        )


def test_an_english_possessive_is_no_uzbek_letter():
    text = "Jaime King’s young son hurt as man smashes car, Wong’s doctor says King’s son is well"
    assert (language.identify(text), language.identify(text, hint="en")) == ("en", "en")
    assert language.identify("O‘zbekiston tog‘larida qor yog‘di") == "uz"
