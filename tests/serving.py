"""Start the real service, as `make chat` does, on a free port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "qa_service")
_END_SECONDS = 30


@contextmanager
def running_service(
    *flags: str,
    command: tuple[str, ...] = COMMAND,
    cwd: Path | None = None,
    log: Path | None = None,
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``qa-service serve``; give its address and its process, and end it.

    What it logs goes into ``log``, or is thrown away.
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
