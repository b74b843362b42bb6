"""What the page says, one file a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import request

from qa_service.languages import CODES

_FOLDER = Path(__file__).parent / "texts"


def choose_language() -> str:
    """Return the page's language: the first that the browser asks for and that the page has."""
    return request.accept_languages.best_match(CODES) or CODES[0]


@cache
def page_texts(code: str) -> Mapping[str, str]:
    """Return the page's texts in a language, by name."""
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
