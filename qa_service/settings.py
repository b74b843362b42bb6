"""The settings: one table, read from ``QA_SERVICE_…`` variables and flags of the same names."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from limits import parse_many

from qa_service.errors import InvalidSetting
from qa_service.resources import shipped_folder

PREFIX = "QA_SERVICE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, checked.

    :raises InvalidSetting: a value is out of its range or does not exist.
    """

    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=8000, metadata={"help": "port to listen on; 0 takes a free one"})
    workers: int = field(default=2, metadata={"help": "processes that answer"})
    articles: Path | None = field(
        default=None,
        metadata={"help": "folder of articles, UTF-8 *.txt files (default: the seed article)"},
    )
    rate_limit: str = field(
        default="120/minute",
        metadata={"help": "questions a client may ask, counted by each worker"},
    )

    threshold: float | None = field(
        default=None,
        metadata={
            "help": "confidence, 0 to 1, under which nothing is answered (default: the reader's)"
        },
    )
    reader_threads: int = field(
        default=2, metadata={"help": "processor cores that a worker reads a question with"}
    )

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise InvalidSetting(_complain("host", self.host, "an address such as 127.0.0.1"))
        if not 0 <= self.port <= 65_535:
            raise InvalidSetting(_complain("port", self.port, "a number from 0 to 65535"))
        if not 1 <= self.workers <= 64:
            raise InvalidSetting(_complain("workers", self.workers, "a number from 1 to 64"))
        if self.articles is not None and not self.articles.is_dir():
            raise InvalidSetting(_complain("articles", self.articles, "a folder that exists"))
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise InvalidSetting(_complain("threshold", self.threshold, "a number from 0 to 1"))
        if not 1 <= self.reader_threads <= 64:
            right = "a number from 1 to 64"
            raise InvalidSetting(_complain("reader_threads", self.reader_threads, right))
        try:
            positive = all(limit.amount > 0 for limit in parse_many(self.rate_limit))
        except ValueError:
            positive = False
        if not positive:
            right = "a limit over 0, such as 120/minute or 2/second"
            raise InvalidSetting(_complain("rate_limit", self.rate_limit, right))

    @classmethod
    def load(cls, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Self:
        """Read the settings: a flag that is given, else a variable that is set, else the default.

        :raises InvalidSetting: a value can't be read, or is out of its range.
        """
        values: dict[str, Any] = {}
        for entry in dataclasses.fields(cls):
            given = flags.get(entry.name)
            written = environ.get(PREFIX + entry.name.upper())
            if given is not None:
                values[entry.name] = given
            elif written:
                values[entry.name] = _read(entry.name, entry.type, written)
        return cls(**values)

    @property
    def articles_folder(self) -> Path:
        """The folder of articles: the one set, else the seed article's."""
        return shipped_folder("seeds") if self.articles is None else self.articles


def _read(name: str, kind: Any, written: str) -> Any:
    for number, right in ((int, "a whole number"), (float, "a number")):
        if kind in (number, number | None):
            try:
                return number(written)
            except ValueError:
                raise InvalidSetting(_complain(name, written, right)) from None
    return written if kind is str else Path(written)


def _complain(name: str, value: object, right: str) -> str:
    flag = name.replace("_", "-")
    return f"{PREFIX}{name.upper()} (--{flag}) is {str(value)!r}; it must be {right}"
