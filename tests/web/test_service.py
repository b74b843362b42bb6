import re
import threading

from qa_service.answerer import answer_question
from qa_service.errors import UnreadableModel
from qa_service.settings import Settings
from qa_service.web import create_app

QUESTION = {"question": "Siapa membuka Pelabuhan Sejati?", "article_id": "harbour"}


def count(metrics, name):
    found = re.search(rf"^{re.escape(name)} ([\d.]+)", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_question_that_was_asked_before_is_not_read_again(client, monkeypatch):
    first = client.post("/api/ask", json=QUESTION).json

    def fail(*_args, **_options):
        raise AssertionError("it was read again")

    monkeypatch.setattr("qa_service.web.service.answer_question", fail)
    assert client.post("/api/ask", json=QUESTION).json == first


def test_what_differs_in_anything_is_another_question(client):
    histories: list[list[str]] = [[], ["Siapa membuka Pelabuhan Sejati?"], ["Siapa membuka jalan?"]]
    resolved = [
        client.post("/api/ask", json={"question": "Kapan?", "history": history}).json[
            "resolved_question"
        ]
        for history in histories
    ]
    assert len(set(resolved)) == 3
    texts = ["Rahmi datang kemarin.", "Rahmi datang lusa."]
    quotes = [
        client.post("/api/ask", json={"question": "Kapan Rahmi datang?", "text": text}).json[
            "quotes"
        ][0]["text"]
        for text in texts
    ]
    assert quotes == texts


def test_answers_and_look_ups_are_counted(client):
    before = client.get("/metrics").text
    for _ in range(2):
        client.post("/api/ask", json=QUESTION)
    after = client.get("/metrics").text
    for name, more in [
        ('qa_service_asks_total{kind="who",outcome="found"}', 2),
        ('qa_service_cache_total{cache="answers",outcome="hit"}', 1),
        ('qa_service_cache_total{cache="answers",outcome="miss"}', 1),
        ('qa_service_questions_total{language="id",outcome="answered"}', 2),
    ]:
        assert count(after, name) - count(before, name) == more
    assert "qa_service_build_info{" in after


def test_where_too_many_wait_the_next_is_told_when_to_come_back(make_client, monkeypatch):
    client = make_client(max_waiting=1)
    inside, leave = threading.Event(), threading.Event()

    def answer(*args, **options):
        inside.set()
        leave.wait(10)
        return answer_question(*args, **options)

    monkeypatch.setattr("qa_service.web.service.answer_question", answer)
    first = threading.Thread(target=client.post, args=("/api/ask",), kwargs={"json": QUESTION})
    first.start()
    try:
        assert inside.wait(10)
        other = QUESTION | {"question": "Kapan kapal pertama tiba?"}
        reply = client.application.test_client().post("/api/ask", json=other)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
        assert "1 requests are in hand" in reply.json["detail"]
        # What needs no reading is told all the same.
        unknown = QUESTION | {"article_id": "nowhere"}
        assert client.application.test_client().post("/api/ask", json=unknown).status_code == 404
    finally:
        leave.set()
        first.join(10)


def test_what_the_page_opens_with_is_found_before_anybody_comes(make_client, monkeypatch):
    def open_page(client):
        return [client.get("/", headers={"Accept-Language": each}).text for each in ("id", "en")]

    expected = open_page(make_client())
    client = make_client(max_waiting=1)
    client.application.extensions["qa-service"].foresee(threading.Event())

    def fail(*_args, **_options):
        raise AssertionError("a visitor waits for it")

    monkeypatch.setattr("qa_service.web.service.suggest_questions", fail)
    assert open_page(client) == expected


def test_where_there_is_no_article_nothing_is_foreseen(make_client, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    client = make_client(articles=empty)
    client.application.extensions["qa-service"].foresee(threading.Event())
    assert client.get("/").status_code == 200


def test_where_there_is_no_reader_nothing_is_foreseen(make_client, monkeypatch):
    def fail(**_options):
        raise UnreadableModel("it is damaged")

    monkeypatch.setattr("qa_service.web.service.load_reader", fail)
    client = make_client()
    client.application.extensions["qa-service"].foresee(threading.Event())
    assert client.get("/").status_code == 503


def test_what_is_foreseen_is_left_off_when_the_service_stops(make_client, folder, monkeypatch):
    def fail(*_args, **_options):
        raise AssertionError("it is found all the same")

    stop, go_on = threading.Event(), threading.Event()
    stop.set()
    monkeypatch.setattr("qa_service.web.service.suggest_questions", fail)
    make_client().application.extensions["qa-service"].foresee(stop)
    # While the articles are being read, too.
    monkeypatch.setattr("qa_service.folder.Folder.read", lambda _folder: go_on.wait(30) and [])
    try:
        create_app(Settings(articles=folder)).extensions["qa-service"].foresee(stop)
        assert not go_on.is_set()
    finally:
        go_on.set()
