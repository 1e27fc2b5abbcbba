"""Makes ``signals.lockstep_members``: referring domains that link the same pages within days, as a network does."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.signals.lockstep_groups import DEFAULTS, Edges, Group, Ints, LockstepParams, find_groups

READS: tuple[str, ...] = ("signals.lockstep_edges",)

COLUMNS = [
    "site_domain", "provider", "source_domain", "group_id", "link_count", "source_count", "target_count", "site_count",
    "starts_on", "ends_on", "chance",
]  # fmt: skip


def build(
    tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: LockstepParams = DEFAULTS
) -> pd.DataFrame:
    """Members of all groups, all declared columns, sorted by site, provider and source.

    ``as_of`` changes nothing: the edges are those known on it. A source of two groups is listed with the one in which
    it has more links.
    """
    edges = tables["signals.lockstep_edges"]
    members = [_of_provider(part, params) for _, part in edges.groupby("provider", sort=True)]
    if not any(map(len, members)):
        return _typed(pd.DataFrame(columns=COLUMNS))
    made = pd.concat([part for part in members if len(part)], ignore_index=True)
    return _typed(made.sort_values(["site_domain", "provider", "source_domain"], ignore_index=True)[COLUMNS])


def _typed(members: pd.DataFrame) -> pd.DataFrame:
    kinds = {"starts_on": "datetime64[us]", "ends_on": "datetime64[us]", "chance": "float64"}
    return members.astype(kinds | {name: "int64" for name in COLUMNS if name.endswith("_count")})


def _of_provider(edges: pd.DataFrame, params: LockstepParams) -> pd.DataFrame:
    edges = _join_spellings(edges)
    numbers = Edges(
        source=_number(edges["source_domain"]),
        target=_number(edges["page"]),
        day=edges["day"].to_numpy().astype("datetime64[D]").astype(np.int64),
        count=edges["edge_count"].to_numpy(dtype=np.int64),
    )
    parts = [_describe(edges.iloc[group.rows], group) for group in find_groups(numbers, params)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    members = pd.concat(parts, ignore_index=True)
    whole = members.groupby(["source_domain", "group_id"])["link_count"].transform("sum")
    best = members.assign(whole=whole).sort_values(["whole", "group_id"], ascending=[False, True], kind="stable")
    chosen = best.drop_duplicates("source_domain").set_index("source_domain")["group_id"]
    is_chosen: NDArray[np.bool_] = members["group_id"].to_numpy() == chosen.loc[members["source_domain"]].to_numpy()
    return members[is_chosen]


def _join_spellings(edges: pd.DataFrame) -> pd.DataFrame:
    """The edges with ``page``: site and address without what makes two spellings of one page; '' = not listed.

    http and https, www, an anchor on the page and a closing slash do not make another page. A source that linked two
    spellings has one edge, on its first day.
    """
    codes, spelled = pd.factorize(edges["target_url"])
    pages = pd.Series(spelled, dtype="str").str.replace(r"^https?://(?:www\.)?|/*(?:#.*)?$", "", regex=True)
    page = pages.to_numpy()[codes]
    is_listed = (edges["target_url"] != "").to_numpy()
    named = (edges["site_domain"] + " " + page).where(is_listed, "")
    edges = edges.assign(page=named).sort_values(["day", "source_domain", "target_url"], kind="stable")
    is_one = is_listed & (edges["source_domain"] != "")
    repeated = edges.duplicated(["source_domain", "page"]) & is_one
    return edges.loc[~repeated].reset_index(drop=True)


def _number(names: pd.Series) -> Ints:
    """Numbers in the order of the names, so that the order of rows means nothing; '' is -1 (not listed)."""
    codes, unique = pd.factorize(names, sort=True)
    is_unnamed = len(unique) > 0 and unique[0] == ""
    return codes.astype(np.int64) - int(is_unnamed)


def _describe(links: pd.DataFrame, group: Group) -> pd.DataFrame:
    """A row for each site and source of the group; ``links`` are its edges."""
    earliest = links.sort_values(["day", "source_domain", "page"]).iloc[0]
    name = "|".join([earliest["provider"], f"{earliest['day']:%Y-%m-%d}", earliest["source_domain"], earliest["page"]])
    keys = ["site_domain", "provider", "source_domain"]
    return (
        links.groupby(keys, as_index=False)
        .agg(link_count=("page", "size"))
        .assign(
            group_id=hashlib.sha256(name.encode()).hexdigest()[:16],
            source_count=len(group.sources),
            target_count=len(group.targets),
            site_count=links["site_domain"].nunique(),
            starts_on=links["day"].min(),
            ends_on=links["day"].max(),
            chance=group.chance,
        )
    )
