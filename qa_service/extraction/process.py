"""Reads files in a process of its own: one that takes too long, or too much memory, is ended there.

Parsers of PDF, Word and HTML are large, and files come from anywhere.
"""

import contextlib
import json
import os
import selectors
import struct
import subprocess
import sys
from importlib import import_module
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Any, Self

from pydantic import TypeAdapter

from qa_service.errors import Message, SlowArticle, UnreadableArticle, Value
from qa_service.extraction.extracted import Extracted
from qa_service.extraction.kinds import KINDS, extract, kind_of

SECONDS = 1.8
"""How long a file may take, once the process has loaded what reads its kind."""
_LOADING_SECONDS = 10.0
# What reads each kind is large: on a slow machine that is busy, loading it takes a second or two.
_LIBRARIES = {"md": "markdown_it", "html": "trafilatura", "pdf": "pdfminer.pdfpage", "docx": "docx"}
_LOADED = b"+"
_TOO_LARGE = Message("it takes more memory than a file may")
_MAX_BYTES = 600_000_000
HEAD = struct.Struct(">BI")
"""What goes before a file: the index of its kind, and its length; before a reply: whether it was
read, and its length."""
_KINDS = list(KINDS)
_reply = TypeAdapter(Extracted)


class Extractor:
    """Reads one file at a time; the process is started when the first needs it.

    Safe to use from several threads.
    """

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, data: bytes, name: str) -> Extracted:
        """Read a file of the kind that its ``name`` says.

        :raises SlowArticle: it takes longer than a file may.
        :raises UnreadableArticle: it is of no such kind, empty, damaged, locked or too large.
        """
        kind = kind_of(name)
        if kind == "txt":
            # Nothing is parsed but a few lines of texts by their names.
            return extract(data, kind)
        with self._lock:
            try:
                read, body = self._ask(data, kind)
            except TimeoutError:
                self.close()
                raise SlowArticle(Message("it takes longer to read than a file may")) from None
            except (OSError, EOFError):
                self.close()
                raise UnreadableArticle(_TOO_LARGE) from None
        if not read:
            raise UnreadableArticle(_put_together(json.loads(body)))
        return _reply.validate_json(body)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            with self._process:
                pass
            self._process = None

    def _ask(self, data: bytes, kind: str) -> tuple[bool, bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "qa_service.extraction"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # It takes in all of a file before it looks at it.
        self._process.stdin.write(HEAD.pack(_KINDS.index(kind), len(data)))
        left = memoryview(data)
        while left:
            left = left[self._process.stdin.write(left) or 0 :]
        stdout = self._process.stdout.fileno()
        _receive(stdout, len(_LOADED), monotonic() + _LOADING_SECONDS)
        deadline = monotonic() + self._seconds
        read, length = HEAD.unpack(_receive(stdout, HEAD.size, deadline))
        return bool(read), _receive(stdout, length, deadline)


def _receive(descriptor: int, length: int, deadline: float) -> bytes:
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(received) < length:
            left = deadline - monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            more = os.read(descriptor, length - len(received))
            if not more:
                raise EOFError
            received += more
    return bytes(received)


def run() -> None:
    """Be the process: read files from standard input until it ends."""
    _bound_memory()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    # What a parser prints is no reply.
    sys.stdout = sys.stderr
    while head := stdin.read(HEAD.size):
        index, length = HEAD.unpack(head)
        kind, data = _KINDS[index], stdin.read(length)
        import_module(_LIBRARIES[kind])
        stdout.write(_LOADED)
        stdout.flush()
        try:
            body, read = _reply.dump_json(extract(data, kind)), True
        except UnreadableArticle as error:
            body, read = _pack(error.message), False
        except MemoryError:
            body, read = _pack(_TOO_LARGE), False
        except Exception:  # noqa: BLE001  # whatever a parser raises
            body, read = _pack(Message("it is damaged")), False
        stdout.write(HEAD.pack(read, len(body)) + body)
        stdout.flush()


def _pack(message: str) -> bytes:
    return json.dumps(_take_apart(message)).encode()


def _take_apart(value: Value) -> Any:
    if not isinstance(value, Message):
        return value
    return [value.template, {name: _take_apart(each) for name, each in value.values.items()}]


def _put_together(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    template, values = value
    return Message(template, **{name: _put_together(each) for name, each in values.items()})


def _bound_memory() -> None:
    # Not on every system there is, or there is less already.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_BYTES, _MAX_BYTES))
