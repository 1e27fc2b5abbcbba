"""Which public suffix list is used: the one that comes with the package, or a newer one that the user fetched."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from publicsuffixlist import PublicSuffixList

from transforms.errors import UsageError

ADDRESS = "https://publicsuffix.org/list/public_suffix_list.dat"

FEWEST_RULES = 5_000
"""Half of what the list has had for ten years: a torn download has fewer, and would split every domain wrongly."""

SECTIONS = ("// ===BEGIN ICANN DOMAINS===", "// ===END ICANN DOMAINS===")

_VERSION = re.compile(r"^// VERSION: (\d{4}-\d{2}-\d{2})", re.MULTILINE)


@dataclass(frozen=True)
class SuffixList:
    """A list that can be used: where it comes from, how many rules it has, and of which day it is."""

    rules: PublicSuffixList
    path: Path
    is_bundled: bool
    rule_count: int
    version_on: datetime.date | None
    """Day of the list as it says itself; older lists do not."""


def read_suffix_list(path: Path | None = None) -> SuffixList:
    """The list at ``path``, private section included; the bundled one without a path.

    Raises:
        UsageError: there is no such file, or it is no whole public suffix list.
    """
    used = path or Path(str(files("publicsuffixlist").joinpath("public_suffix_list.dat")))
    try:
        text = used.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(used, str(error)) from error
    lines = (line.strip() for line in text.splitlines())
    rule_count = sum(bool(line) and not line.startswith("//") for line in lines)
    if missing := [section for section in SECTIONS if section not in text]:
        raise _refusal(used, f"no line {missing[0]!r}")
    if rule_count < FEWEST_RULES:
        raise _refusal(used, f"{rule_count:,} rules")
    said = _VERSION.search(text)
    return SuffixList(
        rules=PublicSuffixList(text.splitlines()),
        path=used,
        is_bundled=path is None,
        rule_count=rule_count,
        version_on=datetime.date.fromisoformat(said[1]) if said else None,
    )


def _refusal(path: Path, found: str) -> UsageError:
    return UsageError(
        f"public_suffix_list = {path}",
        found,
        f"a whole public suffix list: its ICANN section, and {FEWEST_RULES:,} rules or more",
        f"Fetch {ADDRESS} again, or leave the setting out to use the bundled list.",
    )
