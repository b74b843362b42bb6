import pytest

from qa_service.languages import language


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
    assert language("id").stem([written])[0] in language("id").find_stems([asked])[0]


@pytest.mark.parametrize(("asked", "written"), [("kota", "nota"), ("tahun", "tahan")])
def test_words_that_differ_do_not(asked, written):
    assert language("id").stem([written])[0] not in language("id").find_stems([asked])[0]


def test_an_english_word_is_looked_for_by_its_stem():
    assert language("en").find_stems(["ships"]) == [{"ship"}]
