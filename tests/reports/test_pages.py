"""Every page as HTML: whole, linked, escaped, readable without a chart, and never empty without a reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from reports.addresses import name_folder
from reports.messages import LANGUAGES, say
from reports.page_template import web_address
from tests.reports.invented_rows import (
    EMPTY,
    EVERYTHING,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
    SHOWN_HOSTILE,
)

SITES = (EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE)
OVER_ALL = ("index", "network", "quality", "data")
INTERNAL = [f"internal/{language}/{name}.html" for language in LANGUAGES for name in OVER_ALL]
OF_SITES = [f"sites/{site}/{language}/index.html" for language in LANGUAGES for site in SITES]
TRACES = [f"sites/{EVERYTHING}/{language}/data.html" for language in LANGUAGES]
PAGES = [*INTERNAL, *OF_SITES, *TRACES]


def language_of(page: str) -> str:
    return page.split("/")[-2]


OPEN_ENDED = {"meta", "link", "input", "br", "img", "hr", "col"}


class Outline(HTMLParser):
    """Elements of a page in order, with attributes, and the text inside each."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(text)
        assert self._open == [], [self.elements[index][0] for index in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in OPEN_ENDED:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.texts[index] += data

    def find(self, tag: str, **attributes: str) -> Iterator[tuple[dict[str, str], str]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for (name, found), text in zip(self.elements, self.texts, strict=True):
            if name == tag and wanted.items() <= found.items():
                yield found, text


def outline(report: Path, page: str) -> Outline:
    return Outline((report / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_frame_of_a_page(report: Path, page: str) -> None:
    found = outline(report, page)
    assert next(found.find("html"))[0]["lang"] == language_of(page)
    assert len(list(found.find("h1"))) == 1
    assert next(found.find("title"))[1].endswith("· Penalty Radar")
    assert next(found.find("a", class_="skip"))[0]["href"] == "#main"
    policy = next(found.find("meta", http_equiv="Content-Security-Policy"))[0]["content"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' file:;" in policy
    ids = Counter(attributes["id"] for _, attributes in found.elements if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere_inside_or_is_marked(report: Path, page: str) -> None:
    folder = (report / page).parent
    for tag, attributes in outline(report, page).elements:
        address = attributes.get("href") or attributes.get("src")
        if not address or address == "data:,":
            continue
        if address.startswith("http"):
            assert tag == "a"
            assert set(attributes["rel"].split()) == {"noreferrer", "noopener", "nofollow"}
        else:
            path, _, anchor = address.partition("#")
            assert ":" not in path
            target = (folder / unquote(path)).resolve() if path else report / page
            assert target.is_file(), address
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_no_script_stands_in_a_page(report: Path, page: str) -> None:
    found = outline(report, page)
    for attributes, text in found.find("script"):
        assert attributes.get("src") or (attributes["type"] == "application/json" and json.loads(text))
    handlers = [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert handlers == []


@pytest.mark.parametrize("page", PAGES)
def test_language_switch_keeps_the_page(report: Path, page: str) -> None:
    switches = {attributes["hreflang"]: attributes["href"] for attributes, _ in outline(report, page).find("a")
                if "hreflang" in attributes}  # fmt: skip
    assert switches == {language: f"../{language}/{Path(page).name}" for language in LANGUAGES}


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith("index.html")])
def test_three_sentences_open_a_page(report: Path, page: str) -> None:
    (_, opening), = outline(report, page).find("div", class_="opening")  # fmt: skip
    labels = [say(f"opening.{part}", language_of(page)) for part in ("changed", "why", "next")]
    places = [opening.index(label) for label in labels]
    assert places == sorted(places)
    sentences = [opening[start + len(label) : end].strip()
                 for label, start, end in zip(labels, places, [*places[1:], None], strict=True)]  # fmt: skip
    assert all(len(sentence) > 20 for sentence in sentences)


@pytest.mark.parametrize("page", PAGES)
def test_no_section_is_empty(report: Path, page: str) -> None:
    found = outline(report, page)
    sections = list(found.find("section"))
    assert len(sections) >= 4 if "index" not in page else len(sections) >= 3
    headings = [text for _, text in found.find("h2")]
    for (_, text), heading in zip(sections, headings, strict=True):
        assert len(text.replace(heading, "", 1).strip()) > 20, heading


@pytest.mark.parametrize("page", PAGES)
def test_each_chart_has_a_label_and_its_figures_in_words(report: Path, page: str) -> None:
    found = outline(report, page)
    for attributes, _ in found.find("figure"):
        assert len(attributes["aria-label"]) > 40
    charts = [attributes["data-figure"] for attributes, _ in found.find("div") if "data-figure" in attributes]
    for chart in charts:
        figure = json.loads(next(found.find("script", id=chart))[1])
        assert {trace["type"] for trace in figure["data"]} <= {"bar", "scatter"}
    if charts and page.startswith("sites/"):
        assert say("figure.table", language_of(page)) in [text for _, text in found.find("summary")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(report: Path, language: str) -> None:
    for page in report.glob(f"**/{language}/*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>window" not in text
        assert 'onerror="' not in text
        assert "javascript:" not in "".join(attributes.get("href", "") for _, attributes in Outline(text).elements)
        assert not set("\u202e\u2066\x1b") & set(text)
        assert not any(escape in text.lower() for escape in ("\\u202e", "\\u2066", "\\u001b")) or page.name in {
            "quality.html",
            "data.html",
        }
        assert text.count("<!--stale-->") == (0 if "internal" in page.parts else 1)
    found = outline(report, f"sites/{HOSTILE_SITE}/{language}/index.html")
    assert SHOWN_HOSTILE in [text for _, text in found.find("q")]
    assert "javascript:alert(1)" in [text for _, text in found.find("span", class_="url")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_of_the_stages_is_marked_as_english(report: Path, language: str) -> None:
    rejected = [text for _, text in outline(report, f"sites/{EVERYTHING}/{language}/index.html").find("li")]
    expected = f"“yesterday”. {say('files.expected', language)} a date as YYYY-MM-DD"
    assert any(text.endswith(expected) for text in rejected)
    english = {
        text for site in (EVERYTHING, EMPTY, HOSTILE_SITE)
        for _, text in outline(report, f"sites/{site}/{language}/index.html").find("span", lang="en")
    }  # fmt: skip
    assert english >= {
        "a date as YYYY-MM-DD", "no known format: the header is Colour, Shape", "August 2026 spam update",
        "search status dashboard", SHOWN_HOSTILE,
    }  # fmt: skip
    notes = [text for _, text in outline(report, f"sites/{HOSTILE_SITE}/{language}/index.html").find("bdi")]
    assert f"New menu {SHOWN_HOSTILE}" in notes


@pytest.mark.parametrize("language", LANGUAGES)
def test_causes_are_called_calibrated_on_simulations(report: Path, language: str) -> None:
    found = outline(report, f"sites/{EVERYTHING}/{language}/index.html")
    (_, section), = found.find("section", aria_labelledby="causes")  # fmt: skip
    assert say("causes.lede", language) in section
    (_, opening), = found.find("div", class_="opening")  # fmt: skip
    assert {"en": "calibrated on simulations", "nl": "geijkt op simulaties"}[language] in opening


@pytest.mark.parametrize("site", [EMPTY, RANKINGS_ONLY])
def test_no_data_is_never_low_risk(report: Path, site: str) -> None:
    found = outline(report, f"sites/{site}/en/index.html")
    assert list(found.find("span", class_="tier tier-low")) == []
    assert len(list(found.find("span", class_="tier tier-not_assessed"))) == 1
    (_, text), = found.find("p", class_="verdict")  # fmt: skip
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (EMPTY, ["gap.no_links.help", "gap.no_rankings.help", "site.time.none", "site.surges.untested"]),
        (LINKS_ONLY, ["gap.no_rankings.help", "site.pairs.cannot", "site.drops.untested"]),
        (RANKINGS_ONLY, ["gap.no_links.help", "site.pairs.cannot", "site.surges.untested"]),
    ],
)
def test_what_is_missing_is_named_with_what_would_help(report: Path, site: str, said: list[str]) -> None:
    for language in LANGUAGES:
        page = "".join(text for _, text in outline(report, f"sites/{site}/{language}/index.html").find("main"))
        assert [key for key in said if say(key, language) not in page] == []


def test_reasons_add_up_to_the_score(report: Path) -> None:
    found = outline(report, f"sites/{EVERYTHING}/en/index.html")
    points = [float(text) for _, text in found.find("td", class_="n", data_label="Points")]
    assert sum(points[:-1]) == pytest.approx(points[-1])


def test_failing_rows_and_reasons_are_one_click_away(report: Path) -> None:
    found = outline(report, "internal/en/quality.html")
    summaries = [text for _, text in found.find("summary")]
    assert "20 of 31 failing rows" in summaries
    assert "26 rejected rows and why" in summaries
    page = next(found.find("main"))[1]
    assert "no known format: the header is Colour, Shape" in page
    assert "calibrated on simulations" in page.lower()


@pytest.mark.parametrize(
    "domain",
    ["example.com", "xn--caf-dma.example"],
)
def test_a_folder_is_named_after_its_site(domain: str) -> None:
    assert name_folder(domain) == domain


@pytest.mark.parametrize("domain", ["../x", "a/b", "", "..", "CON", "x" * 300, "a b", "-"])
def test_a_name_that_is_no_host_is_made_harmless(domain: str) -> None:
    name = name_folder(domain)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert "/" not in name
    assert len(name) < 100
    assert name != name_folder(domain + "y")


@pytest.mark.parametrize(
    ("url", "address"),
    [("https://a.example/x", "https://a.example/x"), ("HTTP://a.example", "HTTP://a.example"),
     ("javascript:alert(1)", None), (" https://a.example", None), ("data:text/html,x", None), ("//a.example", None),
     ("https://a.example/\nx", None), ("https://a.example/\u202ex", None), (None, None)],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None, address: str | None) -> None:
    assert web_address(url) == address
