import pytest

from qa_service.training.scoring import exact_match, f1


@pytest.mark.parametrize(
    ("said", "gold", "score"),
    [
        ("Rahmi Hasanah", "rahmi hasanah.", 1.0),
        ("Rahmi", "Rahmi Hasanah", 2 / 3),
        ("di Bandung", "Bandung", 2 / 3),
        ("Bandung", "Jakarta", 0.0),
        ("", "Jakarta", 0.0),
        ("Rp1,7 juta", "“Rp1,7” juta", 1.0),
    ],
)
def test_f1_counts_the_words_that_are_shared(said, gold, score):
    assert f1(said, gold) == pytest.approx(score)


def test_an_exact_match_ignores_case_and_punctuation():
    assert exact_match("Jumat (21/06)", "jumat 21 06") == 1
    assert exact_match("Jumat", "hari Jumat") == 0
