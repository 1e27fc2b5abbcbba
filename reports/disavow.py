"""What a disavowal would hold, domain by domain, and why it often should not be made at all.

A proposal for people: nothing here, nor anywhere else in the project, hands a file to a search engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reports.disavow_data import DisavowView, ReferringDomain
from reports.disavow_file import DisavowFile, Line, fault_of_host, fault_of_url
from transforms.ingest.hosts import host_of

LEFT_OUT = ("removed", "covered", "unsure", "marked", "lost", "allowed", "unwritable")
"""Why a referring domain with arranged-looking or allowed links is not proposed, in the order told."""


@dataclass(frozen=True)
class Params:
    """When a link is proposed, and how widely."""

    least_probability: float = 0.7
    """Probability of the origin from which on a link is proposed. Disowning a natural link costs rankings and takes
    weeks to undo, so more than the even chance at which an origin is told; links between are named for a look by
    hand."""
    most_pages: int = 10
    """Pages of one host that are still disowned one by one: more than a person checks, and the host itself is meant."""
    large_authority: float = 80.0
    """Authority (0 to 100) from which on a host is a platform or publisher on which a few arranged pages say nothing of
    the rest; providers give it to about the largest thousandth of domains."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line proposed: ``kind`` is domain or url; ``line`` what stands in the file."""

    kind: str
    line: str
    domain: ReferringDomain


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A site's proposal beside its present file.

    ``added`` are the lines to add, domain by domain; ``covered`` lines of the proposal that a line of the present file
    covers already; ``replaced`` addresses of the present file that a new ``domain:`` line covers (they stay);
    ``clashes`` lines of the present file that disown what the team allows.
    """

    view: DisavowView
    present: DisavowFile
    added: tuple[Entry, ...]
    covered: tuple[tuple[Entry, Line], ...]
    replaced: tuple[Line, ...]
    clashes: tuple[tuple[Line, str], ...]
    left_out: Mapping[str, tuple[ReferringDomain, ...]]
    reviewed_by: str | None = None
    added_domains: tuple[ReferringDomain, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether lines may be shown: a manual action about links stands, or a named person reviews them."""
        return bool(self.view.link_actions or self.reviewed_by)

    @property
    def natural_losses(self) -> tuple[ReferringDomain, ...]:
        """Domains proposed whole although natural links of theirs would go along, the most first."""
        whole = {entry.domain.source_domain for entry in self.added if entry.kind == "domain"}
        losing = [domain for domain in self.added_domains if domain.natural_count and domain.source_domain in whole]
        return tuple(sorted(losing, key=lambda domain: (-domain.natural_count, domain.source_domain)))

    @property
    def placed(self) -> tuple[ReferringDomain, ...]:
        """Domains proposed on which the team placed links itself: those it can have taken away."""
        return tuple(domain for domain in self.added_domains if domain.placed_count)


def propose_disavowal(
    view: DisavowView,
    *,
    present: DisavowFile | None = None,
    reviewed_by: str | None = None,
    params: Params | None = None,
) -> Proposal:
    """The proposal of a site beside its ``present`` file; without one, beside the newest that was loaded."""
    params = params or Params()
    present = present or view.loaded or DisavowFile("")
    added: list[Entry] = []
    covered: list[tuple[Entry, Line]] = []
    left_out: dict[str, list[ReferringDomain]] = defaultdict(list)
    added_domains = []
    for domain in view.domains:
        reason = _leave_out(domain)
        entries = [] if reason else _choose_lines(domain, params)
        found = [(entry, _find_cover(entry, present)) for entry in entries]
        new = [entry for entry, line in found if line is None]
        covered += [(entry, line) for entry, line in found if line is not None]
        added += new
        if new:
            added_domains.append(domain)
        else:
            left_out[reason or ("covered" if entries else "unwritable")].append(domain)
    return Proposal(
        view=view,
        present=present,
        added=tuple(added),
        covered=tuple(covered),
        replaced=_find_replaced(added, present),
        clashes=_find_clashes(view, present),
        left_out={reason: tuple(left_out[reason]) for reason in LEFT_OUT if reason in left_out},
        reviewed_by=reviewed_by,
        added_domains=tuple(added_domains),
    )


def _leave_out(domain: ReferringDomain) -> str | None:
    """Why a domain needs no line; None where it has links a disavowal is about."""
    if domain.open_count:
        return "removed" if domain.removed_on and domain.placed_count == domain.open_count else None
    for reason in ("unsure", "marked", "lost"):
        if getattr(domain, f"{reason}_count"):
            return reason
    return "allowed"


def _choose_lines(domain: ReferringDomain, params: Params) -> list[Entry]:
    """One ``domain:`` line, or a line a page where the domain holds what shall stay."""
    host = domain.source_domain
    must_be_pages = domain.allowed_count > 0 or fault_of_host(host) is not None
    is_mostly_other = domain.natural_count + domain.unknown_count > domain.open_count
    is_large = (domain.source_authority or 0) >= params.large_authority
    are_few = len(domain.open_urls) <= params.most_pages
    if must_be_pages or (are_few and (is_mostly_other or is_large)):
        pages = [url for url in domain.open_urls if fault_of_url(url) is None]
        return [Entry(kind="url", line=url, domain=domain) for url in pages]
    return [Entry(kind="domain", line=f"domain:{host}", domain=domain)]


def _find_cover(entry: Entry, present: DisavowFile) -> Line | None:
    if entry.kind == "domain":
        return present.find_domain(entry.domain.source_domain)
    return present.find_url(entry.line)


def _find_replaced(added: list[Entry], present: DisavowFile) -> tuple[Line, ...]:
    """Addresses and hosts of the present file below a domain that is proposed whole."""
    whole = _cover(entry.domain.source_domain for entry in added if entry.kind == "domain")
    return tuple(line for line, host in _list_hosts(present) if whole.find_domain(host))


def _find_clashes(view: DisavowView, present: DisavowFile) -> tuple[tuple[Line, str], ...]:
    """Lines of the present file that disown something the team allows, with what that is."""
    clashes: dict[int, tuple[Line, str]] = {}
    for allowed in view.allowed:  # lines that name the allowed domain, one above it, or the allowed page
        is_page = allowed.allowed_kind == "link"
        line = present.find_url(f"https://{allowed.allowed}") if is_page else present.find_domain(allowed.allowed)
        if line is not None:
            clashes.setdefault(line.number, (line, allowed.allowed))
    domains = _cover([allowed.allowed for allowed in view.allowed if allowed.allowed_kind == "domain"])
    for line, host in _list_hosts(present):  # and lines that name a host or page below an allowed domain
        if cover := domains.find_domain(host):
            clashes.setdefault(line.number, (line, cover.entry))
    return tuple(clashes[number] for number in sorted(clashes))


def _cover(domains: Iterable[str]) -> DisavowFile:
    """A file of these domains alone, for asking what they cover."""
    return DisavowFile("", tuple(Line(number=0, text="", kind="domain", entry=domain) for domain in domains))


def _list_hosts(present: DisavowFile) -> Iterator[tuple[Line, str]]:
    for line in present.entries:
        host = line.entry if line.kind == "domain" else host_of(line.entry)
        if host:
            yield line, host
