"""The proposed disavow file as text: the present file as it is, and below it what is proposed."""

from __future__ import annotations

from reports.disavow import Proposal
from reports.disavow_file import DisavowFile, parse_disavow
from reports.disavow_words import flatten, say_advice, say_domain, say_resemblance
from reports.messages import say

LONGEST_COMMENT = 300
"""Characters of one comment line: a reason with an address in it still fits a screen."""


def write_disavow(proposal: Proposal, language: str) -> str:
    """The whole file: every line of the present file in its place and letter by letter, then the lines to add.

    Each added domain has its reasons above it as comments. Where they would break the limits of the whole file, they
    are left out and the entries stay.
    """
    text = _write(proposal, language, has_reasons=True)
    if parse_disavow(text.encode(), "").faults:
        text = _write(proposal, language, has_reasons=False)
    return text


def check_text(text: str, name: str) -> DisavowFile:
    """The file that was written, read again: its faults are what the limits say of it."""
    return parse_disavow(text.encode(), name)


def _write(proposal: Proposal, language: str, *, has_reasons: bool) -> str:
    present = proposal.present
    lines = [line.text for line in present.lines]
    if proposal.added:
        if lines and lines[-1].strip():
            lines.append("")
        lines += [_comment(sentence) for sentence in _say_heading(proposal, language)]
        told: str | None = None
        for entry in proposal.added:
            domain = entry.domain
            if has_reasons and domain.source_domain != told:
                told = domain.source_domain
                reasons = [say_resemblance(domain, language), *say_domain(domain, language)]
                lines += [_comment(sentence) for sentence in (" ".join(reasons), *say_advice(domain, language))]
            lines.append(entry.line)
    return present.line_end.join([*lines, ""])


def _say_heading(proposal: Proposal, language: str) -> list[str]:
    view = proposal.view
    sentences = [say("disavow.file.heading", language, site=view.site_domain, day=view.as_of)]
    sentences += [
        say("disavow.file.action", language, name=action.name, starts_on=action.starts_on)
        for action in view.link_actions
    ]
    if proposal.reviewed_by:
        sentences.append(say("disavow.file.reviewed_by", language, who=proposal.reviewed_by))
    return sentences


def _comment(sentence: str) -> str:
    """One comment line: no line end or control of an anchor text gets out of it."""
    text = flatten(sentence)
    return f"# {text}" if len(text) <= LONGEST_COMMENT else f"# {text[: LONGEST_COMMENT - 1]}…"
