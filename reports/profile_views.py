"""What the profile of a site shows below its time axis: links by text, source, life, exchange and page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from reports.views import Event

ANCHOR_GROUPS = ("brand", "address", "generic", "keyword", "money", "other")
"""What a link text is, for people: the kinds of signals.anchors, those gathered that say the same."""

LIFE_GROUPS = ("natural", "arranged", "spam", "unknown")
"""Origins whose lives are told together, in the order told."""


@dataclass(frozen=True, kw_only=True)
class AnchorCount:
    """Pairs of referring domain and link text of one kind; ``is_recent`` None = without a day."""

    anchor_kind: str
    is_recent: bool | None
    pair_count: int


@dataclass(frozen=True, kw_only=True)
class AnchorProfile:
    """Shares of link texts by group; ``name`` is ``recent``, ``past``, ``all`` or a competitor's domain."""

    name: str
    is_competitor: bool
    pair_count: int
    shares: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A referring domain, beside the counts of its provider and origin; words of the site on its page."""

    provider: str
    origin: str
    domain_count: int
    authority_known_count: int
    authority_median: float | None
    relevance_known_count: int
    relevant_count: int
    source_domain: str
    source_authority: float | None
    topic_count: int | None
    """None = not known."""


@dataclass(frozen=True, kw_only=True)
class SourceMap:
    """The sources of one provider: some of each origin, and by origin the counts of all."""

    provider: str
    sources: tuple[Source, ...]

    @cached_property
    def counts(self) -> tuple[Source, ...]:
        """One source of each origin, for the counts beside it, the most frequent origin first."""
        return tuple({source.origin: source for source in reversed(self.sources)}.values())[::-1]

    @cached_property
    def points(self) -> tuple[Source, ...]:
        """The sources with a known authority."""
        return tuple(source for source in self.sources if source.source_authority is not None)

    @cached_property
    def domain_count(self) -> int:
        """Referring domains of the provider."""
        return sum(count.domain_count for count in self.counts)

    @cached_property
    def is_relevance_known(self) -> bool:
        """Whether relevance is known of most of them."""
        return 2 * sum(count.relevance_known_count for count in self.counts) > self.domain_count


@dataclass(frozen=True, kw_only=True)
class LifeCount:
    """Referring domains of one life: under observation from ``entry_days`` (-1: the start) to ``age_days``."""

    provider: str
    origin_group: str
    entry_days: int
    age_days: int
    is_lost: bool
    domain_count: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Share of domains that still stand at an age, with its 90 % interval; None = too few are observed at that age."""

    age_days: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class LifeCurve:
    """How long the referring domains of a group of origins stand. ``steps`` are (age in days, share standing)."""

    origin_group: str
    domain_count: int
    lost_count: int
    steps: tuple[tuple[int, float], ...]
    marks: tuple[Standing, ...]
    median_days: int | None


@dataclass(frozen=True, kw_only=True)
class Lives:
    """The curves of one provider; ``horizon_on`` = older losses than that are not listed."""

    provider: str
    horizon_on: datetime.date | None
    curves: tuple[LifeCurve, ...]


@dataclass(frozen=True, kw_only=True)
class ExchangePartner:
    """A domain with which links go both ways; a None in ``through`` is a domain that no export of the site names."""

    source_domain: str
    form: str
    days_apart: int | None
    link_out_url: str | None
    probability: float | None
    is_synchronous: bool
    partner_count: int
    through: tuple[str | None, ...]
    in_on: datetime.date | None
    lost_on: datetime.date | None
    out_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class ExchangeCount:
    """A row of signals.exchange_profiles."""

    is_told: bool
    linking_domain_count: int
    linked_domain_count: int | None
    mutual_count: int | None
    expected_count: float | None
    p_value: float | None
    synchronous_count: int | None
    is_beyond_expected: bool | None


@dataclass(frozen=True, kw_only=True)
class GroupMember:
    """A source of a group that acts together, with the group's own figures at this site."""

    group_id: str
    source_count: int
    starts_on: datetime.date
    ends_on: datetime.date
    source_domain: str
    first_on: datetime.date
    page_paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LinkedPage:
    """A page that arranged links lead to; levels are means a day before and from the turn on, None = not followed."""

    page_path: str
    domain_count: int
    arranged_count: int
    first_on: datetime.date | None
    last_on: datetime.date | None
    page_count: int
    provider: str | None
    before_visibility: float | None
    after_visibility: float | None
    before_position: float | None
    after_position: float | None
    other_before: float | None
    other_after: float | None
    other_count: int | None

    @property
    def change_share(self) -> float | None:
        """Change of visibility, -1 to ...; None where it cannot be told."""
        return change_share(self.before_visibility, self.after_visibility)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The day around which pages are compared, and what began there: ``drop``, ``surge``, or ``recent``."""

    day: datetime.date
    kind: str
    finding_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinkedPages:
    """The pages that arranged links lead to, compared around ``turn``."""

    turn: Turn
    pages: tuple[LinkedPage, ...]

    @property
    def linked_change(self) -> float | None:
        """Change of the pages together that are followed on both sides."""
        both = [page for page in self.pages if page.before_visibility is not None and page.after_visibility is not None]
        return change_share(
            sum(page.before_visibility or 0.0 for page in both), sum(page.after_visibility or 0.0 for page in both)
        )

    @property
    def other_change(self) -> float | None:
        """Change of the site's other followed pages together."""
        first = self.pages[0] if self.pages else None
        return change_share(first.other_before, first.other_after) if first else None


@dataclass(frozen=True, kw_only=True)
class SegmentWeek:
    """Mean visibility a day of a part of the site in the week that ends on ``ends_on``."""

    provider: str
    segment_kind: str
    segment: str
    ends_on: datetime.date
    visibility: float


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """Everything below the time axis, and what the axis has beside the site's own series."""

    segments: tuple[SegmentWeek, ...]
    planned: tuple[Event, ...]
    anchor_provider: str | None
    """The provider with most referring domains: whose texts are compared."""
    anchor_counts: tuple[AnchorCount, ...]
    anchors: tuple[AnchorProfile, ...]
    sources: SourceMap | None
    """None without any referring domain."""
    life_counts: tuple[LifeCount, ...]
    lives: Lives | None
    """None where no provider tells of lost links."""
    exchange: ExchangeCount | None
    partners: tuple[ExchangePartner, ...]
    members: tuple[GroupMember, ...]
    linked: LinkedPages
    parameters: tuple[tuple[str, str], ...]
    """What the queries were asked, beside site and day, for those who ask them again."""


def change_share(before: float | None, after: float | None) -> float | None:
    """After over before, less one; None where either is not known or there was nothing before."""
    return after / before - 1.0 if before and after is not None else None


NO_PROFILE = ProfileView(
    segments=(), planned=(), anchor_provider=None, anchor_counts=(), anchors=(), sources=None, life_counts=(),
    lives=None, exchange=None, partners=(), members=(),
    linked=LinkedPages(turn=Turn(day=datetime.date.min, kind="recent"), pages=()), parameters=(),
)  # fmt: skip
"""The profile of a site of which nothing is known."""
