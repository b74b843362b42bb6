from io import BytesIO

import pytest

from qa_service.extraction import MAX_FILE
from tests.extraction.files import NASTY, make_docx


def send(client, data, name, **query):
    # werkzeug's client would put a large body on the disk.
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return client.post(
        "/api/extract",
        data=head.encode() + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        query_string=query,
    )


def test_a_file_s_article_is_read_and_can_be_asked(client):
    data = make_docx(
        "Bupati Sari Wulandari membuka jembatan di Desa Tirta pada Senin.",
        title="Jembatan 🌉 Dibuka",
        author="Dewi",
        table=True,
    )
    reply = send(client, data, "berita.docx").json
    assert reply["title"] == "Jembatan 🌉 Dibuka"
    assert reply["language"] == "id"
    assert reply["origin"] == {"author": "Dewi", "date": None, "url": None}
    assert reply["lost"] == [{"what": "tables", "count": 1}]
    text = reply["text"]
    assert [text[s["start"] : s["end"]] for s in reply["sentences"]] == text.split("\n\n")
    assert [text[p["start"] : p["end"]] for p in reply["paragraphs"]] == text.split("\n\n")
    asked = {"question": "Siapa yang membuka jembatan?", "text": text}
    part = client.post("/api/ask", json=asked).json["parts"][0]
    assert text[part["start"] : part["end"]] == part["text"] == "Sari Wulandari"


def test_questions_are_suggested_in_the_language_asked_for(client):
    data = b"Library Opens\n\nMayor Ruth Calder said that the library will stay open on Sundays."
    questions = send(client, data, "a.txt", language="id").json["suggestions"]
    assert questions
    assert all(question.startswith(("Siapa", "Apa")) for question in questions)
    problem = send(client, data, "a.txt", language="fr")
    assert problem.status_code == 422
    assert problem.json["errors"][0]["field"] == "language"


@pytest.mark.parametrize("name", ["text.pdf", "zip-bomb.docx", "cut.pdf", "latin.txt", "virus.exe"])
def test_a_file_that_can_not_be_read_is_a_problem(client, name):
    data, message = NASTY[name]
    response = send(client, data, name)
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert response.json["errors"][0]["field"] == "file"
    assert message in response.json["detail"]


def test_what_is_wrong_with_a_file_is_said_in_the_language_that_is_asked_for(client):
    data, _ = NASTY["text.pdf"]
    body = {"file": (BytesIO(data), "text.pdf")}
    response = client.post("/api/extract", data=body, headers={"Accept-Language": "id"})
    assert response.json["detail"] == (
        "Berkas tidak dapat dibaca: menurut namanya ini PDF, tetapi isinya teks biasa."
    )
    assert response.headers["Content-Language"] == "id"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("size", [MAX_FILE + 1, MAX_FILE + 1_000_000])
def test_a_file_over_the_limit_is_too_large(client, size):
    response = send(client, b"x" * size, "a.txt")
    assert response.status_code == 413
    assert response.json["detail"] == "The file is larger than 5,000,000 bytes."


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"data": {"other": "x"}}, 422, "file: it is missing"),
        ({"data": {}, "content_type": "multipart/form-data"}, 422, "file: it is missing"),
        ({"json": {}}, 415, "must be multipart/form-data"),
        ({"data": b"x"}, 415, "it is none"),
    ],
)
def test_a_request_without_a_file_says_what_would_be_right(client, body, status, said):
    if "content_type" not in body and isinstance(body.get("data"), dict):
        body = {**body, "content_type": "multipart/form-data"}
    response = client.post("/api/extract", **body)
    assert response.status_code == status
    assert said in response.json["detail"]


def test_a_file_is_never_on_the_disk(client, monkeypatch):
    def fail(*_args, **_kwargs):
        raise AssertionError("a file is written")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", fail)
    text = "Kapal tiba. " * 16_000
    assert send(client, text.encode(), "a.txt").json["text"] == text
