"""Laws of the vocabularies themselves, whatever their language."""

from importlib import resources

import pytest

from feeds import regions, themes

VOCABULARIES = resources.files("feeds") / "data" / "themes"
LANGUAGES = sorted(path.name.removesuffix(".txt") for path in VOCABULARIES.iterdir() if path.name.endswith(".txt"))
COUNTRIES = ("KZ", "KG", "TJ", "TM", "UZ", "AM", "AZ", "GE", "HU", "US", "TR", "RU", "CN", "IR", "AF", "PR", "VA", "GB")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_country_alone_is_of_no_theme(language: str) -> None:
    names = {regions.label(code, language=language) or "" for code in COUNTRIES}

    assert {} == {name: given for name in names if (given := themes.read(title=name, language=language).themes)}
