import pytest

from qa_service.errors import UnknownArticle, UnreadableArticle
from qa_service.library import MAX_TEXT, Library, read_article, read_library


def test_a_folder_s_articles_are_read_by_name(folder):
    assert [article.id for article in read_library(folder).articles] == ["harbour", "village"]


def test_one_article_or_all_can_be_searched(folder):
    library = read_library(folder)
    assert library.search("village").articles == (library.article("village"),)
    assert library.search().articles == tuple(library.articles)


def test_an_unknown_article_is_named(folder):
    with pytest.raises(UnknownArticle, match="'nowhere'; there are: harbour, village"):
        read_library(folder).search("nowhere")


def test_line_ends_stay_as_they_are(tmp_path):
    path = tmp_path / "Berita Hari Ini!.txt"
    path.write_bytes(b"\xef\xbb\xbfJudul\r\n\r\nIa pulang.\r\n")
    article = read_article(path)
    assert article.text == "Judul\r\n\r\nIa pulang.\r\n"
    assert article.id == "berita-hari-ini"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"x" * (MAX_TEXT + 1), "has more than 200,000 characters"),
        ("😀".encode() * (MAX_TEXT + 1), "has more than 200,000 characters"),
    ],
)
def test_an_unreadable_file_is_named_and_left_out(folder, caplog, content, reason):
    path = folder / "bad.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableArticle, match=f"bad.txt {reason}"):
        read_article(path)
    assert len(read_library(folder).articles) == 2
    assert reason in caplog.text


def test_two_files_of_the_same_id_are_not_mixed_up(folder, caplog):
    (folder / "HARBOUR!.txt").write_text("Lain.", encoding="utf-8")
    library = read_library(folder)
    assert len(library.articles) == 2
    assert "has the id 'harbour' already" in caplog.text


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UnreadableArticle, match="none is not a folder"):
        read_library(tmp_path / "none")


def test_an_own_text_is_indexed_once():
    library = Library([])
    assert library.search_text("Kapal tiba.") is library.search_text("Kapal tiba.")
    assert library.articles == ()


def test_a_text_that_would_take_all_the_room_is_answered_all_the_same():
    library = Library([])
    text = "A\n" * (MAX_TEXT // 2)
    assert len(library.search_text(text).articles[0].sentences) == MAX_TEXT // 2
    assert library.search_text(text) is not library.search_text(text)


def test_own_texts_are_forgotten_when_others_need_the_room():
    library = Library([])
    first = library.search_text("Kapal tiba.")
    for number in range(45):
        library.search_text(f"{number} " + "kata " * 30_000)
    assert library.search_text("Kapal tiba.") is not first
