"""``penalty-radar explain`` of what links have in common: the profile of a site, groups, exchanges, batches, labels."""

from __future__ import annotations

import duckdb
from rich.console import Console

from penalty_radar.explained_tables import make_table, say_signed, select
from reports.label_words import say_labels
from reports.messages import name_term, say
from transforms.schemas.vocabulary import ORIGINS

MOST_GROUPS = 10
"""Batches or groups in lockstep that are listed of a site, the largest first: a screen."""


def print_profile(connection: duckdb.DuckDBPyConnection, console: Console, site: str, language: str) -> None:
    """Print where a site's links come from: links, domains, expected domains, and what belongs together."""
    rows = select(connection, "SELECT * FROM signals.profile_origins WHERE site_domain = ? ORDER BY provider", site)
    if not rows:
        return
    console.print("\n" + say("origins.explain.profile", language), style="bold")
    table = make_table(
        language, "provider", "origin", "links", "domains", "expected", right=("links", "domains", "expected")
    )
    before = None
    for row in sorted(rows, key=lambda row: (row["provider"], ORIGINS.index(row["origin"]))):
        if not row["link_count"] and row["expected_domain_count"] < 0.05:
            continue
        table.add_row(
            name_term(row["provider"], language) if row["provider"] != before else "",
            name_term(row["origin"], language),
            say("origins.count", language, count=row["link_count"]),
            say("origins.count", language, count=row["domain_count"]),
            say("origins.expected", language, count=row["expected_domain_count"]),
        )
        before = row["provider"]
    console.print(table)
    console.print(say("origins.explain.profile_note", language), style="dim")
    print_exchange(connection, console, site, language)
    _print_batches(connection, console, site, language)
    _print_locksteps(connection, console, site, language)
    print_labels(connection, console, language)


def print_exchange(
    connection: duckdb.DuckDBPyConnection, console: Console, site: str, language: str, *, only_untold: bool = False
) -> None:
    """Print in a sentence how much a site exchanges links, or that it cannot be told."""
    rows = select(
        connection,
        "SELECT site_domain AS site, is_told, is_beyond_expected, mutual_count AS mutual, expected_count AS expected, "
        "linking_domain_count AS linking, synchronous_count AS synchronous, "
        "expected_synchronous_count AS expected_synchronous FROM signals.exchange_profiles WHERE site_domain = ?",
        site,
    )
    for row in rows:
        if row["is_told"] and only_untold:
            continue
        kind = "beyond" if row["is_beyond_expected"] else "ordinary" if row["is_told"] else "untold"
        console.print(say(f"origins.explain.exchange_{kind}", language, **row))


def _print_batches(connection: duckdb.DuckDBPyConnection, console: Console, site: str, language: str) -> None:
    rows = select(
        connection,
        "SELECT * FROM signals.link_batches WHERE site_domain = ? ORDER BY domain_count DESC, batch_id LIMIT ?",
        site,
        MOST_GROUPS,
    )
    if rows:
        console.print("\n" + say("origins.explain.batches", language), style="bold")
    for row in rows:
        console.print(f"- {_say_batch(row, language)}")


def _say_batch(row: dict[str, object], language: str) -> str:
    return say(
        f"origins.explain.batch.{row['kind']}",
        language,
        site=row["site_domain"],
        provider=row["provider"],
        domains=row["domain_count"],
        page=row["target_url"],
        from_on=row["placed_from_on"],
        to_on=row["placed_to_on"],
        months=row["months"],
        expected=row["expected_count"],
    )


def _print_locksteps(connection: duckdb.DuckDBPyConnection, console: Console, site: str, language: str) -> None:
    rows = select(
        connection,
        "SELECT provider, group_id, count(*) AS members, max(source_count) AS sources, max(target_count) AS targets, "
        "max(site_count) AS sites, min(starts_on) AS starts_on, max(ends_on) AS ends_on "
        "FROM signals.lockstep_members WHERE site_domain = ? GROUP BY provider, group_id "
        "ORDER BY members DESC, group_id LIMIT ?",
        site,
        MOST_GROUPS,
    )
    if rows:
        console.print("\n" + say("origins.explain.locksteps", language), style="bold")
    for row in rows:
        console.print(f"- {say('origins.explain.lockstep_site', language, **row)}")


def print_memberships(connection: duckdb.DuckDBPyConnection, console: Console, domain: str, language: str) -> None:
    """Print the groups in lockstep, exchanges, batches and customers of a referring domain."""
    told = [
        *_say_locksteps(connection, domain, language),
        *_say_exchanges(connection, domain, language),
        *_say_batches(connection, domain, language),
    ]
    customers = select(
        connection, "SELECT owner_count AS owners FROM signals.source_customers WHERE source_domain = ?", domain
    )
    told += [say("origins.explain.customers", language, **row) for row in customers]
    if not told:
        console.print("\n" + say("origins.explain.groups.none", language))
        return
    console.print("\n" + say("origins.explain.groups", language), style="bold")
    for sentence in told:
        console.print(f"- {sentence}")


def _say_locksteps(connection: duckdb.DuckDBPyConnection, domain: str, language: str) -> list[str]:
    rows = select(
        connection,
        "SELECT site_domain AS site, provider, source_count AS sources, target_count AS targets, site_count AS sites, "
        "starts_on, ends_on FROM signals.lockstep_members WHERE source_domain = ? ORDER BY 1, 2",
        domain,
    )
    return [say("origins.explain.lockstep", language, **row) for row in rows]


def _say_exchanges(connection: duckdb.DuckDBPyConnection, domain: str, language: str) -> list[str]:
    rows = select(
        connection,
        "SELECT site_domain AS site, form, through, days_apart AS days, link_out_url AS page, is_synchronous "
        "FROM signals.exchange_partners WHERE source_domain = ? ORDER BY 1",
        domain,
    )
    sentences = []
    for row in rows:
        form = "mutual" if row["form"] == "mutual" else "ring"
        sentence = say(f"origins.explain.exchange.{form}", language, **row)
        agreed = f" {say('origins.explain.exchange.agreed', language)}" if row["is_synchronous"] else ""
        sentences.append(f"{sentence}{agreed}")
    return sentences


def _say_batches(connection: duckdb.DuckDBPyConnection, domain: str, language: str) -> list[str]:
    rows = select(
        connection,
        "SELECT DISTINCT batches.* FROM signals.link_batches AS batches "
        "JOIN signals.batch_members AS members USING (batch_id) "
        "JOIN signals.link_marks AS marks ON marks.link_number = CAST(members.link_id AS BIGINT) "
        "WHERE marks.source_domain = ? ORDER BY batches.site_domain, batches.batch_id",
        domain,
    )
    return [_say_batch(row, language) for row in rows]


def print_labels(connection: duckdb.DuckDBPyConnection, console: Console, language: str) -> None:
    """Print what labels taught: how many, whether they correct anything, and how far that moves each origin."""
    rows = select(connection, "SELECT * FROM signals.label_corrections ORDER BY rule_set, origin")
    for rule_set in sorted({row["rule_set"] for row in rows}):
        of_set = [row for row in rows if row["rule_set"] == rule_set]
        console.print("\n" + say("origins.labels.title", language), style="bold")
        for sentence in say_labels(of_set[0], language):
            console.print(sentence)
        if of_set[0]["brier_before"] is None:
            continue
        table = make_table(
            language, "origin", "domains", "bias", "mean_before", "mean_after", "largest_move",
            right=("domains", "bias", "mean_before", "mean_after", "largest_move"),
        )  # fmt: skip
        for row in sorted(of_set, key=lambda row: ORIGINS.index(row["origin"])):
            table.add_row(
                name_term(row["origin"], language),
                say("origins.count", language, count=row["domain_count"]),
                say_signed(row["bias"], language),
                say("origins.probability", language, probability=row["mean_before"]),
                say("origins.probability", language, probability=row["mean_after"]),
                say_signed(row["largest_move"], language),
            )
        console.print(table)
