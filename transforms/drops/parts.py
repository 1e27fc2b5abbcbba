"""Which drops are parts of a wider one: a fall is told once, of the whole that shows it."""

from __future__ import annotations

import pandas as pd

from transforms.drops.daily_visibility import SITE

PAGE, DIRECTORY = "page", "directory"

_FIRST_DIRECTORY = r"^(/(?:[^/]*/)?)"
"""The directory of a page, as ``signals.visibility`` cuts it: the first part of its path, or the root itself."""


def find_wholes(drops: pd.DataFrame, previous: pd.DataFrame, part_days: int) -> pd.Series:
    """For each drop, the id of the whole's drop in that provider that is the same fall; null: it stands alone.

    A whole holds its part: the site holds every segment, a directory its pages; markets, devices and keywords hold
    nothing. Its drop starts within ``part_days`` and stands alone itself; the site's comes before a directory's, then
    the nearest start. What stood alone in ``previous``, confirmed, goes on to do so: it was alerted under its own id.
    """
    is_site = drops["segment_kind"] == SITE
    can_be_part = ~drops["drop_id"].isin(_stood_alone(previous))
    of_site = _nearest(drops[~is_site & can_be_part].assign(whole=SITE), drops[is_site], part_days)
    alone = ~drops.index.isin(of_site.index)
    path = drops["segment"].str.removeprefix(f"{PAGE}:").str.extract(_FIRST_DIRECTORY, expand=False)
    pages = (drops["segment_kind"] == PAGE) & can_be_part & alone
    directories = (drops["segment_kind"] == DIRECTORY) & alone
    of_directory = _nearest(drops[pages].assign(whole=f"{DIRECTORY}:" + path[pages]), drops[directories], part_days)
    wholes = pd.concat([of_site, of_directory]).reindex(drops.index)
    return pd.Series(wholes, dtype="str")


def _stood_alone(previous: pd.DataFrame) -> pd.Series:
    """Ids of the drops that the night before told as confirmed and standing alone."""
    if "part_of_drop_id" not in previous:
        return pd.Series([], dtype="str")
    stood: pd.Series = previous.loc[
        previous["is_confirmed"].astype("bool") & previous["part_of_drop_id"].isna(), "drop_id"
    ]
    return stood


def _nearest(parts: pd.DataFrame, wholes: pd.DataFrame, part_days: int) -> pd.Series:
    """By index of ``parts``: the id of the nearest drop, at most so many days away, of its segment ``whole``."""
    keys = ["site_domain", "provider", "whole"]
    pairs = (
        parts[[*keys, "starts_on"]]
        .reset_index()
        .merge(
            wholes.assign(whole=wholes["segment"])[[*keys, "starts_on", "drop_id"]], on=keys, suffixes=("", "_whole")
        )
    )
    pairs["away"] = (pairs["starts_on"] - pairs["starts_on_whole"]).abs()
    pairs = pairs[pairs["away"] <= pd.Timedelta(days=part_days)].sort_values(["away", "drop_id"])
    nearest: pd.Series = pairs.drop_duplicates("index").set_index("index")["drop_id"]
    return nearest
