"""The proposal: what is proposed and how widely, what never is, and when doing nothing is the answer."""

from __future__ import annotations

import datetime
from typing import Any

import duckdb
import pytest

from reports import disavow_file
from reports.disavow import Params, Proposal, propose_disavowal
from reports.disavow_data import Allowed, DisavowView, ManualAction, ReferringDomain, read_disavows
from reports.disavow_file import DisavowFile, parse_disavow
from reports.disavow_text import write_disavow
from reports.disavow_words import say_answer, say_losses, say_reasons
from reports.messages import LANGUAGES, say
from reports.views import Evidence
from tests.reports.invented_rows import AS_OF, EMPTY, EVERYTHING, HOSTILE, LINKS_ONLY, day, insert, make_link

ACTION = ManualAction(name="Unnatural links to your site", starts_on=day("2026-11-02"), is_about_links=True)


def make_domain(name: str, **changes: Any) -> ReferringDomain:
    """A referring domain with one standing link that resembles a bought one."""
    values: dict[str, Any] = {
        "source_domain": name, "source_authority": 20.0, "arranged_count": 1, "open_count": 1,
        "open_urls": (f"https://{name}/page",), "placed_count": 0, "lost_count": 0, "marked_count": 0,
        "unsure_count": 0, "allowed_count": 0, "natural_count": 0, "unknown_count": 0,
        "first_seen_on": day("2026-08-21"), "lost_on": None, "is_lost": False, "origin": "bought", "probability": 0.93,
        "source_url": f"https://{name}/page", "target_url": f"https://{EVERYTHING}/", "anchor_text": "fine shoes",
        "told_by": None, "told_origin": None, "told_subject": None, "told_on": None, "label_who": None,
        "evidence": (Evidence(rule="money_anchor", weight=1.6, seen="fine shoes", policy_clause="L1",
                              says_en="A buying phrase: “{seen}”.", says_nl="Een koopzin: “{seen}”."),),
        "placement_count": 0, "placed_on": None, "campaign": None, "removed_on": None,
    }  # fmt: skip
    if "open_count" in changes and "open_urls" not in changes:
        urls = tuple(f"https://{name}/page-{number:03d}" for number in range(changes["open_count"]))
        changes = {"arranged_count": max(1, changes["open_count"]), "open_urls": urls, **changes}
    return ReferringDomain(**{**values, **changes})


def make_view(*domains: ReferringDomain, **changes: Any) -> DisavowView:
    values: dict[str, Any] = {
        "site_domain": EVERYTHING, "as_of": AS_OF, "domain_count": 100, "spam_domain_count": 0, "domains": domains,
        "actions": (ACTION,), "allowed": (), "loaded": None, "loaded_on": None,
    }  # fmt: skip
    return DisavowView(**{**values, **changes})


def make_file(*lines: str) -> DisavowFile:
    return parse_disavow("".join(f"{line}\n" for line in lines).encode(), "disavow.txt")


def lines_of(proposal: Proposal) -> list[str]:
    return [entry.line for entry in proposal.added]


def test_a_domain_is_proposed_whole_unless_it_holds_what_shall_stay() -> None:
    view = make_view(
        make_domain("only.example", open_count=3),
        make_domain("forum.example", open_count=2, natural_count=40),
        make_domain("mixed.example", open_count=30, natural_count=4),
        make_domain("platform.example", open_count=1, source_authority=91.0),
        make_domain("kept.example", open_count=12, allowed_count=1),
        make_domain("192.0.2.7"),
    )
    proposal = propose_disavowal(view)
    assert lines_of(proposal) == [
        "domain:only.example", "https://forum.example/page-000", "https://forum.example/page-001",
        "domain:mixed.example", "https://platform.example/page-000",
        *(f"https://kept.example/page-{number:03d}" for number in range(12)), "https://192.0.2.7/page",
    ]  # fmt: skip
    assert [(domain.source_domain, domain.natural_count) for domain in proposal.natural_losses] == [
        ("mixed.example", 4)
    ]
    assert "4" in say_losses(proposal, "en") and "mixed.example" in say_losses(proposal, "nl")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"open_count": 0, "lost_count": 1, "is_lost": True}, "lost"),
        ({"open_count": 0, "marked_count": 1}, "marked"),
        ({"open_count": 0, "unsure_count": 1}, "unsure"),
        ({"open_count": 0, "arranged_count": 0, "allowed_count": 2}, "allowed"),
        ({"placed_count": 1, "placement_count": 1, "removed_on": day("2026-11-10")}, "removed"),
        ({"open_urls": ("javascript:alert(1)",), "allowed_count": 1}, "unwritable"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_needs_no_disavow_is_left_out_and_told(changes: dict[str, Any], reason: str, language: str) -> None:
    proposal = propose_disavowal(make_view(make_domain("blog.example", **changes)))
    assert lines_of(proposal) == []
    assert [domain.source_domain for domain in proposal.left_out[reason]] == ["blog.example"]
    assert say_answer(proposal, language) == say("disavow.answer.nothing", language)
    if reason != "unwritable":
        told = say(f"disavow.why.{reason}", language, count=1, named="blog.example")
        assert told in say_reasons(proposal, language)


def test_the_present_file_covers_clashes_and_is_never_changed() -> None:
    present = make_file(
        "# asked in May", "domain:have.example", "", "https://new.example/old-page", "domain:press.example",
        "domain:good.platform.example",
    )  # fmt: skip
    view = make_view(
        make_domain("have.example"), make_domain("new.example"),
        allowed=(Allowed(allowed="press.example", allowed_kind="domain"),
                 Allowed(allowed="platform.example", allowed_kind="domain"),
                 Allowed(allowed="new.example/old-page", allowed_kind="link")),
    )  # fmt: skip
    proposal = propose_disavowal(view, present=present)
    assert lines_of(proposal) == ["domain:new.example"]
    assert [(entry.line, line.number) for entry, line in proposal.covered] == [("domain:have.example", 2)]
    assert [line.number for line in proposal.replaced] == [4]
    assert [(line.number, allowed) for line, allowed in proposal.clashes] == [
        (4, "new.example/old-page"), (5, "press.example"), (6, "platform.example"),
    ]  # fmt: skip
    text = write_disavow(proposal, "en")
    assert text.splitlines()[:6] == [line.text for line in present.lines]
    assert text.splitlines()[-1] == "domain:new.example"
    again = propose_disavowal(view, present=parse_disavow(text.encode(), "again.txt"))
    assert (lines_of(again), write_disavow(again, "en")) == ([], text)


def test_the_file_keeps_its_line_ends_and_no_text_leaves_its_comment() -> None:
    hostile = make_domain(
        "blog.example", told_by="label_domain", told_origin="bought", told_subject=f"{HOSTILE}\ndomain:good.example"
    )
    present = parse_disavow(b"domain:have.example\r\n# last", "disavow.txt")
    proposal = propose_disavowal(make_view(hostile), present=present, reviewed_by="Anna")
    for language in LANGUAGES:
        text = write_disavow(proposal, language)
        assert text.count("\r\n") == text.count("\n") == len(text.splitlines())
        written = parse_disavow(text.encode(), "new.txt")
        assert written.faults == ()
        assert [line.entry for line in written.entries] == ["have.example", "blog.example"]


def test_reasons_give_way_where_the_whole_file_would_be_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disavow_file, "MOST_LINES", 100)
    present = parse_disavow(b"# x\n" * 90, "disavow.txt")
    view = make_view(*(make_domain(f"blog-{number}.example") for number in range(6)))
    text = write_disavow(propose_disavowal(view, present=present), "en")
    written = parse_disavow(text.encode(), "new.txt")
    assert (len(written.entries), written.faults) == (6, ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_action_about_links_the_answer_is_to_do_nothing(language: str) -> None:
    other = ManualAction(name="Thin content", starts_on=day("2026-10-01"), is_about_links=False)
    view = make_view(make_domain("blog.example", placed_count=1), actions=(other,), spam_domain_count=7)
    proposal = propose_disavowal(view)
    assert not proposal.is_open
    assert say_answer(proposal, language) == say("disavow.answer.nothing_now", language)
    reasons = say_reasons(proposal, language)
    assert say("disavow.why.no_action", language) in reasons
    assert say("disavow.why.spam", language, count=7) in reasons
    assert say("disavow.why.placed", language, count=1, named="blog.example") in reasons
    assert any("Thin content" in sentence for sentence in reasons)
    assert propose_disavowal(view, reviewed_by="Anna").is_open
    assert "Anna" in say_answer(propose_disavowal(view, reviewed_by="Anna"), language)
    assert propose_disavowal(make_view()).is_open


def read(warehouse: duckdb.DuckDBPyConnection, site: str) -> DisavowView:
    others = [EVERYTHING, LINKS_ONLY, EMPTY]
    return read_disavows(warehouse, others, as_of=AS_OF, least_probability=Params().least_probability)[site]


def test_links_are_read_by_what_became_of_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    site, host = LINKS_ONLY, "mixed.example"

    def add(number: int, origin: str, **changes: Any) -> str:
        url = changes.pop("source_url", f"https://{host}/{number}")
        link, origins = make_link(site, number, origin, source_domain=host, source_url=url, probability=0.9, **changes)
        insert(warehouse, "staging.links", link)
        insert(warehouse, "signals.link_origins", origins)
        return str(link["link_id"])

    def tell(link_id: str, *, is_allowed: bool, is_declared: bool) -> None:
        insert(warehouse, "signals.told_links", {
            "link_id": link_id, "site_domain": site, "provider": "ahrefs_backlinks", "source_domain": host,
            "told_by": "placement", "told_subject": host, "is_allowed": is_allowed, "is_declared": is_declared,
            "is_disavowed": False,
        })  # fmt: skip

    tell(add(1, "bought"), is_allowed=False, is_declared=True)
    add(2, "bought", lost_on=day("2026-10-01"))
    add(3, "exchanged", is_sponsored=True)
    add(4, "natural")
    add(5, "unknown")
    tell(add(6, "natural"), is_allowed=True, is_declared=False)
    # The same link in a second index: one link, standing while any index lists it, read as the surer reading has it.
    add(7, "bought", source_url=f"https://{host}/2", provider="semrush_backlinks")
    insert(warehouse, "signals.placements_standing", {
        "site_domain": site, "source_url": f"https://{host}/1", "source_domain": host, "placed_on": day("2026-08-01"),
        "campaign": "spring", "is_seen": True, "provider_count": 1, "is_lost": False,
    })  # fmt: skip
    found = read(warehouse, site)
    domain = next(domain for domain in found.domains if domain.source_domain == host)
    assert domain.open_urls == (f"https://{host}/1", f"https://{host}/2")
    assert (domain.open_count, domain.placed_count, domain.lost_count, domain.marked_count) == (2, 1, 0, 1)
    assert (domain.natural_count, domain.unknown_count, domain.allowed_count) == (1, 1, 1)
    assert (domain.placed_on, domain.campaign, domain.removed_on) == (day("2026-08-01"), "spring", None)


def test_a_site_is_read_with_its_actions_and_its_loaded_file(warehouse: duckdb.DuckDBPyConnection) -> None:
    events = (
        ("Unnatural links to your site", EVERYTHING, "2026-11-02", None),
        ("Unnatural links, lifted", EVERYTHING, "2026-05-01", "2026-06-01"),
        ("Unnatural links elsewhere", LINKS_ONLY, "2026-11-02", None),
        ("Everybody's links", None, "2026-11-02", None),
        ("Unnatural links to come", EVERYTHING, "2026-12-02", None),
    )
    insert(warehouse, "staging.search_events", *(
        {"event_id": name, "kind": "manual_action", "name": name, "site_domain": site, "starts_on": day(starts),
         "ends_on": ends and day(ends), "source": "Search Console"}
        for name, site, starts, ends in events
    ))  # fmt: skip
    base = {
        "site_domain": EVERYTHING, "provider": "google_disavow", "observed_on": day("2026-05-11"), "merged_count": 0,
    }  # fmt: skip
    insert(
        warehouse, "staging.disavow_entries",
        {**base, "entry_kind": "domain", "entry": "zzz.example", "note": "asked in May", "row_number": 2},
        {**base, "entry_kind": "url", "entry": "http://aaa.example/list", "note": "asked in May", "row_number": 3},
        {**base, "entry_kind": "domain", "entry": "bbb.example", "note": "loose", "row_number": 5},
    )  # fmt: skip
    found = read(warehouse, EVERYTHING)
    assert [action.name for action in found.link_actions] == ["Unnatural links to your site"]
    assert found.loaded is not None
    assert [line.text for line in found.loaded.lines] == [
        "# asked in May", "domain:zzz.example", "http://aaa.example/list", "# loose", "domain:bbb.example",
    ]  # fmt: skip
    assert found.loaded_on == datetime.date(2026, 5, 11)
    assert len(found.domains) == 30
    assert found.domains[0].evidence and found.domains[0].probability >= found.domains[1].probability
    proposal = propose_disavowal(found)
    assert len(proposal.added) == 24  # six of thirty lie below the least probability
    assert len(proposal.left_out["unsure"]) == 6


def test_a_site_without_links_is_told_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    proposal = propose_disavowal(read(warehouse, EMPTY))
    assert say_reasons(proposal, "en") == [say("disavow.why.no_links", "en")]
