"""Where the files shipped beside the code lie: in the installed package or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """Return the folder ``static`` or ``seeds`` as it was installed.

    A wheel holds it inside the package; an editable install runs from the checkout, where it lies
    beside the package.

    :raises FileNotFoundError: the installation is broken.
    """
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"the folder {name!r} is missing from this installation of qa-service: install it again"
    )


def shipped_model() -> Path:
    """Return the folder of the reader that is part of the package."""
    return _PACKAGE / "reader" / "model"
