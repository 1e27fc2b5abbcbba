"""Thresholds and priors of the signals, bound by name into the SQL of this stage.

Published numbers are rules of thumb that nobody has validated; priors are guesses. docs/methods-origins.md says which.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What may be tuned in signals; every field says its unit and where its default comes from."""

    shared_domain_count: int = 5
    """Referring domains that share an anchor, page address or title before it speaks: published rule of 5 or more."""

    farm_host_count: int = 5
    """Host names of one weak domain that make a subdomain farm: guess, after "multiple same-root subdomains"."""

    sitewide_page_count: int = 20
    """Pages of one domain that link to one target page: published site-wide rule of 20 or more."""

    weak_authority: float = 5.0
    """Domain authority (0 to 100) at or below which a domain is weak: published floor for "weak domain"; guess."""

    strong_authority: float = 40.0
    """Domain authority (0 to 100) from which zero visits are odd: published cases are 50 to 61; 40 is a guess."""

    audience_visits: float = 100.0
    """Visits a month from which a domain has an audience: guess; link buyers ask for 1,000."""

    foreign_domain_count: int = 20
    """Referring domains whose titles are in a writing system other than the site's usual one: guess."""

    swap_days: int = 60
    """Days between the link in and the link out within which they look agreed: research/published method, 60."""

    prior_natural: float = -0.51
    """ln of the share of natural links before any evidence: guess of 60 %."""

    prior_spam: float = -1.61
    """ln of the share of spam links: guess of 20 %; every old site has thousands of them."""

    prior_bought: float = -2.81
    """ln of the share of bought links: guess of 6 %."""

    prior_exchanged: float = -3.0
    """ln of the share of exchanged links: guess of 5 %, below the published median of 6.45 % reciprocal links."""

    prior_link_programme: float = -3.0
    """ln of the share of links from programmes and networks: guess of 5 %."""

    prior_guest_post: float = -3.22
    """ln of the share of guest posts: guess of 4 %."""

    least_evidence: float = 0.5
    """Log-odds of evidence (without the prior) that the likeliest origin needs; below it the origin is unknown."""

    basket_share: float = 0.8
    """Share of a tracker's days on which a keyword must have been checked to be in the fixed basket: guess."""

    least_tracked_days: int = 14
    """Days of tracking a provider needs for a daily series: two weeks, so that weekdays can be told apart."""

    unknown_volume: float = 1.0
    """Searches a month assumed where the tracker gives none, so that such keywords weigh equally: convention."""

    least_older_links: int = 20
    """Living links from before the first day an export lists, from which that first day may be the edge of a window:
    fewer may all be gone by chance: guess."""

    least_older_share: float = 0.2
    """The same as a share of the links known by then: an export of survivors still lists some of the oldest fifth;
    guess."""

    lag_days: int = 60
    """Days after its first sight within which a provider has published a link: published crawl rounds take weeks; what
    comes later cannot be told from a link that was lost and found."""

    settled_days: int = 120
    """Days beyond ``lag_days`` in which an export is checked for listing what it should: four months, since providers
    drop links not seen for six."""

    least_settled_domains: int = 5
    """Domains of those days an export needs to bear witness about lag: with fewer, one lost domain decides; guess."""

    least_settled_share: float = 0.8
    """Share of those domains an export must list to bear witness: a tenth or so comes and goes; a filter of the
    provider (followed, living, one per domain) costs more; guess."""

    least_lag_domains: int = 50
    """Domains from which the listed share of a band of days is known: its standard error is then at most .07."""

    lockstep_targets: int = 3
    """Pages that a referring domain must link to belong to a group: two are a home page and an article."""

    lockstep_sources: int = 5
    """Referring domains from which a group of sources is one: docs/methods-lockstep.md says what chance gives."""
