from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transforms.ingest.api_answers import search_console_empty
from tests.transforms.ingest.feeds.local_api import LocalApi, Reply, SearchConsole, google_error
from transforms.ingest.feeds.calls import PassingError, RefusalError
from transforms.ingest.feeds.ledger import FeedLedger
from transforms.ingest.feeds.orders import Fetched, SearchConsoleOrder
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.feeds.search_console import DayPlan, SearchConsoleApi, fetch_days, plan_days
from transforms.ingest.properties import property_named

TODAY = datetime.date(2026, 11, 23)
PROPERTY = "sc-domain:voorbeeldwinkel.nl"
ONE_DAY = DayPlan(window_days=2, revised_days=1, kept_days=3, rows_a_page=3)
"""2026-11-21 and no other."""

TOTALS = "voorbeeldwinkel.nl-performance.search_console_api.date.2026-11-21"
DETAILS = "voorbeeldwinkel.nl-performance.search_console_api.date-page-query.2026-11-21"
FETCHED = "fetched-2026-11-23"


@pytest.fixture
def service() -> SearchConsole:
    return SearchConsole()


@pytest.fixture
def server(service: SearchConsole) -> Iterator[LocalApi]:
    with LocalApi(service) as api:
        yield api


class Desk:
    """Fetches into a folder, today or on a later day; ``waits`` are what it would have slept."""

    def __init__(self, folder: Path, server: LocalApi) -> None:
        self.folder = folder
        self.server = server
        self.property = PROPERTY
        self.waits: list[float] = []

    def fetch(self, today: datetime.date = TODAY, plan: DayPlan = ONE_DAY, access: str = "test-token") -> Fetched:
        inbox = str(self.folder / "exports")
        return fetch_days(
            SearchConsoleApi({"token": access, "host": self.server.address}),
            SearchConsoleOrder(site_domain="voorbeeldwinkel.nl", site_property=self.property, today=today),
            SavedAnswers(inbox, "voorbeeldwinkel.nl", "search_console"),
            FeedLedger(self.folder / "feeds.jsonl", datetime.datetime.combine(today, datetime.time(5))),
            sleep=self.waits.append,
            plan=plan,
        )

    def files(self) -> dict[str, bytes]:
        folder = self.folder / "exports/voorbeeldwinkel.nl/search_console"
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))} if folder.is_dir() else {}


@pytest.fixture
def desk(tmp_path: Path, server: LocalApi) -> Desk:
    return Desk(tmp_path, server)


def test_a_day_is_asked_twice_and_saved_byte_for_byte(desk: Desk, server: LocalApi, service: SearchConsole):
    service.fill("2026-11-21", 2)
    fetched = desk.fetch()
    assert fetched.reason is None
    assert desk.files() == {
        f"{DETAILS}.{FETCHED}.page-1.json": server.sent[1],
        f"{TOTALS}.{FETCHED}.page-1.json": server.sent[0],
    }
    totals, details = (asked.content for asked in server.asked)
    assert (totals["dimensions"], details["dimensions"]) == (["date"], ["date", "page", "query"])
    assert all(
        (asked["startDate"], asked["endDate"], asked["dataState"], asked["rowLimit"])
        == ("2026-11-21", "2026-11-21", "final", 3)
        for asked in (totals, details)
    )
    assert server.asked[0].path == "/webmasters/v3/sites/sc-domain%3Avoorbeeldwinkel.nl/searchAnalytics/query"


@pytest.mark.parametrize(("rows", "pages"), [(3, 1), (4, 2), (6, 2), (7, 3)])
def test_pages_are_asked_until_a_short_one(desk: Desk, server: LocalApi, service: SearchConsole, rows: int, pages: int):
    service.fill("2026-11-21", rows)
    desk.fetch()
    saved = [body for name, body in desk.files().items() if name.startswith(DETAILS)]
    assert len(saved) == pages
    assert sum(len(json.loads(body)["rows"]) for body in saved) == rows
    starts = [asked.content["startRow"] for asked in server.asked[1:]]
    assert starts == list(range(0, rows + 1, 3))


def test_an_empty_day_brings_no_file_and_is_not_asked_for_ever(desk: Desk, server: LocalApi):
    plan = DayPlan(window_days=2, revised_days=0, kept_days=3)
    assert desk.fetch(plan=plan).saved == []
    assert desk.files() == {}
    assert len(server.asked) == 2
    desk.fetch(plan=plan)
    assert len(server.asked) == 2


def test_a_day_that_the_provider_is_late_with_is_asked_until_it_has_left_the_window(
    desk: Desk, server: LocalApi, service: SearchConsole
):
    plan = DayPlan(window_days=4, revised_days=0, newest_age_days=2, kept_days=5)
    for age in (2, 3):
        desk.fetch(datetime.date(2026, 11, 21) + datetime.timedelta(days=age), plan)
    assert desk.files() == {}
    service.fill("2026-11-21", 1)
    desk.fetch(datetime.date(2026, 11, 25), plan)
    assert list(desk.files()) == [f"{name}.fetched-2026-11-25.page-1.json" for name in (DETAILS, TOTALS)]


def test_of_another_property_every_day_is_asked_anew_and_the_name_tells_it(desk: Desk, service: SearchConsole):
    service.fill("2026-11-21", 1)
    desk.fetch()
    desk.property = "https://www.voorbeeldwinkel.nl/nl/"
    (totals, _) = desk.fetch().saved
    assert totals == f"https___www.voorbeeldwinkel.nl_nl_-performance.{TOTALS.split('.', 2)[2]}.{FETCHED}.page-1.json"
    assert property_named((totals,)) == desk.property


def test_an_unchanged_day_writes_nothing_and_a_revised_one_stands_beside(desk: Desk, service: SearchConsole):
    service.fill("2026-11-21", 2)
    desk.fetch()
    before = desk.files()
    again = desk.fetch()
    assert (again.saved, again.unchanged_count, desk.files()) == ([], 2, before)
    service.fill("2026-11-21", 2, clicks=5)
    plan = DayPlan(window_days=3, revised_days=2, kept_days=4)
    revised = desk.fetch(TODAY + datetime.timedelta(days=1), plan)
    assert sorted(revised.saved) == [
        f"{DETAILS}.fetched-2026-11-24.page-1.json",
        f"{TOTALS}.fetched-2026-11-24.page-1.json",
    ]
    assert before.items() <= desk.files().items(), "what was observed stays"


def test_a_day_that_became_empty_is_a_revision(desk: Desk, service: SearchConsole):
    service.fill("2026-11-21", 1)
    desk.fetch()
    service.rows.clear()
    desk.fetch()
    assert desk.files()[f"{TOTALS}.{FETCHED}_2.page-1.json"] == search_console_empty()


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (google_error(429, "rateLimitExceeded", **{"Retry-After": "30"}), [30]),
        (google_error(403, "quotaExceeded"), [5]),
        (google_error(403, "userRateLimitExceeded"), [5]),
        (google_error(500, "backendError"), [5]),
        (Reply(b"<html>Bad gateway</html>", 502), [5]),
        (Reply(b'{"rows": [{"keys": ["2026-11-21"]}]}', is_cut=True), [5]),
    ],
)
def test_what_passes_is_asked_again(
    desk: Desk, server: LocalApi, service: SearchConsole, trouble: Reply, waits: list[float]
):
    service.fill("2026-11-21", 2)
    server.troubles.append(trouble)
    assert desk.fetch().reason is None
    assert desk.waits == waits
    assert len(desk.files()) == 2


def test_quota_that_does_not_pass_stops_the_site_and_keeps_what_was_saved(
    desk: Desk, server: LocalApi, service: SearchConsole
):
    plan = DayPlan(window_days=3, revised_days=0, kept_days=4)
    service.fill("2026-11-21", 1)
    service.fill("2026-11-20", 1)
    good = service.__call__

    def run_out(asked: object) -> Reply:
        return good(asked) if len(server.asked) <= 3 else google_error(403, "quotaExceeded", "Quota exceeded")  # type: ignore[arg-type]

    server.service = run_out
    fetched = desk.fetch(plan=plan)
    assert fetched.reason == "quota exceeded (403): Quota exceeded; asked 5 times"
    assert len(fetched.saved) == 3
    assert desk.waits == [5, 10, 20, 40]
    server.service = service
    desk.fetch(plan=plan)
    assert len(desk.files()) == 4, "the unfinished day is due again"


def test_a_page_that_never_comes_leaves_nothing_of_its_day(desk: Desk, server: LocalApi, service: SearchConsole):
    service.fill("2026-11-21", 5)
    good = service.__call__

    def cut(asked: object) -> Reply:
        reply = good(asked)  # type: ignore[arg-type]
        return Reply(reply.body, is_cut=len(server.asked) > 2)

    server.service = cut
    fetched = desk.fetch()
    assert fetched.reason is not None
    assert "the connection broke" in fetched.reason
    assert list(desk.files()) == [f"{TOTALS}.{FETCHED}.page-1.json"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in</html>", b'{"rows": "none"}', b'{"rows": [{"query": "a"}]}', b"[]", b'{"rows": [1]}']
)
def test_an_answer_of_another_shape_is_refused_and_not_saved(desk: Desk, server: LocalApi, body: bytes):
    server.troubles.append(Reply(body))
    fetched = desk.fetch()
    assert fetched.reason is not None
    assert fetched.reason.startswith("the answer is not the JSON it should be")
    assert (desk.files(), desk.waits) == ({}, [])


def test_no_permission_names_the_property_and_what_to_do(desk: Desk, service: SearchConsole):
    service.forbidden.add(PROPERTY)
    fetched = desk.fetch()
    assert fetched.reason is not None
    assert PROPERTY in fetched.reason
    assert "as a user of that property" in fetched.reason
    assert desk.waits == []


def test_a_refused_token_is_told_without_it(desk: Desk):
    fetched = desk.fetch(access="expired-secret")
    assert fetched.reason is not None
    assert fetched.reason.startswith("credentials refused")
    assert "expired-secret" not in fetched.reason


def test_a_server_that_is_not_there_is_a_reason(desk: Desk, server: LocalApi):
    server.__exit__()
    fetched = desk.fetch()
    assert fetched.reason is not None
    assert fetched.reason.endswith("asked 5 times")


@pytest.fixture
def account(server: LocalApi) -> str:
    """The key of a service account, which signs in at the server."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "radar@project.example",
            "private_key": key.decode(),
            "token_uri": f"{server.address}/token",
        }
    )


TOKEN = Reply(b'{"access_token": "test-token", "expires_in": 3600}', headers={"content-type": "application/json"})
QUESTION = {"startDate": "2026-11-21", "endDate": "2026-11-21", "dimensions": ["date"], "rowLimit": 1}


def test_a_service_account_signs_in_with_its_key(server: LocalApi, account: str):
    server.troubles.append(TOKEN)
    api = SearchConsoleApi({"keyfile_dict": account, "host": server.address})
    assert api.query(PROPERTY, QUESTION) == search_console_empty()
    assert [asked.path.split("/")[-1] for asked in server.asked] == ["token", "query"]


def test_a_sign_in_that_is_down_may_pass(server: LocalApi, account: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    api = SearchConsoleApi({"keyfile_dict": account, "host": server.address})
    server.troubles += [Reply(b'{"error": "internal_failure"}', 503)] * 3
    with pytest.raises(PassingError, match="no access token"):
        api.query(PROPERTY, QUESTION)
    server.troubles += [Reply(b'{"error": "invalid_grant"}', 400)]
    with pytest.raises(RefusalError, match="Renew the key"):
        api.query(PROPERTY, QUESTION)


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        ({}, "no credentials"),
        ({"keyfile_dict": '{"private_key": "s3cret"}'}, "key cannot be read"),
        ({"keyfile_dict": "{"}, "key cannot be read"),
        ({"key_path": "/nowhere/key.json"}, "key cannot be read"),
    ],
)
def test_credentials_that_cannot_be_used_are_told_without_the_key(connection: dict[str, str], said: str):
    with pytest.raises(RefusalError, match=said) as raised:
        SearchConsoleApi(connection)
    assert "s3cret" not in str(raised.value)


def days_ago(*ages: int) -> list[datetime.date]:
    return [TODAY - datetime.timedelta(days=age) for age in ages]


def test_the_window_comes_first_and_then_the_youngest_gaps():
    plan = DayPlan(kept_days=20, gaps_a_night=3)
    assert plan_days(TODAY, frozenset(), plan) == days_ago(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)


def test_the_youngest_days_are_asked_again_and_the_others_once():
    plan = DayPlan(kept_days=20, gaps_a_night=3)
    fetched = frozenset(days_ago(*range(2, 13)))
    assert plan_days(TODAY, fetched, plan) == days_ago(2, 3, 4, 5, 6, 13, 14, 15)


def test_sixteen_months_are_filled_in_some_nights():
    plan = DayPlan()
    fetched: set[datetime.date] = set()
    nights = 0
    while days := [day for day in plan_days(TODAY, frozenset(fetched), plan) if day not in fetched]:
        assert len(days) <= plan.gaps_a_night + plan.window_days
        fetched |= set(days)
        nights += 1
    assert nights == 16
    assert (min(fetched), max(fetched)) == (datetime.date(2025, 7, 26), datetime.date(2026, 11, 21))
