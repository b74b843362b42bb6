"""What the benchmarks have in common: their options, the question files, times and memory."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def new_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that has ``--data`` and shows ``description`` as it is written."""
    cli = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--data", type=Path, default=Path("../shared/data"))
    return cli


def read_rows(data: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a question file."""
    lines = (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_articles(data: Path) -> dict[str, str]:
    """Return the texts of articles and articles_real, by the names of their files."""
    return {
        file.stem: file.read_text(encoding="utf-8")
        for folder in ("articles", "articles_real")
        for file in sorted((data / folder).glob("*.txt"))
    }


def p99(times: Sequence[float]) -> float:
    """Return the time that 99 of 100 don't exceed, or the longest of fewer."""
    return sorted(times)[int(len(times) * 0.99)]


def resident_mb(pid: int | str = "self") -> float:
    """Return the resident set size of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def children(pid: int) -> list[int]:
    """Return the processes that a process started, such as a service's workers."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text(encoding="utf-8").split()]
