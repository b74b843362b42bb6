"""What the page says, one file a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import request

from qa_service.languages import CODES, language

_FOLDER = Path(__file__).parent / "texts"


# The name of the field in the address, and of the cookie that keeps it.
LANGUAGE = "language"


def choose_language() -> str:
    """Return the page's language: the one chosen, else the first that the browser asks for."""
    for chosen in (request.args.get(LANGUAGE), request.cookies.get(LANGUAGE)):
        if chosen in CODES:
            return chosen
    return accepted_language() or CODES[0]


def accepted_language() -> str | None:
    """Return the language that ``Accept-Language`` prefers of those known, in whatever country."""
    for tag, quality in request.accept_languages:
        code = tag.partition("-")[0].lower()
        if code in CODES and quality > 0:
            return code
    return None


@cache
def page_texts(code: str) -> Mapping[str, Any]:
    """Return the page's texts in a language, by name."""
    texts = tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    return texts | {"closest": language(code).phrases.nearest}
