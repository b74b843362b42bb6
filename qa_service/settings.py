"""The settings: one table, read from ``QA_SERVICE_…`` variables and flags of the same names."""

import dataclasses
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

import regex
from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from qa_service.errors import InvalidSetting
from qa_service.resources import shipped_folder

PREFIX = "QA_SERVICE_"
_DIGEST = regex.compile(r"[0-9a-f]{64}")
_HOST = regex.compile(r"[a-z0-9.-]+")
_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _setting(
    default: Any,
    help: str,
    *,
    check: Callable[[Any], bool] | None = None,
    between: tuple[int, int] | None = None,
    right: str = "",
    absent: str = "",
    secret: bool = False,
) -> Any:
    """Declare a setting: what it is for, whether a value is allowed, and which would be right.

    A number can be ``between`` two others, which says both. ``absent`` says what holds where there
    is no default; no message repeats a value that is ``secret``.
    """
    if between is not None:
        least, most = between
        check, right = (lambda value: least <= value <= most), f"a number from {least} to {most}"
    about = {"help": help, "check": check, "right": right, "absent": absent, "secret": secret}
    return field(default=default, metadata=about)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # Such as one that may not be looked into.
        return False


def _is_limit(written: str) -> bool:
    try:
        return all(limit.amount > 0 for limit in parse_many(written))
    except ValueError:
        return False


def _is_storage(written: str) -> bool:
    try:
        # Nothing is connected to yet; a client that isn't installed is told here, too.
        storage_from_string(written)
    except (ConfigurationError, ValueError):
        return False
    return True


def _write_origin(parts: SplitResult) -> str | None:
    """Return the origin of an address as a browser writes it; none if it has no plain host."""
    if _HOST.fullmatch(parts.hostname or "") is None:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _is_origin(written: str) -> bool:
    try:
        parts = urlsplit(written)
        return parts.scheme in ("http", "https") and written == _write_origin(parts)
    except ValueError:
        return False


def _are(check: Callable[[str], bool]) -> Callable[[tuple[str, ...]], bool]:
    return lambda values: all(map(check, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, checked.

    :raises InvalidSetting: a value is out of its range or does not exist.
    """

    host: str = _setting(
        "127.0.0.1",
        "address to listen on",
        check=lambda host: bool(host.strip()),
        right="an address such as 127.0.0.1",
    )
    port: int = _setting(
        8000,
        "port to listen on; 0 takes a free one",
        between=(0, 65_535),
    )
    workers: int = _setting(
        2,
        "processes that answer",
        between=(1, 64),
    )
    articles: Path | None = _setting(
        None,
        "folder of articles: .txt, .md, .html, .pdf, .docx, in folders below, too; it is watched",
        check=_is_folder,
        right="a folder that exists",
        absent="the seed article",
    )
    threshold: float | None = _setting(
        None,
        "confidence, 0 to 1, under which nothing is answered",
        between=(0, 1),
        absent="the reader's",
    )
    reader_threads: int = _setting(
        2,
        "processor cores that a worker reads a question with",
        between=(1, 64),
    )
    max_waiting: int = _setting(
        16,
        "questions that a worker takes in hand at once; any more get 503",
        between=(1, 1_000),
    )
    receive_seconds: int = _setting(
        20,
        "seconds that a client may take to send a request, from its first byte on",
        between=(1, 600),
    )
    rate_limit: str = _setting(
        "120/minute",
        "questions that a client may ask; in memory, each worker counts for itself",
        check=_is_limit,
        right="a limit over 0, such as 120/minute or 2/second",
    )
    rate_limit_storage: str = _setting(
        "memory://",
        "where the questions of a client are counted; redis://HOST:PORT counts for all workers and "
        "machines, and needs the extra `redis`",
        check=_is_storage,
        right="memory:// or, with pip install 'qa-service[redis]', redis://HOST:PORT",
        secret=True,
    )
    trusted_hops: int = _setting(
        0,
        "proxies in front whose X-Forwarded-For and -Proto are believed",
        between=(0, 10),
    )
    api_keys: tuple[str, ...] = _setting(
        (),
        "SHA-256 hashes of the keys of which a request must carry one; `qa-service key` makes them",
        check=_are(lambda digest: _DIGEST.fullmatch(digest) is not None),
        right="hashes of 64 hexadecimal digits in small letters, as `qa-service key` prints them",
        absent="none is asked for",
        secret=True,
    )
    cors_origins: tuple[str, ...] = _setting(
        (),
        "origins whose pages may call the JSON endpoint",
        check=_are(_is_origin),
        right="origins such as https://news.example, without a path",
        absent="none but its own",
    )
    frame_ancestors: tuple[str, ...] = _setting(
        (),
        "origins whose pages may show the page in a frame",
        check=_are(_is_origin),
        right="origins such as https://news.example, without a path",
        absent="none",
    )
    log_questions: bool = _setting(
        False, "whether the log holds the questions; a text is never logged"
    )

    def __post_init__(self) -> None:
        for entry in dataclasses.fields(self):
            value, check = getattr(self, entry.name), entry.metadata["check"]
            if value is not None and check is not None and not check(value):
                raise InvalidSetting(_complain(entry, value, entry.metadata["right"]))

    @classmethod
    def load(cls, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Self:
        """Read the settings: a flag that is given, else a variable that is set, else the default.

        :raises InvalidSetting: a value can't be read, or is out of its range.
        """
        values: dict[str, Any] = {}
        for entry in dataclasses.fields(cls):
            given = flags.get(entry.name)
            written = given if given is not None else environ.get(variable_of(entry.name))
            if isinstance(written, str) and (written or given is not None):
                values[entry.name] = _read(entry, written)
            elif given is not None:
                values[entry.name] = given
        return cls(**values)

    @property
    def articles_folder(self) -> Path:
        """The folder of articles: the one set, else the seed article's."""
        return shipped_folder("seeds") if self.articles is None else self.articles

    @property
    def is_open(self) -> bool:
        """Whether anyone on the network may ask: without a key, from another machine."""
        if self.api_keys or self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True


def _read(entry: dataclasses.Field[Any], written: str) -> Any:
    kind: Any = entry.type
    for number, right in ((int, "a whole number"), (float, "a number")):
        if kind in (number, number | None):
            try:
                return number(written)
            except ValueError:
                raise InvalidSetting(_complain(entry, written, right)) from None
    if kind is bool:
        if written.lower() not in _SWITCH:
            raise InvalidSetting(_complain(entry, written, "true or false"))
        return _SWITCH[written.lower()]
    if kind == tuple[str, ...]:
        return tuple(value.strip() for value in written.split(",") if value.strip())
    return written if kind is str else Path(written)


def _complain(entry: dataclasses.Field[Any], value: object, right: str) -> str:
    named = f"{variable_of(entry.name)} ({flag_of(entry.name)})"
    if entry.metadata["secret"]:
        return f"{named} is wrong; it must be {right}"
    shown = ",".join(value) if isinstance(value, tuple) else str(value)
    return f"{named} is {shown!r}; it must be {right}"


def variable_of(name: str) -> str:
    """Return the variable that sets a setting."""
    return PREFIX + name.upper()


def flag_of(name: str) -> str:
    """Return the flag that sets a setting."""
    return f"--{name.replace('_', '-')}"
