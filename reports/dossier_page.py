"""The dossier of an incident: evidence, log and proposal on paper, for a reconsideration request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.addresses import place_site
from reports.disavow import Proposal, propose_disavowal
from reports.disavow_data import ReferringDomain
from reports.disavow_words import say_advice, say_answer, say_domain, say_losses, say_reasons, say_resemblance
from reports.dossier_data import DossierView, Note
from reports.messages import name_term
from reports.page_template import render_page
from reports.sentences import Speaker
from reports.views import Cause, Drop, Pair, SiteView

MOST_DOMAINS = 120
"""Domains of the evidence and of the log: some twelve sheets each, and a page below 400 KB."""

MOST_LINES = 300
"""Proposed lines that are printed: two sheets in three columns; the command writes them all to a file."""

BLANK_LINES = 6
"""Ruled lines for what a team writes by hand."""

_PLAIN_NAME = re.compile(r"[a-z0-9.-]{1,100}")


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """A referring domain of the evidence, in words."""

    domain: ReferringDomain
    resembles: str
    reasons: tuple[str, ...]
    state: str


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """A line of the log that the team fills in, with what is known of it already."""

    source_domain: str
    notes: tuple[str, ...]
    removed: str


def name_dossier_page(drop_id: str) -> str:
    """The file name of the dossier of a drop, in the folder of its site."""
    return f"dossier-{drop_id}.html"


def render_dossier(view: SiteView, dossier: DossierView, drop: Drop, speaker: Speaker) -> str:
    """The dossier of one incident: the same for every reader, with room to write in."""
    concerned = list_concerned(dossier)
    shown = concerned[:MOST_DOMAINS]
    counted = _count_states(concerned)
    proposal = propose_disavowal(dossier.disavow)
    site_domain = view.site.site_domain
    return render_page(
        "dossier.html.j2", speaker, place_site(site_domain, name_dossier_page(drop.drop_id)),
        site=view.site, as_of=view.as_of, drop=drop, counted=counted,
        opening=_open_dossier(view, dossier, drop, speaker),
        context=_say_context(view, dossier, drop, speaker),
        evidence=[_make_evidence(domain, speaker) for domain in shown],
        log=_make_log(shown, dossier.notes, speaker), left_count=len(concerned) - len(shown), proposal=proposal,
        answer=say_answer(proposal, speaker.language), reasons=say_reasons(proposal, speaker.language),
        losses=say_losses(proposal, speaker.language) if proposal.added else "",
        lines=_list_lines(proposal), advice=_list_advice(proposal, speaker), most_lines=MOST_LINES,
        blank_lines=BLANK_LINES, plain_name=site_domain if _PLAIN_NAME.fullmatch(site_domain) else "",
    )  # fmt: skip


def list_concerned(dossier: DossierView) -> list[ReferringDomain]:
    """The domains a dossier is about: those with links that likely are arranged; standing ones first, then surest."""
    arranged = [domain for domain in dossier.disavow.domains if domain.arranged_count]
    return sorted(arranged, key=lambda domain: (domain.is_lost, -domain.probability, domain.source_domain))


def _count_states(domains: Sequence[ReferringDomain]) -> dict[str, int]:
    lost = sum(domain.is_lost for domain in domains)
    return {"domains": len(domains), "lost": lost, "live": len(domains) - lost}


def _open_dossier(view: SiteView, dossier: DossierView, drop: Drop, speaker: Speaker) -> tuple[str, str, str]:
    """What happened, what it is consistent with, what to do next."""
    segment = "segment.site" if drop.segment == "site" else drop.segment
    fell = speaker.say(
        "dossier.happened.drop", site=view.site.site_domain, starts_on=drop.starts_on, depth=drop.depth_share,
        provider=drop.provider, segment=name_term(segment, speaker.language),
    )  # fmt: skip
    key = "dossier.happened.back" if drop.recovered_on else "dossier.happened.not_back"
    back = speaker.say(key, recovered_on=drop.recovered_on, as_of=view.as_of)
    why = speaker.say("dossier.why.no_cause")
    if causes := sorted(_causes_of(view, drop), key=lambda cause: (-cause.probability, cause.cause)):
        key = "dossier.happened.unknown" if causes[0].cause == "unknown" else "dossier.happened.cause"
        why = speaker.say(key, cause=f"cause.{causes[0].cause}", probability=causes[0].probability)
    # A domain whose links are gone or marked has nothing left to take away.
    unmarked = sum(domain.open_count > 0 for domain in list_concerned(dossier))
    step = "no_action" if not dossier.disavow.link_actions else "action" if unmarked else "action_done"
    return f"{fell} {back}", why, speaker.say(f"dossier.next.{step}", domains=unmarked)


def _say_context(view: SiteView, dossier: DossierView, drop: Drop, speaker: Speaker) -> list[str]:
    """The strongest surge before the drop, and the manual actions that stand."""
    said = []
    pair = max(_pairs_of(view, drop), key=lambda pair: (pair.probability, pair.pair_id), default=None)
    surge = next((surge for surge in view.surges if pair and surge.surge_id == pair.surge_id), None)
    if pair and surge:
        said.append(
            speaker.say(
                "dossier.happened.surge", days=pair.lag_days, starts_on=surge.starts_on, origin=surge.origin,
                observed=surge.observed_count, expected=surge.expected_count, probability=pair.probability,
            )
        )  # fmt: skip
    for action in dossier.disavow.actions:
        key = "disavow.why.action" if action.is_about_links else "disavow.why.other_action"
        said.append(speaker.say(key, name=action.name, starts_on=action.starts_on))
    if not dossier.disavow.actions:
        said.append(speaker.say("dossier.happened.no_action"))
    return said


def _causes_of(view: SiteView, drop: Drop) -> list[Cause]:
    return [cause for cause in view.causes if cause.drop_id == drop.drop_id]


def _pairs_of(view: SiteView, drop: Drop) -> list[Pair]:
    return [pair for pair in view.pairs if pair.drop_id == drop.drop_id]


def _make_evidence(domain: ReferringDomain, speaker: Speaker) -> EvidenceRow:
    return EvidenceRow(
        domain=domain,
        resembles=say_resemblance(domain, speaker.language),
        reasons=tuple(say_domain(domain, speaker.language)),
        state=_say_state(domain, speaker),
    )


def _say_state(domain: ReferringDomain, speaker: Speaker) -> str:
    if domain.is_lost:
        return speaker.say("dossier.state.lost", lost_on=domain.lost_on)
    if not domain.open_count and domain.marked_count:
        return speaker.say("dossier.state.marked")
    return speaker.say("dossier.state.some" if domain.lost_count else "dossier.state.live", lost=domain.lost_count)


def _make_log(domains: Sequence[ReferringDomain], notes: Sequence[Note], speaker: Speaker) -> list[LogRow]:
    by_domain: dict[str, list[Note]] = {}
    for note in notes:
        by_domain.setdefault(note.source_domain, []).append(note)
    rows = []
    for domain in domains:
        removed = ""
        if domain.removed_on:
            removed = speaker.say("dossier.removed.told", day=domain.removed_on)
        elif domain.is_lost:
            removed = speaker.say("dossier.removed.seen", day=domain.lost_on)
        said = tuple(_say_note(note, speaker) for note in by_domain.get(domain.source_domain, []))
        rows.append(LogRow(source_domain=domain.source_domain, notes=said, removed=removed))
    return rows


def _say_note(note: Note, speaker: Speaker) -> str:
    told = {"day": note.said_on, "who": note.said_by, "origin": note.origin, "campaign": note.campaign}
    sentence = speaker.say(f"dossier.note.{note.said}", **told)
    return f"{sentence} {note.note}" if note.note else sentence


def _list_lines(proposal: Proposal) -> list[str]:
    """The lines to add; none while the command would not show them either."""
    return [entry.line for entry in proposal.added] if proposal.is_open else []


def _list_advice(proposal: Proposal, speaker: Speaker) -> list[tuple[str, str]]:
    """(domain, sentence) of what is to be weighed before its line is handed in."""
    if not proposal.is_open:
        return []
    return [
        (domain.source_domain, sentence)
        for domain in proposal.added_domains
        for sentence in say_advice(domain, speaker.language)
    ]
