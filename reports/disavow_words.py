"""A disavow proposal in sentences, for the terminal, the file's comments and the dossier alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from reports.client_words import fill_seen
from reports.disavow import LEFT_OUT, Proposal
from reports.disavow_data import ReferringDomain
from reports.disavow_file import Fault
from reports.messages import say
from reports.told_words import say_told
from transforms.schemas.vocabulary import RISKY_ORIGINS

MOST_REASONS = 3
"""Rules told of a domain, the weightiest first: enough to judge it, and a line of the file stays a line."""

LEAST_WEIGHT = 0.3
"""Log-odds from which on a rule is told: below, it moves the odds by less than a third and only distracts."""

MOST_NAMED = 10
"""Domains named in one sentence; the rest is counted."""

DOING_NOTHING = ("removed", "covered", "unsure", "marked", "lost", "allowed")
"""What of the links left out is a reason to leave it at that."""


def flatten(text: str) -> str:
    """Text of an export as one line of plain letters: line ends become spaces, controls a visible mark.

    A terminal and a file have no markup to escape, but they have control characters and orders of direction.
    """
    spaced = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in spaced)


def say_answer(proposal: Proposal, language: str) -> str:
    """The answer in one sentence: nothing to do, or so many lines to read before anything is done."""
    if not proposal.added:
        return say("disavow.answer.nothing", language)
    if not proposal.is_open:
        return say("disavow.answer.nothing_now", language)
    key = "disavow.answer.propose" if proposal.view.link_actions else "disavow.answer.reviewed"
    return say(
        key, language, lines=len(proposal.added), domains=len(proposal.added_domains), who=proposal.reviewed_by,
        extent=_say_extent(proposal, language),
    )  # fmt: skip


def _say_extent(proposal: Proposal, language: str) -> str:
    """How many domains are named whole, and how many pages one by one."""
    pages = sum(entry.kind == "url" for entry in proposal.added)
    whole = len(proposal.added) - pages
    key = "both" if whole and pages else "whole" if whole else "pages"
    return say(f"disavow.extent.{key}", language, whole=whole, pages=pages)


def say_reasons(proposal: Proposal, language: str) -> list[str]:
    """Why: manual actions first, then what there is to disown, then what makes a disavowal needless."""
    view = proposal.view
    if not view.domain_count and not view.domains:
        return [say("disavow.why.no_links", language)]
    sentences = [
        say("disavow.why.action" if action.is_about_links else "disavow.why.other_action", language,
            name=action.name, starts_on=action.starts_on)
        for action in view.actions
    ]  # fmt: skip
    if not view.link_actions:
        sentences.append(say("disavow.why.no_action", language))
    arranged = len(proposal.added_domains)
    key = "disavow.why.arranged" if arranged else "disavow.why.no_arranged"
    sentences.append(say(key, language, count=arranged, domains=view.domain_count))
    if proposal.placed:
        sentences.append(say("disavow.why.placed", language, count=len(proposal.placed), named=_name(proposal.placed)))
    if view.spam_domain_count:
        sentences.append(say("disavow.why.spam", language, count=view.spam_domain_count))
    for reason in DOING_NOTHING:
        if domains := proposal.left_out.get(reason):
            sentences.append(say(f"disavow.why.{reason}", language, count=len(domains), named=_name(domains)))
    return sentences


def say_losses(proposal: Proposal, language: str) -> str:
    """What natural links would be lost, counted and by domain."""
    losing = proposal.natural_losses
    if not losing:
        return say("disavow.losses.none", language)
    named = [f"{domain.source_domain} ({domain.natural_count})" for domain in losing]
    return say(
        "disavow.losses", language, links=sum(domain.natural_count for domain in losing), domains=len(losing),
        named=_join(named, language),
    )  # fmt: skip


def say_domain(domain: ReferringDomain, language: str) -> list[str]:
    """Why a domain is proposed: what the team says of it, or the rules that applied, the weightiest first."""
    sentences = []
    if domain.told_by and domain.origin in RISKY_ORIGINS:
        sentences.append(
            say_told(
                domain.told_by, language, origin=domain.told_origin,
                subject=domain.told_subject or domain.source_domain, who=domain.label_who, day=domain.told_on,
            )
        )  # fmt: skip
    telling = [found for found in domain.evidence if found.weight >= LEAST_WEIGHT]
    for found in (telling or domain.evidence[:1])[:MOST_REASONS]:
        told = found.says_nl if language == "nl" else found.says_en
        sentences.append(fill_seen(told, found.seen))
    return sentences


def say_advice(domain: ReferringDomain, language: str) -> list[str]:
    """What to do or weigh before disowning a domain; empty for most."""
    sentences = []
    if domain.placed_count:
        key = "disavow.advice.placed" if domain.placed_on else "disavow.advice.placed_once"
        sentences.append(say(key, language, placed_on=domain.placed_on, campaign=domain.campaign))
    if domain.natural_count:
        sentences.append(say("disavow.advice.natural", language, count=domain.natural_count))
    return sentences


def say_resemblance(domain: ReferringDomain, language: str) -> str:
    """What the domain's strongest arranged-looking link resembles, with the probability."""
    return say(f"disavow.resembles.{domain.origin}", language, probability=domain.probability)


def say_fault(fault: Fault, language: str) -> str:
    """What breaks a limit, and what is asked for."""
    return say(f"disavow.fault.{fault.reason}", language, found=fault.found, most=fault.most)


def count_left_out(proposal: Proposal) -> list[tuple[str, int]]:
    """(reason, domains) of what is not proposed, in the order told."""
    return [(reason, len(proposal.left_out[reason])) for reason in LEFT_OUT if reason in proposal.left_out]


def _name(domains: Sequence[ReferringDomain]) -> str:
    names = sorted(domain.source_domain for domain in domains)
    more = "" if len(names) <= MOST_NAMED else f", … (+{len(names) - MOST_NAMED})"
    return ", ".join(names[:MOST_NAMED]) + more


def _join(names: Sequence[str], language: str) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    left = len(names) - MOST_NAMED
    return shown if left <= 0 else say("disavow.and_more", language, shown=shown, count=left)
