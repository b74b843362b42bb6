import pytest

from qa_service.article import Article
from qa_service.reader.reader import ROOM, Passage, load_reader

FILLER = "Kapal berlayar jauh ke timur dan pulang sesudah musim hujan berakhir. "


@pytest.fixture(scope="module")
def long_article():
    return Article.of(FILLER * 40 + "Nakhodanya Rahmi Hasanah. " + FILLER * 40, id="a")


def test_the_sentences_that_rank_first_are_read_wherever_they_stand(long_article, reader):
    reading = reader.read([Passage("Siapa nakhodanya?", long_article, (40,))])[0]
    best = reading.candidates[0]
    assert 40 in reading.support
    assert {39, 41} <= reading.support.keys()
    assert long_article.text[best.start : best.end].strip() == "Rahmi Hasanah"


def test_no_more_is_read_than_there_is_room_for(long_article, reader):
    reading = reader.read([Passage("Siapa nakhodanya?", long_article, ())])[0]
    assert 0 < len(reading.support) < ROOM / 8


def test_what_asks_for_several_things_shares_the_room_out(long_article, reader):
    passage = Passage("Siapa nakhodanya?", long_article, ())
    read = [len(reader.read([passage], of=count)[0].support) for count in (1, 2, 4, 40)]
    assert read[0] > 1.3 * read[1]
    assert read[1] >= read[2] == read[3] > 1


def test_a_short_article_is_read_whole(harbour, reader):
    reading = reader.read([Passage("Siapa yang membuka pelabuhan?", harbour, ())])[0]
    assert reading.support.keys() == set(range(len(harbour.sentences)))


def test_one_sentence_too_long_for_the_window_is_read_all_the_same(reader):
    article = Article.of("kata " * 2_000, id="a")
    assert reader.read([Passage("Apa?", article, (0,))])[0].support


def test_nothing_to_read_is_no_mistake(reader):
    assert reader.read([]) == []


def test_the_reader_is_loaded_once():
    assert load_reader() is load_reader()
