import pytest

from qa_service.languages import CODES, language, recognise_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Di mana?", "id"),
        ("Kapan itu terjadi?", "id"),
        ("Siapa sih yg datang", "id"),
        ("Where?", "en"),
        ("And when was that?", "en"),
        ("Who wrote Laskar Pelangi?", "en"),
        ("Kapan film The Raid dirilis?", "id"),
    ],
)
def test_a_language_is_recognised_from_a_few_words(text, code):
    other = next(each for each in CODES if each != code)
    assert recognise_language(text, default=other) == code


@pytest.mark.parametrize(("text", "code"), [("Russia sanctions", "en"), ("sanksi Rusia", "id")])
def test_without_function_words_the_lexicon_decides(text, code):
    assert {recognise_language(text, default=default) for default in ("id", "en")} == {code}


@pytest.mark.parametrize("text", ["", "😀", "Rahmi Hasanah", "12"])
def test_a_text_of_no_language_is_taken_for_the_default(text):
    assert [recognise_language(text, default=code) for code in CODES] == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_stop_words_hold_no_question_word_number_or_negation(code):
    spoken = language(code)
    asking = {word for form in spoken.question_words for word in form if len(form) == 1}
    kept = {"tidak", "bukan", "belum", "jangan", "tanpa", "satu", "dua", "ratus"}
    kept |= {"not", "no", "never", "without", "one", "two", "hundred"}
    assert not spoken.stopwords & (asking | kept)


@pytest.mark.parametrize("code", CODES)
def test_every_ask_has_a_label_to_show(code):
    spoken = language(code)
    asks = {*spoken.question_words.values(), *spoken.openings.values(), *spoken.heads.values()}
    assert asks | {"whom"} <= set(spoken.phrases.labels)


@pytest.mark.parametrize("code", CODES)
def test_a_closing_abbreviation_is_an_abbreviation(code):
    spoken = language(code)
    lines = spoken.abbreviations.read_text(encoding="utf-8").splitlines()
    known = {line.removesuffix(" #NUMERIC_ONLY#") for line in lines if not line.startswith("#")}
    assert spoken.closing_abbreviations <= known


@pytest.mark.parametrize("code", CODES)
def test_what_a_number_may_be_measured_in_has_units_or_is_told_otherwise(code):
    known = language(code).measures
    asked = {*known.within.values(), *known.behind.values(), *known.kinds.values()}
    assert frozenset().union(*asked) <= {*known.units.values(), "clock", "count"}
    assert not known.units.keys() & known.behind.keys()


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError):
        language("xx")


def test_indonesian_affixes_fall_away():
    forms = ["bertemu", "ditemui", "pertemuan", "menemui"]
    assert len(set(language("id").stem(forms[:1]))) == 1
    assert language("id").stem(["rumahnya", "rumahkah", "rumah"]) == ["rumah"] * 3
