"""The dossier: what it says, what it leaves for the team to write, and what comes out of the printer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports import dossier_page
from reports.addresses import place_site
from reports.data import read_portfolio, read_sites
from reports.disavow_data import DisavowView
from reports.dossier_data import DossierView, Note, read_dossiers
from reports.dossier_page import render_dossier
from reports.messages import LANGUAGES, say
from reports.sentences import Speaker
from reports.views import SiteView
from tests.reports.invented_rows import AS_OF, EVERYTHING, HOSTILE, day
from tests.reports.printed_pages import read_pages
from tests.reports.test_disavow import ACTION, make_domain, make_view

STATIC = Path(dossier_page.__file__).parent / "static"


@pytest.fixture(scope="module")
def site(warehouse_file: Path) -> tuple[SiteView, DossierView]:
    """The invented site with findings, and what its dossiers share."""
    with duckdb.connect(str(warehouse_file), read_only=True) as connection:
        rows = [row for row in read_portfolio(connection, as_of=AS_OF).sites if row.site_domain == EVERYTHING]
        view = next(iter(read_sites(connection, rows, as_of=AS_OF)))
        return view, read_dossiers(connection, [EVERYTHING], as_of=AS_OF)[EVERYTHING]


def render(view: SiteView, disavow: DisavowView, language: str = "en", notes: tuple[Note, ...] = ()) -> str:
    drop = next(drop for drop in view.drops if drop.provider == "search_console")
    return render_dossier(view, DossierView(disavow=disavow, notes=notes), drop, Speaker(language))


def part_of(page: str, part: str) -> str:
    """The text of one section, without markup."""
    found = re.search(rf'<section aria-labelledby="{part}".*?</section>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_names_the_link_what_it_resembles_and_what_became_of_it(
    site: tuple[SiteView, DossierView], language: str
) -> None:
    domains = (
        make_domain("live.example", anchor_text="fine <b>shoes</b>"),
        make_domain("gone.example", open_count=0, arranged_count=1, lost_count=1, is_lost=True,
                    lost_on=day("2026-10-05"), origin="exchanged"),
        make_domain("marked.example", open_count=0, arranged_count=1, marked_count=1),
        make_domain("some.example", lost_count=2, arranged_count=3),
        make_domain("unsure.example", open_count=0, arranged_count=0, unsure_count=1, probability=0.6),
    )  # fmt: skip
    page = render(site[0], make_view(*domains), language)
    evidence = part_of(page, "evidence")
    assert "fine &lt;b&gt;shoes&lt;/b&gt;" in evidence
    assert "https://live.example/page" in evidence and f"https://{EVERYTHING}/" in evidence
    assert say("disavow.resembles.exchanged", language, probability=0.93) in evidence
    for key, told in (("live", {}), ("lost", {"lost_on": day("2026-10-05")}), ("marked", {}), ("some", {"lost": 2})):
        assert say(f"dossier.state.{key}", language, **told) in evidence
    assert "unsure.example" not in evidence
    assert evidence.index("some.example") < evidence.index("gone.example")
    assert say("dossier.happened.links", language, domains=4, live=3, lost=1) in page
    assert say("dossier.next.action", language, domains=2) in page


def test_domains_whose_links_are_gone_or_marked_leave_nothing_to_take_away(site: tuple[SiteView, DossierView]) -> None:
    marked = make_domain("marked.example", open_count=0, arranged_count=2, marked_count=2)
    assert say("dossier.next.action_done", "en") in render(site[0], make_view(marked))
    page = render(site[0], make_view(marked, make_domain("live.example", open_count=7)))
    assert "Have the links of 1 domain that stand unmarked taken away" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_is_filled_in_as_far_as_is_known(site: tuple[SiteView, DossierView], language: str) -> None:
    domains = (
        make_domain("asked.example", placed_count=1, removed_on=day("2026-11-10")),
        make_domain("gone.example", open_count=0, arranged_count=1, lost_count=1, is_lost=True,
                    lost_on=day("2026-10-05")),
        make_domain("open.example"),
    )  # fmt: skip
    note = Note(source_domain="asked.example", said="placement", said_on=day("2026-08-01"), said_by=None,
                origin="bought", campaign="spring", removed_on=None, note="mailed <i>twice</i>")  # fmt: skip
    log = part_of(render(site[0], make_view(*domains), language, (note,)), "log")
    assert say("dossier.note.placement", language, origin="bought", campaign="spring", day=day("2026-08-01")) in log
    assert "mailed &lt;i&gt;twice&lt;/i&gt;" in log
    assert say("dossier.removed.told", language, day=day("2026-11-10")) in log
    assert say("dossier.removed.seen", language, day=day("2026-10-05")) in log


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_manual_action_no_line_is_proposed_on_paper_either(
    site: tuple[SiteView, DossierView], language: str
) -> None:
    for actions, is_open in (((ACTION,), True), ((), False)):
        page = render(site[0], make_view(make_domain("blog.example"), actions=actions), language)
        assert ("domain:blog.example" in page) is is_open
        assert (say("disavow.answer.nothing_now", language) in page) is not is_open
        assert (say("dossier.next.no_action", language) in page) is not is_open
    page = render(site[0], make_view(), language)
    assert say("dossier.evidence.none", language) in page
    assert say("disavow.answer.nothing", language) in page


def test_what_is_too_much_for_paper_is_counted(
    site: tuple[SiteView, DossierView], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_page, "MOST_DOMAINS", 2)
    monkeypatch.setattr(dossier_page, "MOST_LINES", 3)
    page = render(site[0], make_view(*(make_domain(f"blog-{number}.example") for number in range(5))))
    assert say("dossier.left", "en", shown=2, count=3) in page
    assert say("dossier.proposal.more", "en", count=2) in page
    assert part_of(page, "log").count(".example") == 2


def test_words_of_exports_stay_words_and_nobody_is_accused(site: tuple[SiteView, DossierView]) -> None:
    page = render(site[0], site[1].disavow)
    assert HOSTILE not in page
    assert "<img" not in page and "&lt;img" in page
    hostile = make_domain("blog.example", anchor_text=HOSTILE, source_url="javascript:alert(1)")
    page = render(site[0], make_view(hostile))
    assert "<img" not in page and 'href="javascript' not in page


def test_each_incident_has_a_dossier_that_can_be_traced(report: Path) -> None:
    folder = report / "sites" / EVERYTHING
    for language in LANGUAGES:
        pages = {path.name: path.read_text(encoding="utf-8") for path in (folder / language).glob("*.html")}
        dossiers = {name: page for name, page in pages.items() if name.startswith("dossier-")}
        assert {name.replace("dossier", "incident") for name in dossiers} == {
            name for name in pages if name.startswith("incident-")
        }
        for name, page in dossiers.items():
            assert f'href="{name}"' in pages[name.replace("dossier", "incident")]
            for query in re.findall(r"data\.html#(\w+)", page):
                assert f'id="{query}"' in pages["data.html"]
    assert (folder / "data" / "disavow_domains.csv").is_file()


sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")


@pytest.fixture(scope="module")
def printed(site: tuple[SiteView, DossierView], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A browser's page with the dossier open, and the folder it stands in."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install -y --no-install-recommends chromium")
    folder = tmp_path_factory.mktemp("dossier")
    shutil.copytree(STATIC, folder / "assets")
    path = folder / place_site(EVERYTHING, "dossier.html").path("en")
    path.parent.mkdir(parents=True)
    domains = tuple(
        make_domain(f"partner-{number:02d}.example", anchor_text="best garden sheds " * (1 + number % 5),
                    source_url=f"https://partner-{number:02d}.example/" + "long-path-" * (number % 12))
        for number in range(36)
    )  # fmt: skip
    path.write_text(render(site[0], make_view(*domains)), encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = launched.new_page(viewport={"width": 1400, "height": 900})
        page.goto(path.as_uri())
        yield page, folder
        launched.close()


@pytest.mark.browser
def test_sheets_are_numbered_and_no_row_is_cut(printed: tuple[Any, Path]) -> None:
    pdf = printed[0].pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", pdf)  # A4 upright
    sheets = read_pages(pdf)
    assert len(sheets) >= 5
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in sheet
        assert EVERYTHING in sheet
    resembles = say("dossier.column.resembles", "en")
    evidence = [sheet for sheet in sheets if "Resembles bought links" in sheet]
    assert len(evidence) >= 2
    for sheet in evidence:  # each sheet has the table's heading, and each row its first and its last column
        assert resembles in sheet
        rows = sheet.count("Resembles bought links")
        assert rows == sheet.count("21 Aug 2026") == len(re.findall(r"\blive\b", sheet)) == sheet.count("1 link")
    assert sum(sheet.count("Resembles bought links") for sheet in evidence) == 36
    log = [sheet for sheet in sheets if say("dossier.column.asked_on", "en") in sheet]
    assert len(log) >= 2
    assert say("dossier.signed.signature", "en") in sheets[-1]


@pytest.mark.browser
def test_no_column_is_clipped_on_paper_or_on_a_screen(printed: tuple[Any, Path]) -> None:
    page = printed[0]
    clipped = """() => [...document.querySelectorAll('main, main *')].filter(one =>
        one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && !one.closest('.unseen')
        && getComputedStyle(one.closest('thead') || one).position !== 'absolute'
        && getComputedStyle(one).display !== 'inline').map(one => one.outerHTML.slice(0, 80))"""
    try:
        for media, width in (("print", 673), ("screen", 390), ("screen", 1400)):  # 673: A4 without its margins
            page.emulate_media(media=media)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(clipped) == [], (media, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        page.emulate_media(media="screen")
