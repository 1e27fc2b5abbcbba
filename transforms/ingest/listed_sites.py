"""``sites.toml`` as rows (``ingest.listed_sites`` and what stands beside it): no stage reads the file."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from transforms.site_list import SiteEntry, SiteList


def write_listed_sites(connection: duckdb.DuckDBPyConnection, site_list: SiteList) -> Mapping[str, str]:
    """Replace these tables by what ``site_list`` and the ledger say; to be called inside a transaction.

    Returns the standing of every site that is listed or that an export speaks of: ``listed``; ``inferred`` (there is
    no sites.toml); ``faulty`` (its entry cannot be used, and holds it back); ``unlisted`` (not in sites.toml: its
    exports are read, it is not assessed).
    """
    found = connection.execute(
        "SELECT DISTINCT site_domain FROM ingest.export_files WHERE status = 'loaded' AND site_domain IS NOT NULL"
    ).fetchall()
    standings = {site: "inferred" if site_list.is_inferred else "unlisted" for (site,) in found}
    standings |= {problem.domain: "faulty" for problem in site_list.problems if problem.domain}
    standings |= {site.domain: "listed" for site in site_list.sites}
    owners = owner_groups(site_list)
    connection.execute("DELETE FROM ingest.listed_sites")
    connection.execute("DELETE FROM ingest.listed_feeds")
    connection.execute("DELETE FROM ingest.allowed_domains")
    connection.execute("DELETE FROM ingest.competitors")
    for site_domain, standing in sorted(standings.items()):
        row = {
            "site_domain": site_domain,
            "standing": standing,
            "problem": _faults(site_list, site_domain) if standing == "faulty" else None,
            "owner_group": owners.get(site_domain),
            **_people(site_list.find(site_domain)),
        }
        connection.execute(
            f"INSERT INTO ingest.listed_sites ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})",  # noqa: S608
            list(row.values()),
        )
    for site in site_list.sites:
        for provider, feed in site.feeds.items():
            connection.execute(
                "INSERT INTO ingest.listed_feeds (site_domain, provider, cadence, allowed_days) VALUES (?, ?, ?, ?)",
                [site.domain, provider, feed.cadence, feed.allowed_days()],
            )
        for domain in sorted({*site.owned_domains, *site.allowed_domains} - {site.domain}):
            connection.execute(
                "INSERT INTO ingest.allowed_domains (site_domain, allowed_domain, is_owned) VALUES (?, ?, ?)",
                [site.domain, domain, domain in site.owned_domains],
            )
        for domain in sorted({*site.competitors} - {site.domain}):
            connection.execute(
                "INSERT INTO ingest.competitors (site_domain, competitor_domain) VALUES (?, ?)", [site.domain, domain]
            )
    return standings


def _people(site: SiteEntry | None) -> dict[str, str | None]:
    """Who the site's people are and how they are told; nothing for a site without an entry."""
    if site is None:
        return {}
    return {
        "brand_words": "|".join(site.brand_words) or None,
        "group_name": site.group,
        "owner": site.owner,
        "language": site.language,
        "time_zone": site.time_zone,
        "recipients": "|".join(site.recipients) or None,
    }


def owner_groups(site_list: SiteList) -> dict[str, str]:
    """By site, one name for all sites of the same owner: those of one ``group``, and those one entry says it owns.

    The name is the smallest of the groups and domains that belong together. Sites of which nothing is said are left
    out: whether they have an owner in common is unknown. ``owner`` is who looks after a site, not whose it is.
    """
    groups: dict[str, set[str]] = {}
    for site in site_list.sites:
        names = {site.domain, *site.owned_domains} | ({f"group {site.group}"} if site.group else set())
        if len(names) > 1:
            joined = names.union(*(groups[name] for name in names if name in groups))
            groups |= dict.fromkeys(joined, joined)
    return {name: min(joined) for name, joined in groups.items() if not name.startswith("group ")}


def _faults(site_list: SiteList, site_domain: str) -> str:
    return " ".join(str(problem) for problem in site_list.problems if problem.domain == site_domain)


def unlisted_sites(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Sites that exports speak of and that sites.toml, as last read, does not list; none where it is not used."""
    rows = connection.execute("SELECT site_domain FROM ingest.listed_sites WHERE standing = 'unlisted'").fetchall()
    return frozenset(site for (site,) in rows)
