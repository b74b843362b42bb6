import pytest

from qa_service.languages import language


def stems_looked_for(word):
    indonesian = language("id")
    return indonesian.vary(word, indonesian.stem([word])[0])


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("ditangkap", "menangkap"),
        ("menangkap", "ditangkap"),
        ("ditulis", "penulis"),
        ("mengirim", "dikirim"),
        ("dikatakan", "mengatakan"),
        ("menilai", "dinilai"),
        ("dimulai", "memulai"),
        ("memimpin", "dipimpin"),
        ("menewaskan", "tewas"),
        ("penyerahan", "diserahkan"),
    ],
)
def test_active_and_passive_find_each_other(asked, written):
    assert language("id").stem([written])[0] in stems_looked_for(asked)


@pytest.mark.parametrize(("asked", "written"), [("kota", "nota"), ("tahun", "tahan")])
def test_words_that_differ_do_not(asked, written):
    assert language("id").stem([written])[0] not in stems_looked_for(asked)


def test_an_english_word_is_looked_for_by_its_stem():
    assert language("en").vary("ships", "ship") == {"ship"}
