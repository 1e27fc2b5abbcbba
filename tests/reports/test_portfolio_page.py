"""The pages over all sites, with a thousand of them: what they say, how large they are, and how a person works them."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.data import read_portfolio, read_quality, read_site
from reports.incident_data import INCIDENT_DAYS, list_incidents
from reports.messages import LANGUAGES, say
from reports.network_data import NetworkView, read_network
from reports.network_figure import draw_network
from reports.network_page import render_network
from reports.portfolio_data import PortfolioBoard, RecentDays, read_board
from reports.portfolio_page import render_portfolio
from reports.portfolio_rows import FIELDS, LETTERS, STATUSES, draw_spark, make_block
from reports.quality_page import open_quality, render_quality
from reports.quality_views import FileList, MethodCounts
from reports.sentences import Speaker
from tests.reports.invented_rows import AS_OF, EMPTY, EVERYTHING, HOSTILE, LINKS_ONLY, insert, make_drop
from tests.reports.many_sites import SITES, add_many_sites

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the dev dependencies: pip install -e .[dev]")

MOST_BYTES = 400_000
SHOWN = "[...document.querySelectorAll('#site-table tbody th[scope=row] a')].map(link => link.textContent)"
GROUPS = "[...document.querySelectorAll('#site-table tbody tr.group strong')].map(name => name.textContent)"


@pytest.fixture(scope="module")
def many(warehouse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("many") / "warehouse.duckdb"
    shutil.copyfile(warehouse_file, path)
    with duckdb.connect(str(path)) as connection:
        add_many_sites(connection)
        yield connection


@pytest.fixture(scope="module")
def board(many: duckdb.DuckDBPyConnection) -> PortfolioBoard:
    return read_board(many, read_portfolio(many, as_of=AS_OF))


@pytest.fixture(scope="module")
def network(many: duckdb.DuckDBPyConnection, board: PortfolioBoard) -> NetworkView:
    return read_network(many, as_of=AS_OF, sites=[site.site_domain for site in board.view.sites])


@pytest.fixture(scope="module")
def folder(board: PortfolioBoard, network: NetworkView, report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The internal pages of the thousand sites beside the shared assets."""
    path = tmp_path_factory.mktemp("many-report")
    shutil.copytree(report / "assets", path / "assets")
    for language in LANGUAGES:
        (path / "internal" / language).mkdir(parents=True)
        speaker = Speaker(language)
        (path / "internal" / language / "index.html").write_text(render_portfolio(board, speaker), encoding="utf-8")
        (path / "internal" / language / "network.html").write_text(render_network(network, speaker), encoding="utf-8")
    return path


def rows_of(board: PortfolioBoard) -> dict[str, dict[str, Any]]:
    block = make_block(board, Speaker("en"))
    return {row[0]: dict(zip(FIELDS, row, strict=True)) for row in block["rows"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_internal_pages_of_a_thousand_sites_stay_small(
    folder: Path, many: duckdb.DuckDBPyConnection, language: str
) -> None:
    for name in ("index.html", "network.html"):
        assert (folder / "internal" / language / name).stat().st_size <= MOST_BYTES, name
    assert len(render_quality(read_quality(many, as_of=AS_OF), Speaker(language)).encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("ages", "kept"),
    [([30] * 13, list(range(1, 13))), ([30, INCIDENT_DAYS, INCIDENT_DAYS + 1], [0, 1])],
    ids=["more in a day than have a page", "the last day that counts"],
)
def test_incidents_are_those_that_have_a_page(
    many: duckdb.DuckDBPyConnection, ages: list[int], kept: list[int]
) -> None:
    site_domain = "garden-market-0720.example"
    drops = [
        make_drop(site_domain, "sistrix", str(AS_OF - datetime.timedelta(days=age)), drop_id=f"drop-{number:02d}")
        for number, age in enumerate(ages)
    ]
    many.execute("BEGIN")
    try:
        many.execute("DELETE FROM drops.ranking_drops WHERE site_domain = $site", {"site": site_domain})
        insert(many, "drops.ranking_drops", *drops)
        portfolio = read_portfolio(many, as_of=AS_OF)
        site = next(row for row in portfolio.sites if row.site_domain == site_domain)
        paged = list_incidents(read_site(many, site, as_of=AS_OF))
        told = [one for one in read_board(many, portfolio).incidents if one.site_domain == site_domain]
    finally:
        many.execute("ROLLBACK")
    assert {one.drop_id for one in told} == {one.drop_id for one in paged} == {f"drop-{number:02d}" for number in kept}


def test_a_surge_of_natural_links_is_no_pair_of_an_incident(many: duckdb.DuckDBPyConnection) -> None:
    before = read_board(many, read_portfolio(many, as_of=AS_OF)).incidents
    many.execute("BEGIN")
    try:
        many.execute(
            "INSERT INTO correlation.surge_drop_pairs BY NAME SELECT * REPLACE ("
            "'control' AS pair_id, 'natural' AS origin, 0.99 AS probability, 'links_unlikely' AS verdict) "
            "FROM correlation.surge_drop_pairs WHERE as_of = $as_of AND origin = 'bought' LIMIT 1",
            {"as_of": AS_OF},
        )
        after = read_board(many, read_portfolio(many, as_of=AS_OF)).incidents
    finally:
        many.execute("ROLLBACK")
    assert ("links_likely", 0.71) in {(one.verdict, one.links_probability) for one in before}
    assert after == before


@pytest.mark.parametrize(
    ("broken", "held_back", "late", "step"),
    [(2, 1, 3, "held_back"), (2, 0, 3, "broken"), (0, 0, 3, "late"), (0, 0, 0, "nothing")],
)
def test_only_a_site_held_back_shows_an_older_night(
    many: duckdb.DuckDBPyConnection, broken: int, held_back: int, late: int, step: str
) -> None:
    counts = MethodCounts(met_count=5, broken_count=broken, held_back_count=held_back, late_count=late)
    none = FileList(listed=(), file_count=0)
    view = replace(read_quality(many, as_of=AS_OF), counts=counts, set_aside=none, with_rejected_rows=none)
    assert open_quality(view, Speaker("en"))[2] == say(f"methods.next.{step}", "en")


def test_every_site_travels_in_the_block(board: PortfolioBoard) -> None:
    rows = rows_of(board)
    assert len(rows) == SITES + 5
    everything, links_only, empty = rows[EVERYTHING], rows[LINKS_ONLY], rows[EMPTY]
    assert (everything["score"], everything["before"], everything["folder"]) == (72, 64, 0)
    assert links_only["drops"] == links_only["rankings"] == -1
    assert (empty["score"], empty["surges"], empty["links"], empty["risk"]) == (-1, -1, -1, "")


def test_statuses_are_bits_of_a_row(board: PortfolioBoard) -> None:
    rows = rows_of(board)

    def statuses(site: str) -> set[str]:
        return {name for place, name in enumerate(STATUSES) if rows[site]["status"] >> place & 1}

    assert statuses(EVERYTHING) == {"incident", "new", "surge", "drop"}
    assert statuses(EMPTY) == {"not_assessed"}
    assert {"alert", "new", "incident"} <= statuses("garden-market-0720.example")


def test_a_spark_has_a_letter_a_night_and_a_dot_where_nothing_is_known() -> None:
    days = RecentDays(site_domain="a.example", ages=[59, 30, 0], amounts=[0.0, 50.0, 100.0])
    spark = draw_spark(days, 100.0)
    assert len(spark) == 60
    assert (spark[0], spark[29], spark[59]) == (LETTERS[0], LETTERS[30], LETTERS[-1])
    assert spark.count(".") == 57
    assert draw_spark(None) == ""


def test_names_stay_text_and_no_name_ends_the_block(board: PortfolioBoard) -> None:
    site = next(row for row in board.view.sites if row.site_domain == EVERYTHING)
    hostile = type(site)(**{**vars(site), "site_domain": HOSTILE})
    view = type(board.view)(**{**vars(board.view), "sites": (hostile,), "findings": ()})
    page = render_portfolio(PortfolioBoard(view=view), Speaker("en"))
    assert page.count("<script") == page.count("</script>")
    assert "<img src=x" not in page
    ((block,),) = [re.findall(r'id="site-rows">(.*?)</script>', page, re.DOTALL)]
    assert "window.hacked" in json.loads(block)["rows"][0][0]


def test_a_site_that_left_is_named_nowhere(many: duckdb.DuckDBPyConnection, board: PortfolioBoard) -> None:
    view = type(board.view)(**{**vars(board.view), "sites": board.view.sites[:5], "findings": ()})
    page = render_portfolio(read_board(many, view), Speaker("en"))
    kept = {site.site_domain for site in view.sites}
    assert set(re.findall(r"\w+-\w+-\d{4}\.example", page)) <= kept
    found = read_network(many, as_of=AS_OF, sites=kept)
    assert set(re.findall(r"\w+-\w+-\d{4}\.example", render_network(found, Speaker("en")))) <= kept


def test_open_incidents_lead_to_their_pages(board: PortfolioBoard) -> None:
    page = render_portfolio(board, Speaker("en"))
    incident = board.incidents[0]
    assert f"../../sites/{incident.site_domain}/en/incident-{incident.drop_id}.html" in page
    assert all(one.starts_on > AS_OF - datetime.timedelta(days=400) for one in board.incidents)
    assert [one.cause == "links" for one in board.incidents] == sorted(
        (one.cause == "links" for one in board.incidents), reverse=True
    )


def test_the_network_is_dated_and_drawn(network: NetworkView) -> None:
    page = render_network(network, Speaker("en"))
    assert len(network.groups) == 2
    assert "1 Sep 2026 – 12 Sep 2026" in page
    assert {len(source.sites) for source in network.sources} == {3}
    assert [link.from_domain for link in network.links] == [
        "bicycle-market-0021.example",
        "bicycle-warehouse-0041.example",
    ]
    assert [exchange.in_on for exchange in network.exchanges] == [datetime.date(2026, 7, 1)] * 3
    figure = draw_network(network, "en")
    assert figure is not None
    assert sum(len(trace.x) for trace in figure.data if trace.mode == "lines") > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_portfolio_that_nothing_joins_says_so(language: str) -> None:
    view = NetworkView(as_of=AS_OF, site_count=4, groups=(), sources=(), exchanges=(), links=())
    page = render_network(view, Speaker(language))
    assert say("network.next.none", language) in page
    assert "figure-network" not in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install -y --no-install-recommends chromium")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def address(folder: Path, view: str = "", name: str = "index.html", language: str = "en") -> str:
    return (folder / "internal" / language / name).as_uri() + view


@pytest.mark.browser
def test_a_site_is_found_by_keys_alone(page: Any, folder: Path) -> None:
    page.goto(address(folder))
    assert len(page.evaluate(SHOWN)) == 100
    page.keyboard.press("/")
    page.keyboard.type("kitchen 0303")
    assert page.evaluate(SHOWN) == ["kitchen-market-0303.example"]
    assert page.url.endswith("#q=kitchen+0303")
    page.keyboard.press("Escape")
    assert len(page.evaluate(SHOWN)) == 100
    assert "#" not in page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.evaluate(SHOWN)[1]
    assert page.evaluate("document.activeElement.textContent") == second
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    keep = "event => { window.opened = event.target.href; event.preventDefault(); }"
    page.evaluate(f"document.addEventListener('click', {keep})")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("window.opened").endswith(f"/sites/{page.evaluate(SHOWN)[0]}/en/index.html")


@pytest.mark.browser
def test_filters_stand_in_the_address_and_come_back(page: Any, folder: Path) -> None:
    page.goto(address(folder))
    page.select_option("select[name=owner]", "Anna")
    page.select_option("select[name=tier]", "severe")
    page.select_option("select[name=status]", "incident")
    found = page.evaluate(SHOWN)
    assert 0 < len(found) < 100
    assert all(int(re.findall(r"\d{4}", site)[0]) % 4 == 0 for site in found)
    view = "#" + page.url.partition("#")[2]
    assert view == "#owner=Anna&tier=severe&status=incident"
    assert page.locator("a[hreflang=nl]").get_attribute("href").endswith(view)
    page.goto("about:blank")
    page.goto(address(folder, view))
    assert page.evaluate(SHOWN) == found
    assert page.locator("[data-count]").inner_text() == f"{len(found)} of {len(found)} shown"


@pytest.mark.browser
def test_sites_stand_by_group_and_more_are_shown_on_request(page: Any, folder: Path) -> None:
    page.goto(address(folder, "#by=group"))
    groups = page.evaluate(GROUPS)
    assert len(set(groups)) == len(groups) > 3
    assert page.evaluate(SHOWN)[0].startswith("mountain-market-0027")
    more = page.locator("[data-more]")
    more.click()
    assert len(page.evaluate(SHOWN)) == 200
    assert page.evaluate("document.activeElement.textContent") == page.evaluate(SHOWN)[100]
    page.select_option("select[name=group]", "Client 3")
    assert page.evaluate(GROUPS) == ["Client 3"]
    assert not more.is_visible()


@pytest.mark.browser
def test_what_is_not_known_comes_last_whichever_way_is_up(page: Any, folder: Path) -> None:
    scores = "[...document.querySelectorAll('#site-table td.score')].map(cell => cell.firstChild.textContent)"
    page.goto(address(folder, "#group=Client+7"))
    for _ in range(2):
        page.get_by_role("button", name="Risk").click()
        shown = page.evaluate(scores)
        assert shown[-1] == "–"
        known = [int(score) for score in shown if score != "–"]
        assert known in (sorted(known), sorted(known, reverse=True))
    assert page.locator("#site-table th[aria-sort]").get_attribute("aria-sort") in ("ascending", "descending")


@pytest.mark.browser
def test_sparks_say_what_they_show_and_the_shortcut_can_be_put_off(page: Any, folder: Path) -> None:
    page.goto(address(folder, "#q=garden-warehouse-0005", language="nl"))
    label = page.locator("svg.spark").first.get_attribute("aria-label")
    assert re.fullmatch(r"Risico over 60 nachten tussen \d+ en \d+\. Zichtbaarheid nu op \d+% .*", label)
    assert page.locator("svg.spark .spark-risk").get_attribute("d").startswith("M1 ")
    page.locator("input[name=shortcut]").uncheck()
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") != "q"


@pytest.mark.browser
def test_a_list_leads_to_its_filter(page: Any, folder: Path) -> None:
    page.goto(address(folder))
    page.locator("a[href='#status=incident']").click()
    assert page.locator("select[name=status]").input_value() == "incident"
    assert page.evaluate("document.activeElement.name") == "q"


@pytest.mark.browser
def test_without_script_the_first_sites_are_a_plain_table(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address(folder))
    assert opened.locator("#site-table tbody tr").count() == 100
    assert opened.locator("form.board").is_hidden()
    assert opened.get_by_text(say("portfolio.plain", "en", shown=100, all=SITES + 5)).is_visible()
    context.close()


@pytest.mark.browser
def test_the_network_is_drawn_and_sorted(page: Any, folder: Path) -> None:
    page.goto(address(folder, name="network.html"))
    page.wait_for_selector("[data-drawn]", timeout=30_000)
    page.locator("table", has_text="shop-59").get_by_role("button", name="First link").click()
    page.locator("table", has_text="shop-59").get_by_role("button", name="First link").click()
    names = page.locator("table", has_text="shop-59").locator("tbody th").all_inner_texts()
    assert names == sorted(names)
