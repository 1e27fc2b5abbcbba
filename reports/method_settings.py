"""The settings of the method as the code has them: every parameter, its value and the reason that stands beside it.

Read from the source of ``transforms/`` and not by import, so that a report does not load every stage to say what it
was set to.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import transforms
from transforms.stages import ASSESSED_STAGES

_FOLDER = Path(transforms.__file__).parent
_ENDINGS = ("Params", "Parameters")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One field of a parameter class: where it stands, its value as the source writes it, unit and reason."""

    stage: str
    module: str
    name: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A measured rate with its bar, where it has one; ``rate.<name>`` says what it is of."""

    name: str
    benchmark: str
    value: float
    bar: str | None = None
    meets: bool | None = None


@functools.cache
def list_rates() -> tuple[Rate, ...]:
    """The published error rates, as the last benchmark left them."""
    path = Path(__file__).parent / "published_rates.toml"
    return tuple(Rate(name=name, **rate) for name, rate in tomllib.loads(path.read_text(encoding="utf-8")).items())


@functools.cache
def list_settings() -> tuple[Setting, ...]:
    """Every setting of every assessed stage, in the order of the walk, then by module and as declared."""
    return tuple(
        setting
        for stage in ASSESSED_STAGES
        for path in sorted((_FOLDER / stage).rglob("*.py"))
        for setting in _settings_of(stage, path)
    )


@functools.cache
def name_method() -> str:
    """16 hex digits: the same for two versions of the package that were set alike and fitted alike.

    Of the rules of origins only the version that a site stands on counts; the warehouse knows it.
    """
    try:
        package = version("penalty-radar")
    except PackageNotFoundError:
        package = "unknown"
    parts = [package, *(f"{one.stage}.{one.module}.{one.name}={one.value}" for one in list_settings())]
    parts += [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*/*.toml"))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _settings_of(stage: str, path: Path) -> Iterator[Setting]:
    source = path.read_text(encoding="utf-8")
    if not any(f"{ending}:" in source for ending in _ENDINGS):  # a tenth of the modules has any, and parsing is slow
        return
    for declared in ast.parse(source).body:
        if not (isinstance(declared, ast.ClassDef) and declared.name.endswith(_ENDINGS)):
            continue
        for field, following in zip(declared.body, [*declared.body[1:], None], strict=True):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and field.value):
                continue
            if isinstance(field.value, ast.Call):  # parameters of a part; they are listed where they are declared
                continue
            is_told = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            reason = str(following.value.value) if is_told else ""  # type: ignore[union-attr]
            yield Setting(
                stage=stage, module=path.stem, name=field.target.id, value=ast.unparse(field.value),
                reason=" ".join(reason.split()),
            )  # fmt: skip
