from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.transforms.ingest.api_answers import AHREFS_LINKS, SEMRUSH_LINES
from tests.transforms.ingest.feeds.local_api import Ahrefs, Asked, LocalApi, Reply, Semrush
from transforms.ingest.feeds.ahrefs import FIELDS, AhrefsApi
from transforms.ingest.feeds.backlinks import BacklinkApi, choose_order, fetch_backlinks
from transforms.ingest.feeds.ledger import Caps, FeedLedger
from transforms.ingest.feeds.orders import BacklinkOrder, Fetched
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.feeds.semrush import SemrushApi

TODAY = datetime.date(2026, 11, 23)
SITE = "voorbeeldwinkel.nl"
ROW = len(FIELDS)


def links(count: int, *, seconds_apart: int = 60) -> list[dict[str, Any]]:
    """Links first seen one after another."""
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    moments = [start + datetime.timedelta(seconds=seconds_apart * number) for number in range(count)]
    return [
        {**AHREFS_LINKS[0], "url_from": f"https://blog{n}.example/", "first_seen_link": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}
        for n, moment in enumerate(moments)
    ]


def lines(count: int) -> list[str]:
    return [SEMRUSH_LINES[0].replace("stukje", f"stukje-{number}") for number in range(count)]


class Desk:
    """Fetches one feed into a folder; ``said`` is what people read, ``waits`` what it would have slept."""

    def __init__(self, folder: Path, feed: str) -> None:
        self.folder = folder
        self.feed = feed
        self.said: list[str] = []
        self.waits: list[float] = []

    def ledger(self, today: datetime.date = TODAY) -> FeedLedger:
        return FeedLedger(self.folder / "feeds.jsonl", datetime.datetime.combine(today, datetime.time(5)))

    def order(self, today: datetime.date = TODAY) -> BacklinkOrder:
        return BacklinkOrder(feed=self.feed, site_domain=SITE, target=SITE, mode=None, today=today)

    def choose(self, today: datetime.date, *, can_filter: bool = True, is_wished: bool = False) -> BacklinkOrder | None:
        return choose_order(
            self.order(today), self.ledger(today), cadence_days=7, can_filter=can_filter, is_wished=is_wished
        )

    def fetch(
        self, api: BacklinkApi, cap: int | None = 100_000, order: BacklinkOrder | None = None, *, dry_run: bool = False
    ) -> Fetched:
        order = order or self.order()
        return fetch_backlinks(
            api,
            order,
            SavedAnswers(str(self.folder / "exports"), SITE, self.feed),
            self.ledger(order.today),
            Caps(account=cap),
            sleep=self.waits.append,
            say=self.said.append,
            dry_run=dry_run,
        )

    def left(self, cap: int = 100_000) -> int | None:
        return self.ledger().left(self.feed, SITE, Caps(account=cap))

    def files(self) -> dict[str, bytes]:
        folder = self.folder / "exports" / SITE / self.feed
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))} if folder.is_dir() else {}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "ahrefs_backlinks")


@pytest.fixture
def semrush_desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "semrush_backlinks")


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Asked], Reply]], LocalApi]]:
    running: list[LocalApi] = []

    def start(service: Callable[[Asked], Reply]) -> LocalApi:
        running.append(LocalApi(service).__enter__())
        return running[-1]

    yield start
    for api in running:
        api.__exit__()


Serve = Callable[[Callable[[Asked], Reply]], LocalApi]


def ahrefs(server: LocalApi, rows: int = 4, key: str = "test-key") -> AhrefsApi:
    return AhrefsApi({"password": key, "host": server.address}, rows_a_page=rows)


def semrush(server: LocalApi, rows: int = 4, key: str = "test-key") -> SemrushApi:
    return SemrushApi({"password": key, "host": server.address}, rows_a_page=rows)


def pages(server: LocalApi) -> list[Asked]:
    return [asked for asked in server.asked if "limits" not in asked.path and "countapiunits" not in asked.path]


def urls(files: dict[str, bytes]) -> list[str]:
    return [link["url_from"] for body in files.values() for link in json.loads(body)["backlinks"]]


def test_ahrefs_pages_are_cut_by_first_seen_and_saved_byte_for_byte(desk: Desk, serve: Serve):
    service = Ahrefs(links(9))
    server = serve(service)
    fetched = desk.fetch(ahrefs(server))
    assert fetched.reason is None
    assert list(desk.files()) == [f"ahrefs_api.all-backlinks.2026-11-23.full.page-{n}.json" for n in (1, 2, 3)]
    assert list(desk.files().values()) == server.sent[1:]
    assert set(urls(desk.files())) == {link["url_from"] for link in service.links}
    first, second, _ = (asked.parameters for asked in pages(server))
    assert (first["target"], first["mode"], first["order_by"]) == (SITE, "subdomains", "first_seen_link:asc")
    assert "where" not in first
    assert json.loads(second["where"]) == {"field": "first_seen_link", "is": ["gte", "2026-01-01T00:03:00Z"]}


def test_the_price_is_said_before_and_what_it_cost_after(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(2)))
    fetched = desk.fetch(ahrefs(server))
    assert desk.said == [
        f"{SITE} ahrefs_backlinks: all links of {SITE}, the next 4: at most 68 units; 100,000 left this month",
        f"{SITE} ahrefs_backlinks: 2 links for 50 units",
    ]
    assert (fetched.units, desk.left()) == (50, 99_950)


def test_a_dry_run_says_the_price_and_asks_nothing(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(2)))
    assert desk.fetch(AhrefsApi({"host": server.address}), dry_run=True).reason is None
    assert (server.asked, desk.files(), desk.left()) == ([], {}, 100_000)
    assert "at most 99,994 units" in desk.said[0]


def test_without_a_cap_nothing_is_asked(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(2)))
    fetched = desk.fetch(ahrefs(server), cap=None)
    assert fetched.reason is not None
    assert "ahrefs_monthly_cap" in fetched.reason
    assert (server.asked, fetched.is_capped) == ([], False)


def test_the_cap_between_pages_keeps_the_pages_and_the_next_month_goes_on(desk: Desk, serve: Serve):
    service = Ahrefs(links(9))
    server = serve(service)
    fetched = desk.fetch(ahrefs(server), cap=4 * ROW + 10)
    assert fetched.is_capped
    assert fetched.reason == "monthly cap reached: 10 units left, too few for another page"
    assert len(fetched.saved) == 1
    december = datetime.date(2026, 12, 1)
    rest = desk.choose(december)
    assert rest is not None
    assert desk.fetch(ahrefs(server), order=rest).reason is None
    assert list(desk.files())[1:] == [f"ahrefs_api.all-backlinks.2026-12-01.full.page-{n}.json" for n in (1, 2)]
    assert set(urls(desk.files())) == {link["url_from"] for link in service.links}
    later = desk.choose(december + datetime.timedelta(days=1))
    assert later is not None
    assert later.kind == "new", "nothing is left over"


def test_the_rest_of_another_targets_list_is_not_asked(semrush_desk: Desk, serve: Serve):
    server = serve(Semrush(lines(9)))
    semrush_desk.fetch(semrush(server), cap=4 * 40)
    december = semrush_desk.order(datetime.date(2026, 12, 1))
    semrush_desk.fetch(semrush(server), order=dataclasses.replace(december, target=f"www.{SITE}", mode="domain"))
    offsets = [(asked.parameters["target"], asked.parameters["display_offset"]) for asked in pages(server)]
    assert offsets == [(SITE, "0"), *[(f"www.{SITE}", offset) for offset in ("0", "4", "8")]]


def test_a_small_rest_of_the_cap_buys_a_small_page(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(9)))
    desk.fetch(ahrefs(server), cap=4 * ROW + 3 * ROW)
    assert [asked.parameters["limit"] for asked in pages(server)] == ["4", "3"]


def test_what_the_account_has_left_counts_like_the_cap(desk: Desk, serve: Serve):
    service = Ahrefs(links(9))
    service.limit, service.used = 1000, 960
    server = serve(service)
    assert desk.fetch(ahrefs(server)).is_capped
    assert pages(server) == []


def test_more_links_of_one_moment_than_a_page_holds_are_all_fetched(desk: Desk, serve: Serve):
    service = Ahrefs(links(3) + links(11, seconds_apart=0))
    server = serve(service)
    assert desk.fetch(ahrefs(server)).reason is None
    assert set(urls(desk.files())) == {link["url_from"] for link in service.links}


def test_links_of_one_moment_beyond_the_cap_are_not_paid_for_again(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(11, seconds_apart=0)))
    assert desk.fetch(ahrefs(server), cap=10 * ROW).is_capped
    asked = len(pages(server))
    assert desk.fetch(ahrefs(server), cap=10 * ROW).is_capped
    assert len(pages(server)) == asked


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (Reply(b'{"error":"Too many requests"}', 429, {"Retry-After": "17"}), [17]),
        (Reply(b"oops", 500), [5]),
        (Reply(b"oops", 503), [5]),
    ],
)
def test_a_refused_attempt_is_made_again_and_costs_nothing(
    desk: Desk, serve: Serve, trouble: Reply, waits: list[float]
):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), trouble]
    assert desk.fetch(ahrefs(server)).reason is None
    assert (desk.waits, desk.left()) == (waits, 99_950)


def test_a_connection_cut_in_the_middle_saves_nothing_of_it_and_counts_in_full(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), Reply(b'{"backlinks":[{"url_from":', is_cut=True)]
    assert desk.fetch(ahrefs(server)).reason is None
    assert list(desk.files().values()) == server.sent[1:]
    assert desk.left() == 100_000 - 4 * ROW - 50


def test_answers_that_are_lost_again_are_not_paid_five_times(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), *[Reply(b'{"backlinks":[{"url_from":', is_cut=True)] * 9]
    fetched = desk.fetch(ahrefs(server))
    assert fetched.reason is not None
    assert fetched.reason.endswith("asked 2 times")
    assert desk.left() == 100_000 - 2 * 4 * ROW


def test_links_without_a_moment_end_the_list(desk: Desk, serve: Serve):
    server = serve(Ahrefs(links(3)))
    undated = [{**link, "first_seen_link": None} for link in links(1)]
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), Reply(json.dumps({"backlinks": links(3) + undated}).encode())]
    assert desk.fetch(ahrefs(server)).reason is None
    assert [json.loads(asked.parameters.get("where", "{}")).get("is") for asked in pages(server)] == [
        None,
        ["gte", "2026-01-01T00:02:00Z"],
    ]


@pytest.mark.parametrize("body", [b'{"limits_and_usage":[]}', b'{"limits_and_usage":{"units_limit_workspace":"many"}}'])
def test_a_balance_that_cannot_be_read_is_a_reason(desk: Desk, serve: Serve, body: bytes):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(body)]
    assert (desk.fetch(ahrefs(server)).reason or "").startswith("the balance cannot be read")
    assert pages(server) == []


def test_a_server_that_is_not_there_costs_nothing(desk: Desk, serve: Serve):
    server = serve(Ahrefs([]))
    api = ahrefs(server)
    server.__exit__()
    fetched = desk.fetch(api)
    assert fetched.reason is not None
    assert "no connection" in fetched.reason
    assert desk.left() == 100_000


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"backlinks": {}}', b'{"backlinks": ["a"]}', b'{"error": "x"}'])
def test_an_ahrefs_answer_of_another_shape_is_refused_and_not_saved(desk: Desk, serve: Serve, body: bytes):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), Reply(body)]
    fetched = desk.fetch(ahrefs(server))
    assert fetched.reason is not None
    assert "not saved" in fetched.reason
    assert desk.files() == {}


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Reply(b'{"error":"API units limit reached"}', 403), "refused (403): API units limit reached"),
        (Reply(b'{"error":"bad column"}', 400), "refused (400): bad column"),
        (Reply(b"", 302, {"Location": "https://elsewhere.example/"}), "refused (302)"),
    ],
)
def test_a_refusal_is_a_reason_and_is_not_tried_again(desk: Desk, serve: Serve, trouble: Reply, said: str):
    server = serve(Ahrefs(links(2)))
    server.troubles = [Reply(b'{"limits_and_usage":{}}'), trouble]
    fetched = desk.fetch(ahrefs(server))
    assert fetched.reason is not None
    assert fetched.reason.startswith(said)
    assert (desk.waits, desk.left()) == ([], 100_000)


def test_a_wrong_key_is_told_without_it_before_anything_is_paid(desk: Desk, semrush_desk: Desk, serve: Serve):
    first = desk.fetch(ahrefs(serve(Ahrefs(links(1))), key="wrong-secret")).reason or ""
    second = semrush_desk.fetch(semrush(serve(Semrush(lines(1))), key="wrong-secret")).reason or ""
    assert first.startswith("the API key was refused (401)")
    assert second == "refused (200): ERROR 120 :: WRONG KEY - ID PAIR"
    assert "wrong-secret" not in first + second
    assert desk.left() == semrush_desk.left() == 100_000


def test_a_key_is_not_told_by_what_goes_wrong(desk: Desk, semrush_desk: Desk, serve: Serve):
    broken = desk.fetch(ahrefs(serve(Ahrefs(links(1))), key="s3cret\nkey")).reason or ""
    server = serve(Semrush(lines(1)))
    server.troubles = [Reply(b"1,000"), Reply(b"not here: /analytics/v1/?key=test-key&type=backlinks", 404)]
    moved = semrush_desk.fetch(semrush(server)).reason or ""
    server.troubles = [Reply(b"1,000"), Reply(b"moved: /analytics/v1/?key=test-key&type=backlinks")]
    unread = semrush_desk.fetch(semrush(server)).reason or ""
    assert broken.startswith("cannot be asked: the key or the host of the connection")
    assert moved.startswith("refused (404)")
    assert unread.startswith("not the CSV it should be")
    assert not [said for said in (broken, moved, unread) if "s3cret" in said or "test-key" in said]


def test_a_key_is_taken_without_the_line_end_behind_it(desk: Desk, semrush_desk: Desk, serve: Serve):
    assert desk.fetch(ahrefs(serve(Ahrefs(links(1))), key="test-key\n")).reason is None
    assert semrush_desk.fetch(semrush(serve(Semrush(lines(1))), key=" test-key\n")).reason is None


def test_no_key_is_a_reason(desk: Desk):
    assert desk.fetch(AhrefsApi({})).reason == "no API key: the connection has no password"


def test_what_is_new_is_asked_every_day_and_everything_once_a_cadence(desk: Desk, serve: Serve):
    service = Ahrefs(links(3))
    server = serve(service)
    assert desk.choose(TODAY) == desk.order()
    desk.fetch(ahrefs(server))
    assert desk.choose(TODAY) is None
    assert desk.choose(TODAY, is_wished=True) == desk.order()
    tomorrow = TODAY + datetime.timedelta(days=1)
    new = desk.choose(tomorrow)
    assert new is not None
    assert (new.kind, new.since) == ("new", datetime.date(2026, 11, 21))
    service.links.append({**AHREFS_LINKS[0], "first_seen_link": "2026-11-23T10:00:00Z"})
    fetched = desk.fetch(ahrefs(server), order=new)
    assert fetched.saved == ["ahrefs_api.all-backlinks.2026-11-24.new-since-2026-11-21.page-1.json"]
    assert len(urls({name: desk.files()[name] for name in fetched.saved})) == 1
    later = desk.choose(TODAY + datetime.timedelta(days=7))
    assert later is not None
    assert later.kind == "full"
    assert desk.choose(TODAY + datetime.timedelta(days=3), can_filter=False) is None


def test_nothing_new_brings_no_file(desk: Desk, serve: Serve):
    server = serve(Ahrefs([]))
    fetched = desk.fetch(ahrefs(server))
    assert (fetched.saved, fetched.reason, desk.files()) == ([], None, {})
    assert desk.choose(TODAY) is None


def test_semrush_pages_count_from_the_first_row(semrush_desk: Desk, serve: Serve):
    server = serve(Semrush(lines(9)))
    fetched = semrush_desk.fetch(semrush(server))
    assert fetched.reason is None
    assert list(semrush_desk.files()) == [f"semrush_api.backlinks.2026-11-23.full.page-{n}.csv" for n in (1, 2, 3)]
    assert list(semrush_desk.files().values()) == server.sent[1:]
    limits = [(asked.parameters["display_offset"], asked.parameters["display_limit"]) for asked in pages(server)]
    assert limits == [("0", "4"), ("4", "8"), ("8", "12")]
    assert {asked.parameters["display_sort"] for asked in pages(server)} == {"first_seen_asc"}
    assert (fetched.units, semrush_desk.left()) == (360, 99_640)


def test_semrush_nothing_found_is_no_error_also_after_a_full_page(semrush_desk: Desk, serve: Serve):
    server = serve(Semrush(lines(4)))
    fetched = semrush_desk.fetch(semrush(server))
    assert (len(fetched.saved), fetched.reason, fetched.units) == (1, None, 160)
    assert len(pages(server)) == 2


def test_semrush_asks_no_more_than_the_balance_pays(semrush_desk: Desk, serve: Serve):
    service = Semrush(lines(9))
    service.balance = 250
    server = serve(service)
    fetched = semrush_desk.fetch(semrush(server))
    assert fetched.is_capped
    assert [asked.parameters["display_limit"] for asked in pages(server)] == ["4", "6"]


@pytest.mark.parametrize(
    ("trouble", "waits", "said"),
    [
        (Reply(b"ERROR 131 :: LIMIT EXCEEDED"), [5], None),
        (Reply(b"slow down", 429, {"Retry-After": "9"}), [9], None),
        (Reply(b"ERROR 132 :: API UNITS BALANCE IS ZERO", 403), [], "refused (403): ERROR 132 :: API UNITS BALANCE"),
        (Reply(b"<html>maintenance</html>"), [], "not the CSV it should be"),
        (Reply(b""), [], "not the CSV it should be"),
    ],
)
def test_semrush_errors_come_as_text(
    semrush_desk: Desk, serve: Serve, trouble: Reply, waits: list[float], said: str | None
):
    server = serve(Semrush(lines(2)))
    server.troubles = [Reply(b"1,000"), trouble]
    fetched = semrush_desk.fetch(semrush(server))
    assert semrush_desk.waits == waits
    assert (fetched.reason or "").startswith(said or "")
    assert (fetched.reason is None) == (said is None) == (len(semrush_desk.files()) == 1)


def test_every_documented_price_is_the_default():
    assert AhrefsApi({}).price(1) == 50
    assert AhrefsApi({}).price(1000) == 17_000
    assert SemrushApi({}).price(1000) == 40_000
