"""Start the real service, as `make chat` does, on a free port."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

COMMAND = (sys.executable, "-m", "qa_service")
_READY_SECONDS = 60
_END_SECONDS = 30


@contextmanager
def running_service(
    *flags: str,
    command: tuple[str, ...] = COMMAND,
    cwd: Path | None = None,
    log: Path | None = None,
    is_ready: bool = True,
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``qa-service serve``; give its address and its process once it is ready, and end it.

    What it logs goes into ``log``, or is thrown away. With ``is_ready`` unset, it may still load.
    """
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("QA_SERVICE_")
    }
    with open(os.devnull if log is None else log, "w") as errors:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", *flags],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environ,
            cwd=cwd,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://\S+", line)
        assert address, f"no address in {line!r}{process.stdout.read()}"
        if is_ready:
            _wait_until_ready(address[0])
        yield address[0], process
    finally:
        # Closes what it wrote to, also where it doesn't end.
        with process:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _wait_until_ready(address: str) -> None:
    """Wait for what orchestrators wait for: each worker may still be loading when it is there."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        with suppress(HTTPError), urlopen(f"{address}/readyz", timeout=_READY_SECONDS):
            return
        assert time.monotonic() < deadline, "the service is not ready"
        time.sleep(0.1)
