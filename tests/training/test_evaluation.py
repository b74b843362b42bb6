import pytest

from qa_service.errors import UnreadableQuestions
from qa_service.training.evaluation import score_file, summarise, tabulate
from tests.training.conftest import write


def test_a_reading_set_is_scored(reading_set, reader):
    scored = score_file(reading_set, reader, threshold=0.0)
    means = summarise(scored)
    assert means["answered"] == 1
    assert means["refused"] == 0
    assert means["balanced"] == 0.5
    assert means["verbatim"] == 1
    assert means["quote@1"]


def test_an_article_set_is_scored_thing_by_thing(article_set, reader):
    scored = score_file(article_set, reader, threshold=0.0)
    assert scored[0].figures["f1"] in (0.5, 1.0)
    assert scored[0].groups == ("kind=compound", "lang=id", "id on id")


def test_what_no_question_has_is_no_figure(article_set, reader):
    scored = score_file(article_set, reader, threshold=1.0)
    assert summarise(scored[:2])["refused"] is None
    assert summarise(scored)["refused"] == 1


def test_the_table_has_a_line_for_each_group(article_set, reader):
    lines = list(tabulate("set", score_file(article_set, reader)))
    assert [line[:28].strip() for line in lines] == [
        "set",
        "set",
        "id on id",
        "kind=compound",
        "kind=followup",
        "kind=unanswerable",
        "lang=id",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("no json\n", "can't be read"),
        ('{"question": "Siapa?"}\n', "line 1"),
        ('{"question": "Siapa?", "article": "none"}\n', "line 1"),
        ('["Siapa?"]\n', "line 1"),
    ],
)
def test_a_file_without_questions_is_named(tmp_path, reader, content, complaint):
    path = tmp_path / "x.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableQuestions, match=complaint):
        score_file(path, reader)


def test_a_missing_file_is_named(tmp_path, reader):
    with pytest.raises(UnreadableQuestions, match=r"none\.jsonl"):
        score_file(tmp_path / "none.jsonl", reader)


def test_an_empty_file_has_no_figures(tmp_path, reader):
    scored = score_file(write(tmp_path / "empty.jsonl", []), reader)
    assert set(summarise(scored).values()) == {None}
