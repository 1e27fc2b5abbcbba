"""Links on which ours and the score of an audit disagree most, for a person to read.

``python -m penalty_radar.benchmarks.origin_disagreements`` prints how many there are and a sample of each sort, one
link a referring domain. Nothing of it is kept; docs/origin-disagreements.md says what a reader made of it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from penalty_radar.benchmarks.lockstep import DEFAULT_DATA
from penalty_radar.benchmarks.origin_exports import AUDIT, EXPORTS, TOXIC_SCORE, find_site, read_audit
from transforms.ingest.inbox import discover

NATURAL_BELOW, ARRANGED_FROM = 0.2, 0.8
"""P(spam) + P(bought) of a link that ours calls harmless, and of one that it calls spam or bought."""

SAMPLE = 30
SEED = 7

SORTS = (
    f"the audit says {TOXIC_SCORE} or more, ours below {NATURAL_BELOW}",
    f"the audit says less than {TOXIC_SCORE}, ours {ARRANGED_FROM} or more",
)


def split_disagreements(links: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The links of each of :data:`SORTS`; ``links`` as :func:`origin_exports.read_audit` returns them."""
    is_toxic = links["provider_score"] >= TOXIC_SCORE
    ours = links["ours"]
    return dict(
        zip(SORTS, (links[is_toxic & (ours < NATURAL_BELOW)], links[~is_toxic & (ours >= ARRANGED_FROM)]), strict=True)
    )


def sample_links(links: pd.DataFrame, count: int = SAMPLE) -> pd.DataFrame:
    """Up to ``count`` links in an order that the seed decides, one a referring domain."""
    return links.sample(frac=1.0, random_state=SEED).drop_duplicates("source_domain").head(count)


def main() -> None:
    """Print the counts and the samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of sets; exports lie beside it")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="links of each sort")
    chosen = parser.parse_args()
    folder = chosen.data.resolve().parent / EXPORTS
    arrived = discover(str(folder)) if folder.is_dir() else []
    site = find_site(arrived, {AUDIT})
    if site is None:
        parser.exit(3, f"{folder}: exactly one site with an audit was expected; name another folder with --data\n")
    for sort, links in split_disagreements(read_audit(arrived, site)).items():
        print(f"\n## {sort}: {len(links)} links of {links['source_domain'].nunique()} domains")
        for link in sample_links(links, chosen.sample).itertuples():
            rel = "not followed" if link.is_nofollow else "followed"
            print(
                f"{link.provider_score:.0f} / {link.ours:.2f} {link.origin}, authority {link.source_authority}, {rel}: "
                f"{link.source_url} | {link.source_title} | {link.anchor_text}"
            )


if __name__ == "__main__":
    main()
