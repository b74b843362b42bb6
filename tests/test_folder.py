import os
import time
from typing import Any

import pytest

from qa_service.errors import UnreadableArticle
from qa_service.extraction import Extractor
from qa_service.folder import Folder, read_article
from tests.conftest import LIBRARY_EN


@pytest.fixture(scope="module")
def extractor():
    with Extractor() as extractor:
        yield extractor


def age(path, seconds=5):
    """Let a file have been written some seconds ago."""
    when = time.time() - seconds
    os.utime(path, (when, when))


def ids(articles: Any) -> list[str]:
    return [article.id for article in articles]


def test_files_of_all_kinds_are_read_in_folders_below_too(folder):
    (folder / "2025" / "Maret").mkdir(parents=True)
    (folder / "2025" / "Maret" / "Jembatan Baru.md").write_text("# Jembatan\n\nIa dibuka.")
    (folder / ".hidden.txt").write_text("Kapal tiba.")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    assert ids(Folder(folder).read()) == ["2025-maret-jembatan-baru", "harbour", "village"]


def test_line_ends_stay_as_they_are(tmp_path, extractor):
    path = tmp_path / "Berita Hari Ini!.txt"
    path.write_bytes(b"\xef\xbb\xbfJudul\r\n\r\nIa pulang.\r\n")
    article = read_article(path, extractor)
    assert article.text == "Judul\r\n\r\nIa pulang.\r\n"
    assert article.id == "berita-hari-ini"


def test_an_unreadable_file_is_named_once_and_left_out(folder, caplog):
    (folder / "bad.txt").write_bytes(bytes(100))
    read = Folder(folder)
    assert ids(read.read()) == ["harbour", "village"]
    assert read.read() is None
    assert caplog.text.count("bad.txt: its name says that it is plain text, but") == 1


def test_a_file_that_can_not_be_read_is_named(tmp_path, extractor):
    with pytest.raises(UnreadableArticle, match=r"none.txt: No such file"):
        read_article(tmp_path / "none.txt", extractor)


def test_a_pipe_is_no_file(folder):
    os.mkfifo(folder / "pipe.txt")
    assert ids(Folder(folder).read()) == ["harbour", "village"]


def test_two_files_of_the_same_id_are_not_mixed_up(folder, caplog):
    (folder / "HARBOUR!.txt").write_text("Lain.", encoding="utf-8")
    assert ids(Folder(folder).read()) == ["harbour", "village"]
    assert "has the id 'harbour' already" in caplog.text


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UnreadableArticle, match="none is not a folder"):
        Folder(tmp_path / "none")


def test_changes_are_picked_up(folder):
    read = Folder(folder)
    read.read()
    assert read.read() is None
    new = folder / "new.txt"
    new.write_text("Kapal baru tiba.", encoding="utf-8")
    age(new)
    assert ids(read.read()) == ["harbour", "new", "village"]
    new.write_text("Kapal lama pergi.", encoding="utf-8")
    age(new, 3)
    assert [a.text for a in read.read() or [] if a.id == "new"] == ["Kapal lama pergi."]
    new.unlink()
    assert ids(read.read()) == ["harbour", "village"]


def test_a_file_that_is_still_written_is_left_alone_for_a_moment(folder):
    read = Folder(folder)
    read.read()
    (folder / "village.txt").write_text("", encoding="utf-8")
    (folder / "new.txt").write_text("Kapal", encoding="utf-8")
    assert read.read() is None


def test_an_article_whose_file_is_damaged_stays_until_the_file_is_gone(folder, caplog):
    read = Folder(folder)
    read.read()
    damaged = folder / "village.txt"
    damaged.write_bytes(b"")
    age(damaged)
    assert [a.text for a in read.read() or [] if a.id == "village"] == [LIBRARY_EN]
    assert "village.txt: it is empty" in caplog.text
    damaged.unlink()
    assert ids(read.read()) == ["harbour"]


def test_a_file_that_took_too_long_is_tried_again_a_few_times(folder, monkeypatch, caplog):
    (folder / "slow.md").write_text("# Judul\n\nKapal tiba.")
    monkeypatch.setattr("qa_service.folder._FILE_SECONDS", 0.0)
    read = Folder(folder)
    assert ids(read.read()) == ["harbour", "village"]
    assert read.read() is None
    monkeypatch.setattr("qa_service.folder._WHILE_SECONDS", 0.0)
    later = time.monotonic() + 61
    monkeypatch.setattr("qa_service.folder.time.monotonic", lambda: later)
    for _ in range(3):
        assert ids(read.read()) == ["harbour", "village"]
    assert read.read() is None
    assert caplog.text.count("slow.md: it takes longer to read than a file may") == 4


def test_a_file_that_took_too_long_is_read_when_it_no_longer_does(folder, monkeypatch):
    (folder / "slow.md").write_text("# Judul\n\nKapal tiba.")
    monkeypatch.setattr("qa_service.folder._FILE_SECONDS", 0.0)
    monkeypatch.setattr("qa_service.folder._WHILE_SECONDS", 0.0)
    read = Folder(folder)
    assert ids(read.read()) == ["harbour", "village"]
    monkeypatch.setattr("qa_service.folder._FILE_SECONDS", 10.0)
    assert ids(read.read()) == ["harbour", "slow", "village"]
    assert read.read() is None


def test_how_far_the_reading_is_is_told(folder):
    told = []
    Folder(folder).read(progress=lambda done, all: told.append((done, all)))
    assert told == [(1, 2), (2, 2)]


def test_what_a_file_says_of_its_article_is_kept(tmp_path, extractor):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Jembatan Dibuka\nauthor: Sari\ndate: 2025-03-04\n"
        "source: https://news.example/a\n---\n\nBupati membuka jembatan.\n"
    )
    article = read_article(path, extractor)
    assert article.text.startswith("Jembatan Dibuka\n\n")
    assert article.origin.author == "Sari"
    assert article.origin.date == "2025-03-04"
    assert article.origin.url == "https://news.example/a"


def test_a_file_that_may_be_read_again_is_read_again(folder):
    path = folder / "village.txt"
    path.chmod(0)
    read = Folder(folder)
    known = ids(read.read())
    path.chmod(0o644)
    age(path)
    # Root may read it all the time.
    assert ids(read.read() or read._name()) == ["harbour", "village"]
    assert known in (["harbour"], ["harbour", "village"])


def test_a_folder_that_is_gone_is_an_error_and_its_articles_stay(folder):
    read = Folder(folder)
    read.read()
    away = folder.with_name("away")
    folder.rename(away)
    with pytest.raises(OSError, match="No such file"):
        read.read()
    away.rename(folder)
    assert read.read() is None


def test_an_empty_folder_is_read_once(tmp_path):
    read = Folder(tmp_path)
    assert read.read() == []
    assert read.read() is None
