"""Some pages, letter by letter: a change of wording or structure is seen before it is sent.

When a change is meant, accept it: ``ACCEPT_GOLD=1 python -m pytest tests/reports/test_gold.py``, and read the diff.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from tests.reports.invented_incident import DROP_ID
from tests.reports.invented_rows import EMPTY, EVERYTHING, LINKS_ONLY, RANKINGS_ONLY

GOLD = Path(__file__).parent / "gold"
PAGES = (
    "internal/en/index.html", "internal/nl/index.html", "internal/nl/network.html", "internal/en/quality.html",
    f"sites/{LINKS_ONLY}/en/index.html",
    f"sites/{RANKINGS_ONLY}/nl/index.html",
    f"sites/{EMPTY}/nl/index.html", f"sites/{EVERYTHING}/en/incident-{DROP_ID}.html",
    f"sites/{EVERYTHING}/nl/summary.html",
)  # fmt: skip


def scrub(page: str) -> str:
    """The page without what changes with the machine (versions) or a threshold, or is compared elsewhere (figures)."""
    page = re.sub(
        r'(<section aria-labelledby="(?:settings|rates)">).*?</section>', r"\1</section>", page, flags=re.DOTALL
    )
    page = re.sub(r'(<span class="version">[\w-]+) [^<]+', r"\1 VERSION", page)
    return re.sub(r'(<script type="application/json" id="[\w-]+">).*?</script>', r"\1FIGURE</script>", page)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_accepted(report: Path, name: str) -> None:
    actual = scrub((report / name).read_text(encoding="utf-8"))
    gold = GOLD / name
    if os.environ.get("ACCEPT_GOLD"):
        gold.parent.mkdir(parents=True, exist_ok=True)
        gold.write_text(actual, encoding="utf-8")
    expected = gold.read_text(encoding="utf-8") if gold.is_file() else ""
    difference = "\n".join(
        difflib.unified_diff(expected.splitlines(), actual.splitlines(), f"gold/{name}", "now", lineterm="", n=1)
    )
    assert actual == expected, f"\n{difference}\nIf this is meant: ACCEPT_GOLD=1 python -m pytest {__file__}"
