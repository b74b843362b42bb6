"""What comes out of a file."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_TEXT = 200_000
"""Characters that an article may have."""
_MAX_ABOUT = 300


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Lost(_Model):
    """What of a file is not in its text: images, tables, code, or pages without text."""

    what: str
    count: int


_About = Annotated[str | None, Field(max_length=_MAX_ABOUT)]


class Extracted(_Model):
    """The text of a file, what the file says of it, and what was lost.

    ``text`` begins with ``title``, a paragraph of its own, where the file has one.
    """

    text: str
    title: str | None = None
    author: _About = None
    date: _About = None
    url: _About = None
    lost: tuple[Lost, ...] = ()


def put_together(
    paragraphs: Sequence[str],
    *,
    title: object = None,
    author: object = None,
    date: object = None,
    url: object = None,
    lost: dict[str, int] | None = None,
) -> Extracted:
    """Join ``paragraphs`` by blank lines, under the title."""
    title = _clean(title)
    kept = [_mend(paragraph.strip()) for paragraph in paragraphs if paragraph.strip()]
    if title and (not kept or " ".join(kept[0].split("\n")[0].split()) != title):
        kept.insert(0, title)
    return Extracted(
        text="\n\n".join(kept),
        title=title,
        author=_clean(author),
        date=_clean(date),
        url=_clean(url),
        lost=tuple(Lost(what=what, count=count) for what, count in (lost or {}).items() if count),
    )


def _mend(text: str) -> str:
    """Return a text that can be written as UTF-8: halves of a character are replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean(said: object) -> str | None:
    """Return what a file says of itself in one line; nothing if it is empty or far too long."""
    line = "" if said is None else " ".join(_mend(str(said)).split())
    return line if 0 < len(line) <= _MAX_ABOUT else None
