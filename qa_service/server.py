"""Serve the application: gunicorn starts and watches the workers, in each waitress serves.

waitress takes in a request as a whole before a thread sees it, and holds a reply until its client
has read it, so that slow clients cost a connection, not a thread. gunicorn's own workers don't.
"""

import json
import logging
import logging.config
import os
import select
import shutil
import signal
import socket
import time
from http import HTTPStatus
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from qa_service.dispatching import Dispatcher
from qa_service.errors import InvalidSetting
from qa_service.settings import Settings
from qa_service.sharing import Shares, Turn

# One line of JSON an event, on stderr.
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "qa_service": {"level": "INFO"},
        # gunicorn's own handlers would write lines of another kind.
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
        # It says that questions wait, which the metrics tell, too.
        "waitress.queue": {"level": "ERROR"},
    },
}
# Threads beside those of the questions in hand: they refuse, and send files.
_SPARE_THREADS = 8
# How long a connection may be idle, or a client not read.
_IDLE_SECONDS = 30
_MAX_CONNECTIONS = 500
_MAX_HEAD_BYTES = 16_384
# A request that is larger gets no further; the application says what is allowed.
_MAX_BODY_BYTES = 6_000_000
# More than a reply's head has.
_REPLY_BYTES = 18_000
# More than anything that comes or goes: nothing is put on disk.
_IN_MEMORY = 2**30
# How long a stopping worker finishes what it has in hand, and how long it takes in what is on the
# way over connections that are open.
_GRACE_SECONDS = 25
_LINGER_SECONDS = 0.5
# How often a worker shows that it lives (gunicorn ends one that hasn't for a minute) and looks for
# requests that take too long to come in.
_LOOK_SECONDS = 0.5
# How long it waits for something to happen before.
_TURN_SECONDS = 1.0

_logger = logging.getLogger(__name__)


class _Problem(ErrorTask):
    """What is no HTTP request is told as everything else: application/problem+json."""

    def execute(self) -> None:
        request: Any = self.request
        error = request.error
        title = HTTPStatus(error.code).phrase
        detail = str(error.body)
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            detail = f"The request is larger than {_MAX_BODY_BYTES:,} bytes."
        problem = {"type": "about:blank", "title": title, "status": error.code, "detail": detail}
        body = json.dumps(problem | {"errors": []}, separators=(",", ":")).encode()
        self.status = f"{error.code} {title}"
        self.response_headers = [
            ("Content-Type", "application/problem+json"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    error_task_class = _Problem

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun = time.monotonic()
        """When the request that is coming in began."""

    def received(self, data: bytes) -> bool:
        before = self.request
        taken: bool = super().received(data)
        if self.request is not before:
            self.begun = time.monotonic()
        return taken


class _Worker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that serves with waitress, and ends when all it has in hand is answered."""

    settings: Settings
    shares: Shares
    place: int | None = None
    """Where its number of connections stands among the shares."""

    def init_signals(self) -> None:
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _Arbiter.SIGNALS)

    def run(self) -> None:
        """Serve until gunicorn says that it is enough."""
        connections: dict[int, Any] = {}
        self._looked = 0.0
        self._take = Turn(lambda: self.shares.is_ahead(self.place))
        dispatcher = Dispatcher()
        dispatcher.set_thread_count(self.settings.max_waiting + _SPARE_THREADS)
        service: Any = self.wsgi.extensions["qa-service"]
        service.let_others_run(dispatcher.pause)
        server: Any = create_server(
            self.wsgi,
            map=connections,
            _dispatcher=dispatcher,
            # What gunicorn wraps, waitress takes for no socket, and listens elsewhere.
            sockets=[listener.sock for listener in self.sockets],
            connection_limit=_MAX_CONNECTIONS,
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=_MAX_HEAD_BYTES,
            max_request_body_size=_MAX_BODY_BYTES,
            inbuf_overflow=_IN_MEMORY,
            outbuf_overflow=_IN_MEMORY,
            # The head and the body of a reply go out at once.
            send_bytes=_REPLY_BYTES,
            # The application believes them as far as it is set to.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
        server.channel_class = _Channel
        accept = server.handle_accept
        server.handle_accept = lambda: accept() if self._take.take() else None
        stop = Event()
        foresight = Thread(target=service.foresee, args=(stop,), name="foresee", daemon=True)
        foresight.start()
        while self.alive and os.getppid() == self.ppid:
            left = self._take.seconds_left
            server.accepting = not left
            self._turn(server, connections, timeout=_TURN_SECONDS if left is None else left)
            if left == 0:
                # What is still there was taken in this turn.
                self._take.forget()
        stop.set()
        _take_the_last(server, connections)
        stopped = time.monotonic()
        while time.monotonic() < stopped + _GRACE_SECONDS:
            spent = time.monotonic() - stopped
            if spent > _LINGER_SECONDS and not any(map(_is_busy, server.active_channels.values())):
                break
            self._turn(server, connections, timeout=0.1)
        # The reader can't read any more once the interpreter ends.
        foresight.join(_GRACE_SECONDS)
        wasyncore.close_all(connections)

    def _turn(self, server: Any, connections: dict[int, Any], timeout: float) -> None:
        """Take in and send out what is there; close on who takes too long to send a request."""
        wasyncore.loop(timeout=timeout, use_poll=True, map=connections, count=1)
        self.shares.tell(self.place, len(server.active_channels))
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        self._looked = now
        self.notify()
        for channel in tuple(server.active_channels.values()):
            if channel.request is not None and now - channel.begun > self.settings.receive_seconds:
                channel.handle_close()


def _take_the_last(server: Any, connections: dict[int, Any]) -> None:
    """Take in who is connected already, and let nobody else in, who would wait for nothing."""
    waiting = select.poll()
    waiting.register(server.socket, select.POLLIN)
    while len(connections) < _MAX_CONNECTIONS and waiting.poll(0):
        wasyncore.read(server)
    # Not the server's own, which would end what wakes it up, too.
    wasyncore.dispatcher.close(server)


def _is_busy(channel: Any) -> bool:
    """Return whether a request comes in, is answered, or its answer goes out."""
    return bool(channel.requests or channel.request or channel.total_outbufs_len)


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master, whose workers miss no signal.

    Until a worker has set its own handlers it has the master's: what comes in between would be put
    down for a master that isn't there, and a service that is stopped as soon as it has started
    would wait for that worker until its grace is over.
    """

    def spawn_worker(self) -> Any:
        held = signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in _configure(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # In the worker: prometheus_client takes note of the variable set above when it is imported.
        from qa_service.web import create_app
        from qa_service.web.service import Service

        app = create_app(self._settings)
        service: Service = app.extensions["qa-service"]
        # A worker with few articles is ready before it takes its first question, on a slow machine
        # that is busy, too.
        service.wait(timeout_seconds=10.0)
        return app

    def run(self) -> None:
        _Arbiter(self).run()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is finished first.

    :raises InvalidSetting: the address can't be listened on.
    """
    _check_address(settings)
    logging.config.dictConfig(_LOGGING)
    if settings.is_open:
        _logger.warning(
            "anyone who reaches %s may ask; --api-keys asks for a key (`qa-service key` makes one)",
            settings.host,
        )
    folder = mkdtemp(prefix="qa-service-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    master = os.getpid()
    try:
        _Server(settings).run()
    finally:
        # A worker that ends comes by here, too; the others still count.
        if os.getpid() == master:
            shutil.rmtree(folder, ignore_errors=True)


def _check_address(settings: Settings) -> None:
    """Take the address and leave it: gunicorn would try for seconds and end without an error."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        raise InvalidSetting(
            f"{settings.host}, port {settings.port}, can't be listened on: {error}; "
            "choose others with --host and --port"
        ) from None


def _configure(settings: Settings) -> dict[str, Any]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "worker_class": type("Worker", (_Worker,), {"settings": settings, "shares": Shares()}),
        "graceful_timeout": _GRACE_SECONDS + 5,
        "timeout": 60,
        "control_socket_disable": True,
        "proc_name": "qa-service",
        "when_ready": _announce,
        "pre_fork": _place_worker,
        "child_exit": _forget_worker,
        "logconfig_dict": _LOGGING,
    }


def _announce(server: Any) -> None:
    for listener in server.LISTENERS:
        print(f"qa-service answers at {listener}", flush=True)


def _place_worker(_server: Any, worker: _Worker) -> None:
    worker.place = worker.shares.take_place()


def _forget_worker(_server: Any, worker: _Worker) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    worker.shares.leave_place(worker.place)
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # no types yet
