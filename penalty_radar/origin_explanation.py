"""``penalty-radar explain`` of where links come from: one link, one referring domain, the profile of a site."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.text import Text

from penalty_radar.explained_tables import Row, make_table, print_told, say_day, say_signed, select
from penalty_radar.profile_explanation import print_exchange, print_memberships
from reports.messages import name_term, say
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.signals.origin_calibration import BUNDLED

MOST_LINKS = 5
"""Links with one address that are explained one by one: a page seldom has more links to monitored sites."""

MOST_DOMAIN_LINKS = 20
"""Links of a referring domain that are listed: a screen."""


def explain_link(connection: duckdb.DuckDBPyConnection, console: Console, subject: str, language: str) -> bool:
    """Print why each link with this address or id has its origin; False when there is none."""
    links = select(
        connection,
        "SELECT link_number, site_domain, provider, source_url, target_url, anchor_text, first_seen_on, lost_on "
        "FROM staging.links WHERE source_url = $1 OR link_id = $1 ORDER BY site_domain, provider, target_url",
        subject,
    )
    for link in links[:MOST_LINKS]:
        _print_link(connection, console, link, language)
    if len(links) > MOST_LINKS:
        console.print(say("origins.explain.more_links", language, count=len(links) - MOST_LINKS))
    return bool(links)


def _print_link(connection: duckdb.DuckDBPyConnection, console: Console, link: Row, language: str) -> None:
    rows = select(
        connection,
        "SELECT found.*, marks.told_origin, marks.is_allowed FROM signals.link_marks AS marks "
        "JOIN signals.evidence_combinations AS found USING (rule_set, text_bits, fact_bits) "
        "WHERE marks.link_number = ?",
        link["link_number"],
    )
    for judged in rows:
        is_told = judged["is_allowed"] or judged["told_origin"] is not None
        origin = "natural" if judged["is_allowed"] else judged["told_origin"] or judged["origin"]
        probability = 1.0 if is_told else judged["probability"]
        headline = say("origins.explain.link", language, origin=origin, probability=probability)
        console.print(f"{link['site_domain']}: {headline}", style="bold")
        console.print(f"{link['source_url']} → {link['target_url']}  “{link['anchor_text'] or ''}”", soft_wrap=True)
        days = {name: say_day(link[name], language) for name in ("first_seen_on", "lost_on")}
        console.print(say("origins.explain.where", language, provider=link["provider"], **days))
        print_told(connection, console, [str(link["link_number"])], language)
        if is_told:
            console.print(say("origins.explain.by_team", language, **judged))
        _print_evidence(connection, console, link, language)
        _print_probabilities(console, judged, language)
        print_exchange(connection, console, link["site_domain"], language, only_untold=True)
        _print_rule_set(connection, console, judged, language)
        console.print()


def _print_evidence(connection: duckdb.DuckDBPyConnection, console: Console, link: Row, language: str) -> None:
    rows = select(
        connection,
        "SELECT found.rule, found.origin, found.weight, found.seen, found.policy_clause, rules.says_en, rules.says_nl, "
        "rules.source, rules.guess FROM signals.link_evidence AS found "
        "JOIN signals.link_marks AS marks ON marks.link_number = found.link_number "
        "JOIN signals.origin_rules AS rules ON rules.rule = found.rule AND rules.rule_set = marks.rule_set "
        "WHERE found.link_number = ? AND found.site_domain = ? ORDER BY abs(found.weight) DESC, found.rule",
        link["link_number"],
        link["site_domain"],
    )
    if not rows:
        console.print(say("origins.explain.no_rule", language))
        return
    table = make_table(language, "weight", "origin", "seen", "clause", right=("weight",), wide=("seen",))
    for row in rows:
        seen = Text(row[f"says_{language}"].replace("{seen}", row["seen"] or "–"))
        fitted = say("origins.explain.fitted", language, guess=say_signed(row["guess"], language))
        seen.append(f"\n{row['rule']}: {row['source']} {fitted}", style="dim")
        table.add_row(
            say_signed(row["weight"], language), name_term(row["origin"], language), seen, row["policy_clause"] or "–"
        )
    console.print(table)


def _print_probabilities(console: Console, judged: Row, language: str) -> None:
    """Summed log-odds, base rate and calibrated probability of each origin, the likeliest first."""
    table = make_table(language, "origin", "evidence", "base", "probability", right=("evidence", "base", "probability"))
    bases = dict(zip(SIX_ORIGINS, BUNDLED.bias, strict=True))
    for origin in sorted(SIX_ORIGINS, key=lambda name: -judged[f"{name}_probability"]):
        table.add_row(
            name_term(origin, language),
            say_signed(judged[f"{origin}_evidence"], language),
            say_signed(bases[origin], language),
            say("origins.probability", language, probability=judged[f"{origin}_probability"]),
        )
    console.print(table)
    console.print(say("origins.explain.slope", language, slope=BUNDLED.slope), style="dim")


def _print_rule_set(connection: duckdb.DuckDBPyConnection, console: Console, judged: Row, language: str) -> None:
    key = "origins.explain.rules" if judged["is_calibrated"] else "origins.explain.rules.other"
    told = say(key, language, rule_set=judged["rule_set"])
    corrected = select(
        connection,
        "SELECT 1 FROM signals.label_corrections WHERE rule_set = ? AND is_applied LIMIT 1",
        judged["rule_set"],
    )
    console.print(f"{told} {say('origins.explain.corrected', language)}" if corrected else told, style="dim")


def explain_domain(connection: duckdb.DuckDBPyConnection, console: Console, subject: str, language: str) -> bool:
    """Print what is known of a referring domain over all sites and providers; False when there is none."""
    domain = subject.strip().lower()
    found = select(
        connection,
        "SELECT * FROM signals.domain_origins WHERE source_domain = ? ORDER BY site_domain, provider",
        domain,
    )
    if not found:
        return False
    console.print(say("origins.explain.domain", language, domain=domain), style="bold")
    table = make_table(
        language, "site", "provider", "origin", "probability", "links", "first_seen", "lost",
        right=("probability", "links"),
    )  # fmt: skip
    for row in found:
        table.add_row(
            row["site_domain"],
            name_term(row["provider"], language),
            name_term(row["origin"], language),
            say("origins.probability", language, probability=row["probability"]),
            say("origins.count", language, count=row["link_count"]),
            say_day(row["first_seen_on"], language),
            say_day(row["lost_on"], language),
        )
    console.print(table)
    numbers = [
        str(row["link_number"])
        for row in select(
            connection, "SELECT link_number FROM signals.link_marks WHERE source_domain = ? ORDER BY 1", domain
        )
    ]
    print_told(connection, console, numbers, language)
    _print_domain_links(connection, console, domain, language)
    _print_domain_evidence(connection, console, domain, language)
    print_memberships(connection, console, domain, language)
    return True


def _print_domain_links(connection: duckdb.DuckDBPyConnection, console: Console, domain: str, language: str) -> None:
    rows = select(
        connection,
        "WITH chosen AS (SELECT link_number, site_domain, origin, probability, count(*) OVER () AS link_count "
        "FROM signals.link_origins WHERE source_domain = ? ORDER BY probability DESC, link_number LIMIT ?) "
        "SELECT chosen.*, links.source_url, links.anchor_text, links.first_seen_on FROM chosen "
        "JOIN staging.links AS links USING (link_number, site_domain) ORDER BY probability DESC, link_number",
        domain,
        MOST_DOMAIN_LINKS,
    )
    count = rows[0]["link_count"] if rows else 0
    console.print("\n" + say("origins.explain.domain_links", language, shown=len(rows), count=count), style="bold")
    table = make_table(language, "origin", "probability", "page", "site", right=("probability",), wide=("page",))
    for row in rows:
        anchor = f" “{row['anchor_text']}”" if row["anchor_text"] else ""
        table.add_row(
            name_term(row["origin"], language),
            say("origins.probability", language, probability=row["probability"]),
            f"{row['source_url']}{anchor}",
            row["site_domain"],
        )
    console.print(table)


def _print_domain_evidence(connection: duckdb.DuckDBPyConnection, console: Console, domain: str, language: str) -> None:
    rows = select(
        connection,
        "SELECT rules.rule, rules.origin, rules.weight, rules.policy_clause, rules.question_en, rules.question_nl, "
        "count(*) AS link_count FROM signals.link_marks AS marks JOIN signals.origin_rules AS rules "
        "ON marks.rule_set = rules.rule_set "
        "AND (CASE WHEN rules.is_text THEN marks.text_bits ELSE marks.fact_bits END & rules.bit) <> 0 "
        "WHERE marks.source_domain = ? GROUP BY ALL ORDER BY rule",
        domain,
    )
    if not rows:
        return
    console.print("\n" + say("origins.explain.domain_evidence", language), style="bold")
    table = make_table(
        language,
        "weight",
        "origin",
        "rule",
        "links",
        "question",
        "clause",
        right=("weight", "links"),
        wide=("question",),
    )
    for row in sorted(rows, key=lambda row: (-abs(row["weight"]), -row["link_count"], row["rule"])):
        table.add_row(
            say_signed(row["weight"], language),
            name_term(row["origin"], language),
            row["rule"],
            say("origins.count", language, count=row["link_count"]),
            row[f"question_{language}"],
            row["policy_clause"] or "–",
        )
    console.print(table)
