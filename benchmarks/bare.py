"""The peer of the load run: Flask, sentence-splitter and rank-bm25, as in their own examples.

It prints its address and serves POST /api/ask with two workers, as our service does.
"""

import os
from pathlib import Path
from typing import Any

from flask import Flask, request
from gunicorn.app.base import BaseApplication
from rank_bm25 import BM25Okapi
from sentence_splitter import SentenceSplitter

_SEEDS = Path(__file__).parent.parent / "seeds"


def create_app() -> Flask:
    """Index the seed article; answer a question by its three best sentences."""
    app = Flask("bare")
    text = next(_SEEDS.glob("*.txt")).read_text(encoding="utf-8")
    sentences = [s for s in SentenceSplitter(language="en").split(text) if s]
    index = BM25Okapi([sentence.lower().split() for sentence in sentences])

    @app.post("/api/ask")
    def ask() -> dict[str, Any]:
        asked = request.get_json()
        return {"quotes": index.get_top_n(asked["question"].lower().split(), sentences, n=3)}

    return app


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def load_config(self) -> None:
        self.cfg.set("bind", "127.0.0.1:0")
        self.cfg.set("workers", 2)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("when_ready", _announce)

    def load(self) -> Flask:
        return create_app()


def _announce(server: Any) -> None:
    for listener in server.LISTENERS:
        print(f"bare app at {listener}", flush=True)


if __name__ == "__main__":
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    _Server().run()
