"""Every export format that is read, found by its place: modules of this package with ``FORMATS``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path

from transforms.errors import UsageError
from transforms.ingest.formats.format import ExportFormat

PACKAGE = __name__.rpartition(".")[0]


@lru_cache(maxsize=1)
def all_formats() -> tuple[ExportFormat, ...]:
    """Every format, sorted by name."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    modules = [importlib.import_module(f"{PACKAGE}.{module.name}") for module in found]
    declared = [declared for module in modules for declared in getattr(module, "FORMATS", ())]
    return tuple(sorted(declared, key=lambda declared: declared.name))


def format_named(name: str) -> ExportFormat:
    """The format of that name; KeyError when there is none."""
    return {declared.name: declared for declared in all_formats()}[name]


def formats_named(name: str, mapped: tuple[ExportFormat, ...] = ()) -> tuple[ExportFormat, ...]:
    """The formats that ``--format name`` means: one, or the tables of one export; those of mapping files as well.

    Raises:
        UsageError: no format has that name.
    """
    known = (*mapped, *all_formats())
    meant = tuple(declared for declared in known if name in (declared.name, declared.family))
    if not meant:
        names = sorted({declared.name for declared in known} | {declared.family for declared in known})
        raise UsageError(f"--format {name}", "no such format", " | ".join(names), "Choose one, or leave it out.")
    return meant
