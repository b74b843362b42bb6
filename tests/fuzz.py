"""Ask all kinds of questions of all kinds of texts; whatever they are, offsets must be verbatim.

python -m tests.fuzz --minutes 10

Texts are made of characters of all of Unicode, of words and names as news has them, of quotation
marks and brackets that don't match, of long words and of line ends of every kind.
"""

import argparse
import random
import time
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from qa_service.settings import Settings
from qa_service.web import create_app
from qa_service.web.schemas import MAX_QUESTION, AskReply, Problem

_WORDS = """
Rahmi Hasanah Ia itu bertemu membuka di pada dan, dengan Bandung Senin (3/2/2025) Rp1.250.000 10.30
WIB. Dr. H. S.H., dll. “Kami” "ya " ( [ — … ? ! . ; 🚢 👩‍👩‍👧 é é ﷺ مرحبا שלום 漢字
who met whom where when siapa kapan berapa mengapa apakah
"""
_ODD = "\u200b \u202e \ufeff \x00 \r \r\n \n\n \u2028 \t \u0301"
_PIECES = st.one_of(
    st.sampled_from(_WORDS.split()),
    st.sampled_from(_ODD.split(" ")),
    st.text(max_size=20),
    st.characters(),
    st.builds(lambda c, n: c * n, st.characters(), st.integers(1, 2_000)),
)
TEXTS = st.lists(_PIECES, max_size=60).map(" ".join)
QUESTIONS = (
    st.lists(_PIECES, min_size=1, max_size=12).map(" ".join).map(lambda text: text[:MAX_QUESTION])
)


class Checker:
    """Asks the endpoint, in this process, and checks what it replies."""

    def __init__(self) -> None:
        app = create_app(Settings(rate_limit="1000000/second"))
        assert app.extensions["qa-service"].wait(timeout_seconds=30)
        self._client = app.test_client()
        self.statuses: dict[int, int] = {}

    def check(self, question: str, history: list[str], text: str) -> None:
        """Ask; fail where the reply is no answer, no refusal and no clear error."""
        asked: dict[str, Any] = {"question": question, "history": history, "text": text}
        response = self._client.post("/api/ask", json=asked)
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        if response.status_code != 200:
            # What JSON can't hold, and a blank question.
            assert response.status_code in (400, 422), response.text
            assert Problem.model_validate_json(response.data).detail
            return
        reply = AskReply.model_validate_json(response.data)
        for quote in reply.quotes:
            assert text[quote.start : quote.end] == quote.text
        for part in reply.parts:
            assert text[part.start : part.end] == part.text
            quote = reply.quotes[part.quote]
            assert quote.start <= part.start < part.end <= quote.end
        assert reply.answered == bool(reply.parts)


def main() -> None:
    """Go on for so many minutes, or until something fails."""
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--minutes", type=float, default=10)
    end = time.monotonic() + 60 * cli.parse_args().minutes
    checker = Checker()
    while time.monotonic() < end:
        run = random.getrandbits(32)

        @seed(run)
        @settings(
            max_examples=200,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(QUESTIONS, st.lists(QUESTIONS, max_size=3), TEXTS)
        def ask(question: str, history: list[str], text: str) -> None:
            checker.check(question, history, text)

        ask()
    total = sum(checker.statuses.values())
    print(f"{total:,} questions asked, nothing failed; by status: {checker.statuses}")


if __name__ == "__main__":
    main()
