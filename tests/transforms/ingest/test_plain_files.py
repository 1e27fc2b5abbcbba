"""The engine's own parsing of plain files reads what the careful reader reads, or is given up."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.transforms.ingest.made_exports import SEMRUSH_HEADER, SITE, line
from tests.transforms.ingest.two_ways import read_both_ways

COLUMNS = SEMRUSH_HEADER.split(",")
PIECES = [
    "kaas",
    '"',
    '""',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    " ",
    "é",
    "кaзино",
    "\u2028",
    "\x00",
    "\x0b",
    "'",
    "\\",
    "#",
]
WORDS = st.one_of(
    st.just("oude kaas"),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=6),
)
SOURCES = st.sampled_from(
    [
        *(f"https://blog{number}.example/stuk" for number in range(4)),
        "https://WWW.Blog1.Example/Stuk",
        "http://jan:geheim@blog2.example:8080/",
        "https://bücher.example/x",
        "https://xn--bcher-kva.example/x",
        "https://blog1.example./",
        "https://blog1.example:443/",
        "blog2.example/zonder",
        "//blog3.example/x",
        "https://[2001:db8::1]/x",
        "https://192.0.2.7/",
        "https://blog1.example/met spatie, en komma",
        " https://blog1.example/ervoor",
        "https://blog1.example/erna ",
        'https://blog1.example/"x"',
        "https://blog1 .example/",
        "mailto:jan@blog.example",
        "localhost",
        "",
        " ",
        "https://xn--/",
        "https://blog1.example/ünï",
    ]
)
TARGETS = st.sampled_from(
    [f"https://{SITE}/"] * 6 + [f"https://www.{SITE}/kaas", f"{SITE}/x", "https://elders.nl/", "/x", ""]
)
DAYS = st.sampled_from(
    ["2026-01-05", "2026-02-01", "2026-02-02", "", " 2026-01-07", "2026-13-01", "gisteren", "2031-01-01", "0001-01-01"]
)
FLAGS = st.sampled_from(["true", "false", "false", "TRUE", "", "ja"])
NUMBERS = st.sampled_from(["12", "0", "100", "101", "-1", "7.5", "1e2", "1_0", "nan", "", " 3", "x", "1,000"])


@st.composite
def cells_of_row(draw: st.DrawFn) -> list[str]:
    """Cells of one record; mostly good ones."""
    good = draw(st.integers(0, 3)) > 0
    cells = dict.fromkeys(COLUMNS, "false")
    cells |= {"Page ascore": "12", "Source title": "Een titel", "External links": "7", "Internal links": "30"}
    cells |= {"Source url": draw(SOURCES), "Target url": f"https://{SITE}/kaas", "Anchor": draw(WORDS)}
    cells |= {"First seen": "2026-01-05", "Last seen": draw(st.sampled_from(["2026-02-01", "2026-02-02", ""]))}
    if not good:
        cells |= {"Page ascore": draw(NUMBERS), "External links": draw(NUMBERS), "Target url": draw(TARGETS)}
        cells |= {"Nofollow": draw(FLAGS), "Lost link": draw(FLAGS), "Source title": draw(WORDS)}
        cells |= {"First seen": draw(DAYS), "Last seen": draw(DAYS)}
    return [cells[name] for name in COLUMNS]


@st.composite
def records(draw: st.DrawFn, delimiter: str) -> str:
    """One record as text: written as it should be, or as it should not."""
    cells = draw(cells_of_row())
    written = draw(
        st.sampled_from(["well"] * 8 + ["quoted"] * 2 + ["raw", "short", "long", "trailing", "odd", "blank"])
    )
    if written == "short":
        cells = cells[: draw(st.integers(1, len(cells) - 1))]
    if written == "long":
        cells = [*cells, draw(st.sampled_from(["", " ", "te veel"]))]
    if written == "raw":
        return delimiter.join(cells)
    if written == "quoted":
        return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)
    if written == "odd":
        odd = draw(
            st.sampled_from(['"open', ' "kaas"', '"kaas" ', '"a"b', 'a"b', '"', '""', '"""', '"a\r"', '\\"', '"a\\"b"'])
        )
        return delimiter.join([*cells[:4], odd, *cells[5:]])
    if written == "blank":
        return draw(st.sampled_from(["", " ", delimiter * 18, '""', "\r", "\n"]))
    return line(cells, delimiter) + (delimiter if written == "trailing" else "")


@st.composite
def exports(draw: st.DrawFn) -> bytes:
    """One Semrush export, of whatever quality."""
    delimiter = draw(st.sampled_from([",", ",", ";", "\t"]))
    ends = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    rows = draw(st.lists(records(delimiter), min_size=1, max_size=7))
    rows += [row for row in rows if draw(st.integers(0, 5)) == 0]
    text = ends.join([SEMRUSH_HEADER.replace(",", delimiter), *rows]) + draw(
        st.sampled_from([ends, ends, "", ends * 2])
    )
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark"]))
    if encoding == "utf-16-be-mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return text.encode(encoding)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(earlier=st.lists(exports(), max_size=1), export=exports())
def test_both_ways_leave_the_same_behind(earlier: list[bytes], export: bytes) -> None:
    files = [(f"{SITE}/{number}.csv", content) for number, content in enumerate([*earlier, export])]
    with tempfile.TemporaryDirectory() as folder:
        engine, careful = read_both_ways(Path(folder), files)
    event(f"given up: {engine.attempts[-1] > 1}")
    assert engine.outcomes == careful.outcomes
    for name, rows in engine.left.items():
        assert rows == careful.left[name], name
