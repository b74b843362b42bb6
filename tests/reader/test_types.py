import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.reader.types import fits_ask


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
    assert fits_ask(span, 0, len(span), kind=kind, measures=frozenset()) is fits


@pytest.mark.parametrize(
    ("text", "span", "measures", "fits"),
    [
        ("Jalan itu 18,6 kilometer.", "18,6 kilometer", {"duration"}, False),
        ("Jalan itu 18,6 kilometer.", "18,6", {"duration"}, False),
        ("Jalan itu 18,6 kilometer.", "18,6", {"length"}, True),
        ("Luasnya 40 kilometer persegi.", "40 kilometer", {"length"}, False),
        ("Luasnya 40 kilometer persegi.", "40", {"area"}, True),
        ("It covers 12 square miles.", "12", {"area"}, True),
        ("Bunganya 6 persen setahun.", "6 persen", {"duration"}, False),
        ("Bunganya 6 persen setahun.", "6", {"share"}, True),
        ("It rose by 6%.", "6", {"money"}, False),
        ("They offered $180 million.", "180 million", {"share"}, False),
        ("They offered $180 million.", "$180 million", {"money", "share"}, True),
        ("Harganya Rp 1,3 miliar.", "1,3 miliar", {"count"}, False),
        ("Ia membeli 15 ton es.", "15 ton", {"count", "share"}, False),
        ("Ia membeli 15 balok es.", "15 balok", {"count", "share"}, True),
        ("Enam minggu lamanya.", "Enam minggu", {"duration"}, True),
        # What is measured in nothing may be of any measure, and so may what has no number.
        ("Pabrik itu berusia 40.", "40", {"duration"}, True),
        ("Tiketnya gratis.", "gratis", {"money"}, True),
        ("Antara 10 dan 15 km.", "10 dan 15 km", {"money"}, True),
        ("Mulai pukul 09.00 WIB.", "09.00", {"clock"}, True),
        ("It starts at 7 pm on Monday.", "7 pm", {"clock"}, True),
        ("Rapat itu pada Rabu (12/06/2024).", "Rabu (12/06/2024)", {"clock"}, False),
        ("The first bell rang at 8:46:40.", "8:46:40", {"clock"}, True),
        ("She finished in 2:07.84.", "2:07.84", {"clock"}, False),
        ("Rapat itu seusai salat Jumat.", "seusai salat Jumat", {"clock"}, True),
    ],
)
def test_a_number_is_measured_in_what_is_asked_for(text, span, measures, fits):
    start = text.index(span)
    end = start + len(span)
    assert fits_ask(text, start, end, kind="what", measures=measures) is fits


@given(st.text(alphabet="1 ,.%$kmRpjuta²½-\u0301ß", max_size=40), st.data())
def test_any_span_of_any_text_can_be_judged(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for measures in ({"clock"}, {"money"}, set()):
        assert fits_ask(text, start, end, kind="what", measures=measures) in (True, False)
