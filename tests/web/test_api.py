import json
import os
import time
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_service.text import is_blank
from qa_service.web.api import MAX_BODY
from qa_service.web.schemas import AskReply, Problem
from tests.conftest import HARBOUR

FLAGSHIP = "Siapa bertemu siapa, di mana, dan kapan?"


def check_problem(response, status):
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = Problem.model_validate_json(response.data)
    assert problem.status == status
    return problem


def test_a_question_is_answered_with_verbatim_quotes(client):
    asked = {"question": "Siapa yang membuka Pelabuhan Sejati?", "article_id": "harbour"}
    reply = client.post("/api/ask", json=asked).json
    assert list(reply) == [
        "question",
        "resolved_question",
        "language",
        "answered",
        "answer",
        "confidence",
        "missing",
        "missing_labels",
        "parts",
        "quotes",
    ]
    assert reply["answered"]
    assert reply["answer"] == reply["parts"][0]["text"]
    assert "Rahmi Hasanah" in reply["answer"]
    text = client.get("/api/articles/harbour").json["text"]
    assert text == HARBOUR
    for span in (*reply["quotes"], *reply["parts"]):
        assert text[span["start"] : span["end"]] == span["text"]
    scores = [quote["score"] for quote in reply["quotes"] if quote["sentence"] > 0]
    assert scores == sorted(scores, reverse=True)


def test_what_the_articles_do_not_say_is_refused_in_the_question_s_language(client):
    reply = client.post(
        "/api/ask", json={"question": "Who won the match?", "article_id": "harbour"}
    ).json
    assert (reply["answered"], reply["confidence"], reply["parts"]) == (False, 0, [])
    assert reply["answer"] == "The article does not say."
    assert (reply["missing"], reply["missing_labels"]) == (["who"], ["Who"])


def test_without_an_article_all_are_asked(client):
    for question, article in [
        ("Berapa biaya pelabuhan itu?", "harbour"),
        ("How many books?", "village"),
    ]:
        assert (
            client.post("/api/ask", json={"question": question}).json["quotes"][0]["article_id"]
            == article
        )


def test_a_follow_up_is_resolved_by_the_history(client):
    asked = {
        "question": "Kapan?",
        "history": ["Siapa membuka Pelabuhan Sejati?"],
        "article_id": "harbour",
    }
    reply = client.post("/api/ask", json=asked).json
    assert (reply["question"], reply["resolved_question"]) == (
        "Kapan?",
        "Kapan membuka Pelabuhan Sejati?",
    )
    assert reply["answered"]


def test_an_own_text_is_asked_and_not_kept_in_the_library(client):
    text = "Judul\r\n\r\nRahmi 😀 bertemu\tAmir di\r\nBandung."
    reply = client.post("/api/ask", json={"question": FLAGSHIP, "text": text}).json
    quote = reply["quotes"][0]
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert [each["id"] for each in client.get("/api/articles").json] == ["harbour", "village"]


def test_null_is_as_good_as_absent(client):
    asked = {"question": "Siapa Rahmi?", "article_id": None, "text": None}
    assert client.post("/api/ask", json=asked).json["answered"]


@pytest.mark.parametrize(
    ("asked", "field", "detail"),
    [
        ({}, "question", "it is missing"),
        ({"question": ""}, "question", "it is empty"),
        ({"question": " \t\n"}, "question", "blank"),
        ({"question": "\u200b\ufeff"}, "question", "blank"),
        ({"question": "x" * 501}, "question", "501 characters; at most 500"),
        ({"question": 5}, "question", "a number; it must be a string"),
        ({"question": None}, "question", "null; it must be a string"),
        ({"question": ["Siapa?"]}, "question", "a list; it must be a string"),
        ({"question": "Siapa?", "history": "Kapan?"}, "history", "a string; it must be a list"),
        ({"question": "Siapa?", "history": ["Kapan?"] * 21}, "history", "21 entries; at most 20"),
        (
            {"question": "Siapa?", "history": ["x" * 501]},
            "history.0",
            "501 characters; at most 500",
        ),
        ({"question": "Siapa?", "history": [5]}, "history.0", "a number; it must be a string"),
        ({"question": "Siapa?", "article_id": 5}, "article_id", "a number; it must be a string"),
        ({"question": "Siapa?", "article_id": "a", "text": "b"}, "the request", "both given"),
        ({"question": "Siapa?", "text": 5}, "text", "a number; it must be a string"),
        ({"question": "Siapa?", "artikel": "a"}, "artikel", "there is no such field"),
        ([], "the request", "an object"),
        ("Siapa?", "the request", "an object"),
    ],
)
def test_a_wrong_field_is_named(client, asked, field, detail):
    problem = check_problem(client.post("/api/ask", json=asked), 422)
    assert problem.errors[0].field == field
    assert detail in problem.errors[0].detail
    assert detail in problem.detail


@pytest.mark.parametrize(
    ("accepted", "code", "said"),
    [
        (None, "en", "question: it has 1,001 characters; at most 500 are allowed"),
        ("*", "en", "question: it has 1,001 characters; at most 500 are allowed"),
        ("fr, id;q=0", "en", "question: it has 1,001 characters; at most 500 are allowed"),
        ("id-ID, en;q=0.5", "id", "question: panjangnya 1.001 karakter; paling banyak 500"),
    ],
)
def test_a_problem_is_said_in_the_language_that_is_asked_for(client, accepted, code, said):
    headers = {} if accepted is None else {"Accept-Language": accepted}
    reply = client.post("/api/ask", json={"question": "x" * 1001}, headers=headers)
    assert check_problem(reply, 422).detail == said
    assert reply.headers["Content-Language"] == code
    assert "Accept-Language" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/api/nothing", "Alamat ini tidak ada."),
        ("GET", "/api/ask", "Alamat ini tidak menerima metode itu."),
        ("GET", "/api/articles/x", "tidak ada artikel dengan id 'x'; yang ada: "),
        ("POST", "/api/ask", "Jenis isinya harus application/json; yang dikirim: tidak ada."),
    ],
)
def test_what_a_program_does_wrong_is_said_in_indonesian_too(client, method, path, said):
    reply = client.open(path, method=method, headers={"Accept-Language": "id"})
    assert reply.json["detail"].startswith(said)


@pytest.mark.parametrize(
    "body", [b"", b"x", b"{", b'{"question": "\\ud800"}', b'{"question": "\xff"}', b"[" * 10_000]
)
def test_what_is_not_json_is_refused(client, body):
    problem = check_problem(
        client.post("/api/ask", data=body, content_type="application/json"), 400
    )
    assert "not JSON" in problem.detail


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused(client, kind):
    problem = check_problem(
        client.post("/api/ask", data='{"question": "Siapa?"}', content_type=kind), 415
    )
    assert "application/json" in problem.detail


def test_a_charset_beside_the_content_type_is_fine(client):
    kind = "application/json; charset=utf-8"
    assert (
        client.post("/api/ask", data='{"question": "Siapa?"}', content_type=kind).status_code == 200
    )


def test_an_unknown_article_is_named(client):
    asked = client.post("/api/ask", json={"question": "Siapa?", "article_id": "nowhere"})
    assert "'nowhere'" in check_problem(asked, 404).detail
    assert "'nowhere'" in check_problem(client.get("/api/articles/nowhere"), 404).detail


def test_another_address_or_method_is_refused(client):
    check_problem(client.get("/api/nothing"), 404)
    response = client.get("/api/ask")
    check_problem(response, 405)
    assert "POST" in response.headers["Allow"]


def test_a_text_or_a_body_over_the_limit_is_too_large(client):
    text = client.post("/api/ask", json={"question": "Siapa?", "text": "x" * 300_000})
    assert "300,000 characters; at most 200,000" in check_problem(text, 413).detail
    body = client.post("/api/ask", data=b" " * (MAX_BODY + 1), content_type="application/json")
    assert f"{MAX_BODY:,} bytes" in check_problem(body, 413).detail


def test_a_body_in_chunks_is_limited_too(client):
    body = BytesIO(b" " * (MAX_BODY + 100_000))
    response = client.post(
        "/api/ask",
        input_stream=body,
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    check_problem(response, 413)


def test_the_largest_request_within_the_limits_is_taken(client):
    asked = {"question": "😀" * 500, "history": ["😀" * 500] * 20, "text": "😀" * 200_000}
    body = json.dumps(asked)
    assert len(body) > 2_000_000
    response = client.post("/api/ask", data=body, content_type="application/json")
    assert response.status_code == 200


@pytest.mark.parametrize("text", ["", " ", "kapal", "kata " * 40_000, "😀" * 1_000, "…"])
def test_any_text_gets_a_reply(client, text):
    response = client.post("/api/ask", json={"question": "Kapan kapal tiba?", "text": text})
    assert response.status_code == 200
    assert not response.json["answered"]


def test_too_many_questions_are_told_when_to_go_on(make_client):
    client = make_client(rate_limit="2/minute")
    for _ in range(2):
        assert client.post("/api/ask", json={"question": "Siapa?"}).status_code == 200
    response = client.post("/api/ask", json={"question": "Siapa?"})
    check_problem(response, 429)
    assert 0 < int(response.headers["Retry-After"]) <= 61
    assert client.get("/?question=Siapa").status_code == 429
    for free in ("/", "/?question=", "/api/articles"):
        assert client.get(free).status_code == client.head(free).status_code == 200


def test_a_score_is_never_written_as_nothing(client):
    text = "Kapal tiba. " * 16_000
    reply = client.post("/api/ask", json={"question": "Kapan kapal tiba?", "text": text})
    assert all(quote["score"] > 0 for quote in reply.json["quotes"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.text(min_size=1, max_size=100), text=st.text(max_size=300))
def test_a_reply_survives_a_round_trip_and_its_quotes_are_exact(client, question, text):
    response = client.post("/api/ask", json={"question": question, "text": text})
    if is_blank(question):
        check_problem(response, 422)
        return
    reply = AskReply.model_validate_json(response.data)
    assert AskReply.model_validate_json(reply.model_dump_json()) == reply
    assert all(text[q.start : q.end] == q.text for q in reply.quotes)


def test_the_library_is_listed(client):
    unknown = {"author": None, "date": None, "url": None}
    assert client.get("/api/articles").json == [
        {
            "id": "harbour",
            "title": "Pelabuhan Sejati Resmi Dibuka",
            "language": "id",
            "sentences": 5,
            "origin": unknown,
        },
        {
            "id": "village",
            "title": "Village Library Opens",
            "language": "en",
            "sentences": 3,
            "origin": unknown,
        },
    ]


def test_an_article_is_shown_with_its_sentences_and_questions_it_answers(client):
    article = client.get("/api/articles/harbour").json
    assert len(article["sentences"]) == 5
    assert article["suggestions"]
    for question in article["suggestions"]:
        asked = {"question": question, "article_id": "harbour"}
        assert client.post("/api/ask", json=asked).json["answered"]


def test_an_unexpected_error_is_a_problem_that_keeps_the_question_out_of_the_log(
    client, monkeypatch, caplog
):
    def fail(*_args, **_kwargs):
        raise RuntimeError("rahasia")

    monkeypatch.setattr("qa_service.web.service.answer_question", fail)
    problem = check_problem(client.post("/api/ask", json={"question": "rahasia"}), 500)
    assert "rahasia" not in problem.detail + caplog.text
    assert "RuntimeError" in caplog.text


def test_follow_ups_are_answered_and_tell_something_new(client):
    asked = {"question": "Siapa yang membuka Pelabuhan Sejati?", "article_id": "harbour"}
    first = client.post("/api/ask", json=asked).json
    suggested = client.post("/api/follow-ups", json=asked).json["suggestions"]
    assert suggested
    for question in suggested:
        follow_up = {**asked, "question": question, "history": [asked["question"]]}
        reply = client.post("/api/ask", json=follow_up).json
        assert reply["answered"]
        assert not {p["text"] for p in reply["parts"]} & {p["text"] for p in first["parts"]}


def test_after_a_refusal_and_a_question_with_a_full_history_follow_ups_are_no_failure(client):
    asked = {"question": "Siapa raja Bergen?", "article_id": "harbour"}
    assert client.post("/api/follow-ups", json=asked).json == {"suggestions": []}
    full = {"question": "Siapa yang membuka pelabuhan?", "history": ["Apa?"] * 20}
    assert client.post("/api/follow-ups", json=full).status_code == 200


def test_an_article_comes_without_suggestions_where_none_are_wanted(client):
    article = client.get("/api/articles/harbour?suggestions=false").json
    assert article["suggestions"] == []
    assert article["sentences"]
    problem = client.get("/api/articles/harbour?suggestions=maybe")
    assert problem.status_code == 422
    assert problem.json["errors"][0]["field"] == "suggestions"


def test_a_change_of_the_folder_is_answered_from_without_a_restart(
    make_client, folder, monkeypatch
):
    monkeypatch.setattr("qa_service.web.service._LOOK_SECONDS", 0.05)
    client = make_client()
    asked = {"question": "Siapa nakhoda kapal biru?"}
    assert not client.post("/api/ask", json=asked).json["answered"]
    path = folder / "kapal.txt"
    path.write_text("Kapal Biru\n\nNakhoda kapal biru itu Sari Wulandari.\n", encoding="utf-8")
    os.utime(path, (time.time() - 5,) * 2)
    deadline = time.monotonic() + 20
    while len(client.get("/api/articles").json) < 3:
        assert time.monotonic() < deadline
        assert client.get("/api/articles/harbour").status_code == 200
    # What was asked before isn't answered from memory.
    reply = client.post("/api/ask", json=asked).json
    assert reply["parts"][0]["text"] == "Sari Wulandari"
    assert reply["quotes"][0]["title"] == "Kapal Biru"
