"""Origins beside what others say of real links, where real exports are at hand: agreement, not accuracy.

Part of ``penalty-radar benchmark origins``. The exports lie beside the folder of benchmark sets, in ``exports``, and
are found by their formats: the one site with an audit of its links, and the one whose owner's disavow file and list of
links both lie there. The files of a site are read as the nightly walk reads them, in a warehouse of their own; what is
compared with (the audit's score, the disavow file) reaches no rule.
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from penalty_radar.benchmarks.lockstep import DEFAULT_DATA, LEFT_OUT
from penalty_radar.benchmarks.origin_scores import area_under_curve, resample_area
from penalty_radar.benchmarks.rows import WHY, Row, make_row
from transforms import pipeline
from transforms.ingest.inbox import ArrivedFile, discover
from transforms.warehouse import open_writer

Floats = npt.NDArray[np.float64]

EXPORTS = "exports"
"""Folder of real exports, beside that of the benchmark sets."""

AUDIT, OWN_LIST, DISAVOW = "semrush_audit", "ahrefs_referring_domains_webmaster_tools", "google_disavow"
"""Formats by which the two sites are found."""

AUDITED = "a spa's links: ours beside the score of an audit (agreement, not accuracy)"
DISAVOWED = "a tradesman's referring domains: ours beside the owner's disavow file"

TOXIC_SCORE = 60
"""Score from which the provider calls a link toxic."""

WAVE = (datetime.date(2025, 10, 30), datetime.date(2025, 11, 25))
"""First and last day of the wave that brought five sixths of the audited links: almost all of them have high scores,
so that the links outside it are the harder question."""

AUDIT_BAR, REST_BAR, DISAVOW_BAR = 0.98, 0.87, 0.85
"""AUC at least: of all audited links, of those outside the wave, of disavowed domains."""

_AUDITED_LINKS = f"""
SELECT
  links.link_id, links.source_domain, links.source_url, links.source_title, links.anchor_text, links.provider_score,
  links.source_authority, links.first_seen_on, coalesce(links.is_nofollow, FALSE) AS is_nofollow,
  combinations.spam_probability + combinations.bought_probability AS ours,
  combinations.origin
FROM staging.links AS links
INNER JOIN signals.link_marks AS marks ON links.link_number = marks.link_number
INNER JOIN signals.evidence_combinations AS combinations
  ON marks.rule_set = combinations.rule_set
  AND marks.text_bits = combinations.text_bits
  AND marks.fact_bits = combinations.fact_bits
WHERE links.provider = '{AUDIT}' AND links.provider_score IS NOT NULL
ORDER BY links.link_id
"""  # noqa: S608 - a constant of this module

_DOMAINS = """
SELECT
  domains.source_domain,
  max(domains.source_authority) AS source_authority,
  bool_or(domains.is_spam_by_provider) AS is_flagged,
  any_value(ours.score) AS score
FROM staging.referring_domains AS domains
LEFT JOIN (
  SELECT marks.source_domain, avg(1 - combinations.natural_probability) AS score
  FROM signals.link_marks AS marks
  INNER JOIN signals.evidence_combinations AS combinations
    ON marks.rule_set = combinations.rule_set
    AND marks.text_bits = combinations.text_bits
    AND marks.fact_bits = combinations.fact_bits
  GROUP BY marks.source_domain
) AS ours ON domains.source_domain = ours.source_domain
WHERE domains.provider = $provider
GROUP BY domains.source_domain
ORDER BY domains.source_domain
"""


def measure_rows(data: Path | None = None) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}; where files are not there, rows that say so.

    Args:
        data: folder of the benchmark sets, beside which the exports lie.
    """
    folder = (data or DEFAULT_DATA).resolve().parent / EXPORTS
    if not folder.is_dir():
        return [_left_out(table, f"not there: ../{EXPORTS} of --data") for table in (AUDITED, DISAVOWED)]
    arrived = discover(str(folder))
    return [*measure_audit(arrived), *measure_disavowed(arrived)]


def measure_audit(arrived: Sequence[ArrivedFile]) -> list[Row]:
    """AUC of P(spam) + P(bought) against the audit's score, of all its links and of those outside the wave."""
    site = find_site(arrived, {AUDIT})
    if site is None:
        return [_left_out(AUDITED, "not there: exactly one site with an audit")]
    links = read_audit(arrived, site)
    first = pd.to_datetime(links["first_seen_on"])
    is_wave = first.between(pd.Timestamp(WAVE[0]), pd.Timestamp(WAVE[1]))
    return [
        *_audit_rows("all links", links, AUDIT_BAR),
        *_audit_rows("outside the wave", links[~is_wave], REST_BAR),
    ]


def read_audit(arrived: Sequence[ArrivedFile], site: str) -> pd.DataFrame:
    """The audited links of the site with the audit's score, and P(spam) + P(bought) as ``ours``; one row per link."""
    with staged_site(arrived, site) as connection:
        return connection.execute(_AUDITED_LINKS).df()


def _audit_rows(case: str, links: pd.DataFrame, bar: float) -> list[Row]:
    is_toxic = (links["provider_score"] >= TOXIC_SCORE).to_numpy(dtype=bool)
    ours = links["ours"].to_numpy(dtype=np.float64)
    area = area_under_curve(is_toxic, ours)
    low, high = resample_area(is_toxic, ours, links["source_domain"])
    weakness = -_fill(links["source_authority"])
    followed = np.where(links["is_nofollow"].to_numpy(dtype=bool), 0.0, ours)
    return [
        make_row(AUDITED, case, "AUC", area, f"≥ {bar}", area >= bar),
        make_row(AUDITED, case, "95 % from", low),
        make_row(AUDITED, case, "95 % to", high),
        make_row(AUDITED, case, "AUC, links not followed taken as harmless", area_under_curve(is_toxic, followed)),
        make_row(AUDITED, case, "AUC of low authority alone", area_under_curve(is_toxic, weakness)),
        make_row(AUDITED, case, f"links with a score of {TOXIC_SCORE} or more", int(is_toxic.sum())),
        make_row(AUDITED, case, "links", len(links)),
        make_row(AUDITED, case, "referring domains", links["source_domain"].nunique()),
    ]


def measure_disavowed(arrived: Sequence[ArrivedFile]) -> list[Row]:
    """AUC of the domain score against the disavow file, of the provider's flag and of low authority; with intervals.

    The score of a domain is the mean of 1 - P(natural) over its links. A domain without any listed link gets the
    middle of the others' scores. Intervals are percentiles over resampled domains.
    """
    site = find_site(arrived, {OWN_LIST, DISAVOW})
    if site is None:
        return [_left_out(DISAVOWED, "not there: exactly one site with an own list of domains and a disavow file")]
    provider = next(file.provider for file in arrived if file.site_domain == site and file.format == OWN_LIST)
    judged = [file for file in arrived if file.site_domain == site and file.format == DISAVOW]
    disavowed = _read_disavowed(judged)
    with staged_site(arrived, site, without={DISAVOW}) as connection:
        domains = connection.execute(_DOMAINS, {"provider": provider}).df()
    is_disavowed = domains["source_domain"].isin(disavowed).to_numpy(dtype=bool)
    scores = {
        "our score": _fill(domains["score"]),
        "the provider's spam flag alone": domains["is_flagged"].fillna(False).to_numpy(dtype=np.float64),
        "low authority alone": -_fill(domains["source_authority"]),
    }
    rows = []
    for case, score in scores.items():
        area = area_under_curve(is_disavowed, score)
        bar, meets = (f"≥ {DISAVOW_BAR}", area >= DISAVOW_BAR) if case == "our score" else ("", None)
        low, high = resample_area(is_disavowed, score, domains["source_domain"])
        rows += [
            make_row(DISAVOWED, case, "AUC", area, bar, meets),
            make_row(DISAVOWED, case, "95 % from", low),
            make_row(DISAVOWED, case, "95 % to", high),
        ]
    kept = int((~is_disavowed).sum())
    case = "the set"
    reference = (
        f"{kept} domains are not on the list, so that one of them ranked elsewhere moves the AUC by up to "
        f"{1 / max(kept, 1):.2f}; the list is one owner's judgement, not a truth"
    )
    return [
        *rows,
        make_row(DISAVOWED, case, "domains", len(domains)),
        make_row(DISAVOWED, case, "disavowed", int(is_disavowed.sum())),
        make_row(DISAVOWED, case, "without a listed link", int(domains["score"].isna().sum())),
        make_row(DISAVOWED, case, WHY, float("nan"), reference=reference),
    ]


def find_site(arrived: Sequence[ArrivedFile], formats: Collection[str]) -> str | None:
    """The only site of which there are readable files in all of ``formats``; None for none or several."""
    having = [
        {file.site_domain for file in arrived if file.format == name and file.reason is None and file.site_domain}
        for name in formats
    ]
    sites = set.intersection(*having)
    return next(iter(sites)) if len(sites) == 1 else None


@contextlib.contextmanager
def staged_site(
    arrived: Sequence[ArrivedFile], site: str, without: Collection[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the files of one site read, but for some formats, and its signals made."""
    own = [file for file in arrived if file.site_domain == site and file.format not in without]
    with tempfile.TemporaryDirectory(prefix="penalty-radar-benchmark-") as folder, _read(folder, own) as connection:
        as_of = pipeline.default_as_of(connection)
        if as_of is None:
            raise AssertionError("files that discover() calls readable have a day")
        for stage in ("staging", "signals"):
            pipeline.run_stage(connection, stage, as_of=as_of)
        yield connection


@contextlib.contextmanager
def _read(folder: str, own: Sequence[ArrivedFile]) -> Iterator[duckdb.DuckDBPyConnection]:
    read_at = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    with open_writer(Path(folder) / "site.duckdb") as connection:
        for file in sorted(own, key=lambda file: (not file.is_dated, file.path)):
            pipeline.ingest_file(connection, file, ingested_at=read_at)
        yield connection


def _read_disavowed(files: Sequence[ArrivedFile]) -> set[str]:
    with tempfile.TemporaryDirectory(prefix="penalty-radar-benchmark-") as folder, _read(folder, files) as connection:
        entries = connection.execute("SELECT DISTINCT entry FROM staging.disavow_entry_observations").fetchall()
    return {str(entry) for (entry,) in entries}


def _fill(values: pd.Series) -> Floats:
    """What is not known as the middle of what is."""
    return np.asarray(values.fillna(values.median()), dtype=np.float64)


def _left_out(table: str, reason: str) -> Row:
    return make_row(LEFT_OUT, table, WHY, float("nan"), reference=reason)
