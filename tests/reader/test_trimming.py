import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.reader.spans import Candidate
from qa_service.reader.trimming import trim, trim_name


def cut(text, span):
    start = text.index(span)
    trimmed = trim(Candidate(0, start, start + len(span), 1.0), text)
    return None if trimmed is None else text[trimmed.start : trimmed.end]


@pytest.mark.parametrize(
    ("text", "span", "right"),
    [
        ("di Moskwa, kata dia", " Moskwa,", "Moskwa"),
        ("hari Jumat (21/06/2024).", "Jumat (21/06/2024", "Jumat (21/06/2024)"),
        ("hari Jumat (21/06/2024).", "21/06/2024).", "Jumat (21/06/2024)"),
        ("ia (seorang nelayan) tiba", "(seorang nelayan", "(seorang nelayan)"),
        ("suhu -12 derajat", "-12 derajat", "-12 derajat"),
        ('kata "kami siap', '"kami siap', "kami siap"),
        ("“kami siap”, katanya", "kami siap”", "“kami siap”"),
        ("tiba, ... lalu", ", ...", None),
        ("pada hari Jumat (21/06/2024).", "(21/06/2024)", "Jumat (21/06/2024)"),
        ("pada hari Jumat (21/06/2024).", "21/06/2024", "Jumat (21/06/2024)"),
        ("di Bandung (21/06/2024).", "21/06/2024", "21/06/2024"),
        ("pada hari Jumat (21/06/2024).", "Jumat", "Jumat (21/06/2024)"),
        ("pada hari Jumat (21/06/2024).", "hari Jumat", "Jumat (21/06/2024)"),
        ("pada hari Jumat (21/06/2024).", "hari Jumat (21/06/2024)", "Jumat (21/06/2024)"),
        ("pada Hari Jumat (21/06/2024).", "Hari Jumat (21/06/2024).", "Jumat (21/06/2024)"),
        ("sejak Jumat (21/06/2024).", "sejak Jumat (21/06/2024)", "sejak Jumat (21/06/2024)"),
        ("peringatan hari Jumat lalu", "hari Jumat lalu", "hari Jumat lalu"),
        ("pada Jumat (21/6) pagi", "Jumat", "Jumat (21/6)"),
        ("di Bandung (21/06/2024).", "Bandung", "Bandung"),
        ("pada hari Jumat (21/06/2024).", "Jum", "Jum"),
    ],
)
def test_a_span_is_cut_as_a_person_would(text, span, right):
    assert cut(text, span) == right


@given(text=st.text(min_size=1, max_size=80), data=st.data())
def test_a_trimmed_span_stays_in_the_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    trimmed = trim(Candidate(0, start, end, 1.0), text)
    assert trimmed is None or 0 <= trimmed.start < trimmed.end <= len(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Garuda Tirta 3-1", "Garuda Tirta"),
        ("Garuda Tirta (3-1)", "Garuda Tirta"),
        ("Rahmi Hasanah 21-9", "Rahmi Hasanah"),
        ("Garuda Tirta", "Garuda Tirta"),
        ("3-1", "3-1"),
        ("KRI Tirta-871", "KRI Tirta-871"),
    ],
)
def test_a_name_has_no_result_behind_it(text, name):
    found = trim_name(Candidate(0, 0, len(text), 1.0), text)
    assert text[found.start : found.end] == name
