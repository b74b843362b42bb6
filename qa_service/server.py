"""Serve the application with gunicorn: several worker processes, each with a few threads."""

import os
import shutil
import socket
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from qa_service.errors import InvalidSetting
from qa_service.settings import Settings

_THREADS = 4
# How long a worker may finish what it is doing after SIGTERM.
_GRACE_SECONDS = 20


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
        # A worker with few articles is ready before it takes its first question.
        service.wait(timeout_seconds=3.0)
        return app


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is finished first.

    :raises InvalidSetting: the address can't be listened on.
    """
    _check_address(settings)
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
        "worker_class": "gthread",
        "threads": _THREADS,
        "graceful_timeout": _GRACE_SECONDS,
        "timeout": 60,
        "keepalive": 30,
        # A question of 500 characters, four bytes each, percent-encoded, and the rest of its link.
        "limit_request_line": 8190,
        "control_socket_disable": True,
        "proc_name": "qa-service",
        "when_ready": _announce,
        "child_exit": _forget_worker,
        "loglevel": "warning",
    }


def _announce(server: Any) -> None:
    for listener in server.LISTENERS:
        print(f"qa-service answers at {listener}", flush=True)


def _forget_worker(_server: Any, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # no types yet
