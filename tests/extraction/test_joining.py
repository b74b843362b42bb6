import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.extraction.joining import join_lines, join_paragraphs


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Kapal itu", "tiba."], "Kapal itu tiba."),
        (["Para pene-", "liti pulang."], "Para peneliti pulang."),
        (["Nelayan di pulau-", "pulau kecil"], "Nelayan di pulau-pulau kecil"),
        (["Undang-", "undang itu"], "Undang-undang itu"),
        (["pada abad ke-", "19 itu"], "pada abad ke-19 itu"),
        (["rute Jakarta-", "Bandung"], "rute Jakarta-Bandung"),
        (["pemerin\u00ad", "tah da\u00aderah"], "pemerintah daerah"),
        (["ia -", "kata dia - pulang"], "ia - kata dia - pulang"),
        (["", "  ", "Kapal"], "Kapal"),
    ],
)
def test_lines_become_one_paragraph(lines, joined):
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("paragraphs", "joined"),
    [
        (["Kapal itu", "tiba kemarin."], ["Kapal itu tiba kemarin."]),
        (["Kapal itu peneli-", "tian."], ["Kapal itu penelitian."]),
        (["Kapal tiba.", "dan pulang."], ["Kapal tiba.", "dan pulang."]),
        (["Kapal Tiba", "Kapal itu tiba."], ["Kapal Tiba", "Kapal itu tiba."]),
    ],
)
def test_a_paragraph_that_a_column_s_end_cut_is_whole_again(paragraphs, joined):
    assert join_paragraphs(paragraphs) == joined


@given(st.lists(st.text()))
def test_no_letter_is_lost(lines):
    kept = [c for c in "".join(lines) if c.isalnum()]
    assert [c for c in join_lines(lines) if c.isalnum()] == kept
