import pytest

from qa_service.reader.types import fits_kind


@pytest.mark.parametrize(
    ("span", "kind", "fits"),
    [
        ("Jumat (21/06/2024)", "when", True),
        ("pekan ini", "when", True),
        ("last week", "when", True),
        ("Lyudmila Vorobyova", "when", False),
        ("empat", "how many", True),
        ("Rp1,7 juta", "how much", True),
        ("Moskwa", "how many", False),
        ("dua jam", "how long", True),
        ("Nakagome Masashi", "who", True),
        ("21/06/2024", "who", False),
        ("pukul 10.30", "where", False),
        ("Jalan Merdeka 12", "where", True),
        ("karena hujan", "why", True),
        ("…", "what", False),
    ],
)
def test_the_type_of_an_answer_fits_what_is_asked(span, kind, fits):
    assert fits_kind(span, kind) is fits
