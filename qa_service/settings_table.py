"""The settings as the command line and the documents tell them."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_service.settings import Settings, flag_of, variable_of


@dataclass(frozen=True, slots=True)
class Described:
    """A setting as documents tell it."""

    variable: str
    flag: str
    kind: str
    default: str
    """As it is written; empty where there is none."""
    absent: str
    help: str


def describe_settings() -> Iterator[Described]:
    """Yield every setting, in the order of the table."""
    kinds: dict[Any, str] = {
        int: "whole number",
        str: "text",
        bool: "true or false",
        float | None: "number",
    }
    kinds |= {Path | None: "folder", tuple[str, ...]: "list, with commas between"}
    for entry in dataclasses.fields(Settings):
        value: Any = entry.default
        default = str(value).lower() if isinstance(value, bool) else str(value or "")
        yield Described(
            variable_of(entry.name),
            flag_of(entry.name),
            kinds[entry.type],
            "0" if value == 0 and not isinstance(value, bool) else default,
            entry.metadata["absent"],
            entry.metadata["help"],
        )


def write_markdown() -> str:
    """Return the settings as a table of Markdown."""
    rows = [
        f"| `{each.variable}` | `{each.flag}` | {each.kind} | "
        f"{f'`{each.default}`' if each.default else each.absent} | {each.help} |"
        for each in describe_settings()
    ]
    head = ("| variable | flag | type | default | what it sets |", "| - | - | - | - | - |")
    return "\n".join((*head, *rows))


def write_env() -> str:
    """Return the settings as a file of variables, all of them commented out."""
    return "\n\n".join(
        f"# {each.help} ({each.kind}; default: {each.default or each.absent})\n"
        f"#{each.variable}={each.default}"
        for each in describe_settings()
    )
