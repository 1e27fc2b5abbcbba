"""Thresholds and priors of the signals, bound by name into the SQL of this stage.

Published numbers are rules of thumb that nobody has validated; priors are guesses. docs/methods-origins.md says which.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What may be tuned in signals; every field says its unit and where its default comes from."""

    shared_domain_count: int = 3
    """Referring domains that share an anchor, page address or title before it is kept: below the published rule of 5 or
    more that the rules use, so that a team may set it lower."""

    farm_host_count: int = 5
    """Host names of one weak domain that make a subdomain farm: guess, after "multiple same-root subdomains"."""

    burst_domain_count: int = 5
    """Domains that use one keyword for one page within a fortnight before it is kept: the published rule of shared
    anchors; the rules ask for more."""

    network_days: int = 30
    """Days within which a network serves its customers: twice the published window of lockstep; guess."""

    swap_days: int = 60
    """Days between the link in and the link out within which they look agreed: published method, 60."""

    sitewide_page_count: int = 20
    """Pages of one domain that link to one target page: published site-wide rule of 20 or more."""

    sitewide_pages_per_target: int = 10
    """Pages of a domain for each page it links to, from which its links are a template's: guess, half of the above."""

    weak_authority: float = 5.0
    """Domain authority (0 to 100) at or below which a domain is weak: published floor for "weak domain"; guess."""

    foreign_domain_count: int = 20
    """Referring domains whose titles are in a writing system other than the site's usual one: guess."""

    least_probability: float = 0.5
    """Probability that the likeliest origin needs; below it the evidence is torn and the origin unknown: more likely
    than not, as people understand "likely"."""

    site_page_count: int = 500
    """Pages of a site whose paths say what it is about: enough for a vocabulary, few enough for a laptop; guess."""

    site_keyword_count: int = 5000
    """Keywords of a site, most searched first, that count as its own money words: guess."""

    topic_count: int = 12
    """Words that stand for what a site is about: each costs a search in every text; guess."""

    kept_topic_share: float = 0.6
    """Share of a site's topics that must be found again for all of them to be kept as they are: a few new pages change
    the order of words, not what the site is about; guess."""

    least_topic_pages: int = 2
    """Pages or keywords a word must stand in to be a topic: once is an accident."""

    least_compared_sites: int = 8
    """Sites assumed where fewer are monitored, so that a word of one site among three weighs no less; guess."""

    basket_share: float = 0.8
    """Share of a tracker's days on which a keyword must have been checked to be in the fixed basket; of a block's days
    on which a page or query must have a row; and of the fullest dimension set's or index's days that a plainer one must
    cover: most, with room for a missed check a week; guess."""

    least_tracked_days: int = 14
    """Days of tracking or of search performance a provider needs for a daily series: two weeks, so that weekdays can be
    told apart."""

    usual_depth: int = 100
    """Deepest position looked at where a tracker does not say: ten pages of ten, what trackers sold for years."""

    least_segment_volume: float = 4.0
    """Searches a month that the keywords of a part have together: of four, first place gets one click (28.5 %), the
    least level that can fall."""

    least_segment_clicks: float = 1.0
    """Clicks a day of a part of the site in search performance: the least level of which a fall can be told."""

    least_block_days: int = 14
    """Days of a block of four weeks that an export must cover for the block to say what is usual: half."""

    least_kept_blocks: int = 2
    """Blocks of four weeks in which a part, page or query must be usual: one may be a fad, and a part chosen for its
    one best month would fall by choice; two are also what a level before a fall takes."""

    page_segments: int = 50
    """Pages followed per site and provider, those with most clicks (or searches): clicks are so unequal that they have
    most of them, and a thousand sites stay within what a night can test; guess."""

    directory_segments: int = 10
    """First folders followed per site and provider: a menu has about so many sections; guess."""

    market_segments: int = 10
    """Countries followed per site and provider: beyond the first ten few sites earn anything; guess."""

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

    like_crawl_share: float = 0.8
    """Domains that a crawl of the site's pages must have found, as a share of those of the next crawl, for what only
    the next one has to be new: a smaller crawl missed pages; guess, as ``least_settled_share``."""

    crawl_day_count: int = 5
    """Domains first seen on one day from which the day may be one of the crawler's: fewer may well come together."""

    crawl_day_share: float = 0.2
    """The same as a share of the dated domains of the site, provider and direction: on no ordinary day does a site get
    or give a fifth of all its links; guess."""

    hub_authority: float = 90.0
    """Domain authority (0 to 100) from which a domain is a hub that everybody links to: only platforms, search engines
    and the largest news sites reach 90; guess."""

    hub_site_count: int = 5
    """Monitored sites that link to a domain before it can be a hub: fewer may be partners of one agency; guess."""

    hub_site_share: float = 0.25
    """The same as a share of the monitored sites whose links out are known; guess."""

    batch_domain_count: int = 4
    """Referring domains of a bought batch: three in a week are ordinary; sellers' smallest packages are of five."""

    batch_keyword_share: float = 0.25
    """Share of keyword anchors among what is new to a page that a batch's weeks have at least: below, it cannot stand
    out from ordinary anchors, of which published benchmarks give keywords 5 to 20 %."""
