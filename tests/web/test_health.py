import threading

from qa_service.settings import Settings
from qa_service.web import create_app


def test_the_service_says_that_it_lives_and_is_ready(client):
    assert client.get("/livez").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_while_the_articles_are_read_questions_are_put_off(folder, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr("qa_service.folder.Folder.read", lambda _folder: go_on.wait(10) and [])
    client = create_app(Settings(articles=folder)).test_client()
    try:
        for response in [
            client.get("/readyz"),
            client.post("/api/ask", json={"question": "Siapa?"}),
            client.get("/api/articles"),
            client.get("/"),
        ]:
            assert response.status_code == 503
            assert response.content_type == "application/problem+json"
            assert response.headers["Retry-After"] == "1"
        assert client.get("/livez").status_code == 200
        # Who opens the page too soon need do nothing but wait.
        page = client.get("/", headers={"Accept": "text/html", "Accept-Language": "id"})
        assert page.status_code == 503
        assert "Artikel masih dibaca; coba lagi sebentar." in page.text
        assert '<meta http-equiv="refresh" content="1">' in page.text
    finally:
        go_on.set()


def test_a_folder_without_articles_is_served_for_own_texts(make_client, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    client = make_client(articles=empty)
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 200
    reply = client.post("/api/ask", json={"question": "Siapa Rahmi?"}).json
    assert not reply["answered"]


def test_metrics_count_questions_and_never_tell_them(client):
    client.post("/api/ask", json={"question": "Siapa rahasiawan?"})
    metrics = client.get("/metrics").text
    assert 'qa_service_questions_total{language="id",outcome="refused"}' in metrics
    assert 'qa_service_requests_total{endpoint="api.ask",status="200"}' in metrics
    assert "qa_service_question_seconds_count" in metrics
    assert "rahasiawan" not in metrics


def test_every_reply_forbids_foreign_and_inline_scripts(client):
    for path in ["/", "/docs", "/api/articles", "/nothing", "/static/page.js"]:
        with client.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
