"""Groups of sources that link the same targets within days: the search, on numbers alone.

After CopyCatch (Beutel et al., WWW 2013): a group is a set of sources and a set of targets in one window of days, where
every source links at least a share of the targets and every target is linked by at least that share of the sources.
Two conditions are ours. A target counts only when most of those who linked it in these days belong to the group: what
everybody links shows nothing. And a group is told only when chance does not explain it
(:mod:`transforms.signals.lockstep_chance`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from transforms.signals.lockstep_chance import Margins, log_chance
from transforms.signals.parameters import Parameters

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOT_LISTED = -1
"""Number of the sources, or targets, that stand together in one row."""

_MOST_ROUNDS = 30
"""Rounds after which a search that has not settled is cut back instead: those that settle need three to six."""

_TARGETS_AT_ONCE = 2_000
"""Targets compared with all others at a time, so that memory does not grow with the square of the targets."""


@dataclass(frozen=True, kw_only=True)
class LockstepParams:
    """Parameters of the search."""

    window_days: int = 15
    """Days within which a group acts. Published: 15, and no more: ``signals.lockstep_edges`` is made for it."""

    step_days: int = 5
    """Days from one window to the next. A third of the window, so that whatever takes ten days lies in one whole."""

    least_sources: int = Parameters.lockstep_sources
    """Sources of a group, and sources of it that link any target of it. Published for stars: 50; a link network that
    small sites meet is smaller. Five is where chance stops being an explanation, see docs/methods-lockstep.md."""

    least_targets: int = Parameters.lockstep_targets
    """Targets of a group, and targets of it that any source of it links. Two are a home page and an article: natural.
    Published for stars: 10."""

    density: float = 0.5
    """Share of the group's targets a source must link, and of its sources that must link a target. Published: .5."""

    least_share: float = 0.5
    """Share of all who linked a target in these days that must belong to the group: the majority, for what most link
    without the group is popular by itself."""

    most_chance: float = 0.01
    """Groups that may be found by chance in the whole history of an index: one in a hundred indexes may show one."""

    stratum_links: int = 300
    """Edges that consecutive days are put together for when chance is reckoned. Days stay apart where they can; but a
    smallest group (15 edges) must not be more than a twentieth of its day, or it would explain itself."""

    same_share: float = 0.5
    """Share of the smaller group's sources from which two groups are one network: the majority."""


DEFAULTS = LockstepParams()
"""One setting for everything: links, and the sets it is measured on."""


@dataclass(frozen=True)
class Edges:
    """Numbered edges: who first linked what on which day. Arrays of one length, in any order.

    ``source`` or ``target`` is :data:`NOT_LISTED` in rows that stand for ``count`` edges together; a row with both
    listed has a count of 1, and no two of them have source and target in common.
    """

    source: Ints
    target: Ints
    day: Ints
    count: Ints

    @classmethod
    def of(cls, source: Ints, target: Ints, day: Ints) -> Edges:
        """Edges that are all listed."""
        return cls(source, target, day, np.ones(len(day), dtype=np.int64))


@dataclass(frozen=True)
class Group:
    """A network: its sources and targets (sorted numbers), its edges (rows of the input, sorted).

    ``chance`` is the expected number of groups as unlikely as its most telling window in the whole history, when
    sources and targets are joined at random and keep their numbers of links on their days.
    """

    sources: Ints
    targets: Ints
    rows: Ints
    chance: float


@dataclass(frozen=True)
class _Block:
    """What one window shows: as :class:`Group`, with the logarithm of the chance."""

    sources: Ints
    targets: Ints
    rows: Ints
    log_chance: float


def find_groups(edges: Edges, params: LockstepParams = DEFAULTS) -> list[Group]:
    """Groups in ``edges``, the largest first; the same whatever the order of the rows."""
    if not len(edges.day):
        return []
    order = np.lexsort((edges.target, edges.source, edges.day))
    day = edges.day[order]
    starts = _window_starts(day, params)
    blocks: dict[tuple[bytes, bytes], _Block] = {}
    for start in starts.tolist():
        low, high = np.searchsorted(day, [start, start + params.window_days])
        for block in _search_window(edges, order[low:high], len(starts), params):
            key = (block.sources.tobytes(), block.targets.tobytes())
            known = blocks.get(key)
            if known is None or block.log_chance < known.log_chance:
                blocks[key] = block
    return _merge(list(blocks.values()), params)


def _window_starts(day: Ints, params: LockstepParams) -> Ints:
    """First days of all windows that hold an edge: multiples of the step, so that a later night has the same ones."""
    reach = -(-params.window_days // params.step_days)
    slots = np.unique(day // params.step_days)
    return np.unique(slots[:, None] - np.arange(reach)) * params.step_days


def _search_window(edges: Edges, rows: Ints, window_count: int, params: LockstepParams) -> Iterator[_Block]:
    source, target, count = edges.source[rows], edges.target[rows], edges.count[rows]
    listed = np.flatnonzero((source >= 0) & (target >= 0))
    if len(listed) < params.least_sources * params.least_targets:
        return
    total = np.bincount(target[target >= 0], weights=count[target >= 0]).astype(np.float64)
    kept = listed[_core(source[listed], target[listed], total, params)]
    if not len(kept):
        return
    margins = Margins.of(source, target, edges.day[rows], count, params.stratum_links)
    sources, source_number = np.unique(source[kept], return_inverse=True)
    targets, target_number = np.unique(target[kept], return_inverse=True)
    graph = _Graph(source_number, target_number, len(sources), len(targets), total[targets])
    for found in _search_core(graph, params):
        members, pages = sources[found.sources], targets[found.targets]
        log = log_chance(
            margins,
            members,
            pages,
            edge_count=len(found.edges),
            least_of_source=found.least_of_source,
            least_of_target=found.least_of_target,
        ) + np.log(window_count)
        if log <= np.log(params.most_chance):
            yield _Block(members, pages, np.sort(rows[kept[found.edges]]), float(log))


def _core(source: Ints, target: Ints, total: NDArray[np.float64], params: LockstepParams) -> Ints:
    """Positions of the edges that are left when nothing can be taken out any more.

    What goes are sources with too few targets, and targets with too few sources or too popular without them.
    """
    kept = np.arange(len(source))
    _, source = np.unique(source, return_inverse=True)
    least = np.maximum(params.least_sources, params.least_share * total)
    while len(kept):
        of_source = np.bincount(source[kept])[source[kept]]
        of_target = np.bincount(target[kept])[target[kept]]
        good = (of_source >= params.least_targets) & (of_target >= least[target[kept]])
        if good.all():
            break
        kept = kept[good]
    return kept


class _Graph:
    """The edges left in a window, found by source and by target."""

    def __init__(self, source: Ints, target: Ints, source_count: int, target_count: int, total: NDArray[np.float64]):
        self.source, self.target, self.total = source, target, total
        self.source_count, self.target_count = source_count, target_count
        self._by_source = np.argsort(source, kind="stable")
        self._by_target = np.argsort(target, kind="stable")
        self._source_begin = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=source_count))))
        self._target_begin = np.concatenate(([0], np.cumsum(np.bincount(target, minlength=target_count))))

    def edges_of_sources(self, sources: Ints) -> Ints:
        """Edges of these sources."""
        return self._by_source[_ranges(self._source_begin[sources], self._source_begin[sources + 1])]

    def edges_of_targets(self, targets: Ints) -> Ints:
        """Edges of these targets."""
        return self._by_target[_ranges(self._target_begin[targets], self._target_begin[targets + 1])]

    def targets_by_degree(self) -> Ints:
        """All targets, the most linked first."""
        return np.argsort(-np.diff(self._target_begin), kind="stable")


@dataclass(frozen=True)
class _Found:
    """Sources, targets and edges of a :class:`_Graph` that hang together."""

    sources: Ints
    targets: Ints
    edges: Ints
    least_of_source: int
    least_of_target: int


def _search_core(graph: _Graph, params: LockstepParams) -> Iterator[_Found]:
    """Each set of sources and targets that a target not yet in one leads to."""
    covered = ~_may_lead(graph, params)
    for seed in graph.targets_by_degree().tolist():
        if covered[seed]:
            continue
        grown = _grow(graph, seed, params)
        found = None if grown is None else _trim(graph, *grown, params)
        if found is not None:
            covered[found.targets] = True
            yield found


def _may_lead(graph: _Graph, params: LockstepParams) -> Flags:
    """Whether the first round of :func:`_grow` finds enough targets that share sources with this one."""
    ones = np.ones(len(graph.source), dtype=np.int32)
    linked_by = sparse.csr_array((ones, (graph.target, graph.source)), shape=(graph.target_count, graph.source_count))
    least = np.maximum(params.least_sources, params.density / 2 * linked_by.sum(axis=1))
    leads = np.zeros(graph.target_count, dtype=bool)
    for begin in range(0, graph.target_count, _TARGETS_AT_ONCE):
        shared = (linked_by[begin : begin + _TARGETS_AT_ONCE] @ linked_by.T).tocoo()
        enough = shared.row[shared.data >= least[begin + shared.row]]
        counts = np.bincount(enough, minlength=shared.shape[0])
        leads[begin : begin + _TARGETS_AT_ONCE] = counts >= params.least_targets
    return leads


def _grow(graph: _Graph, seed: int, params: LockstepParams) -> tuple[Ints, Ints] | None:
    """Sources and targets that choose each other, from the sources of one target on; None where there are too few.

    The first round asks half the density: of the sources of one target some may not belong to the group.
    """
    sources = graph.source[graph.edges_of_targets(np.array([seed]))]
    targets = np.empty(0, dtype=np.int64)
    density = params.density / 2
    for _ in range(_MOST_ROUNDS):
        linked = np.bincount(graph.target[graph.edges_of_sources(sources)], minlength=graph.target_count)
        chosen = np.flatnonzero(linked >= max(params.least_sources, density * len(sources)))
        if len(chosen) < params.least_targets:
            return None
        linking = np.bincount(graph.source[graph.edges_of_targets(chosen)], minlength=graph.source_count)
        members = np.flatnonzero(linking >= max(params.least_targets, density * len(chosen)))
        if len(members) < params.least_sources:
            return None
        is_settled = np.array_equal(members, np.sort(sources)) and np.array_equal(chosen, targets)
        sources, targets, density = members, chosen, params.density
        if is_settled:
            break
    return sources, targets


def _trim(graph: _Graph, sources: Ints, targets: Ints, params: LockstepParams) -> _Found | None:
    """What is left of them when all that meets a condition no longer has been taken out; None where that is nothing."""
    edges = graph.edges_of_sources(sources)
    edges = edges[np.isin(graph.target[edges], targets)]
    while len(edges):
        of_source = np.bincount(graph.source[edges], minlength=graph.source_count)
        of_target = np.bincount(graph.target[edges], minlength=graph.target_count)
        sources, targets = np.flatnonzero(of_source), np.flatnonzero(of_target)
        least_of_source = max(params.least_targets, params.density * len(targets))
        least_of_target = np.maximum(
            max(params.least_sources, params.density * len(sources)), params.least_share * graph.total
        )
        good = (of_source >= least_of_source)[graph.source[edges]] & (of_target >= least_of_target)[graph.target[edges]]
        if good.all():
            smallest = int(of_source[sources].min()), int(of_target[targets].min())
            return _Found(sources, targets, edges, *smallest)
        edges = edges[good]
    return None


def _ranges(begins: Ints, ends: Ints) -> Ints:
    """All whole numbers from each begin up to its end, one range after the other."""
    lengths = ends - begins
    offsets = np.repeat(begins - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return offsets + np.arange(lengths.sum())


def _merge(blocks: list[_Block], params: LockstepParams) -> list[Group]:
    """Blocks that share the greater part of the smaller one's sources are one network."""
    blocks.sort(key=lambda block: (-len(block.rows), block.sources.tobytes(), block.targets.tobytes()))
    part = _parts(blocks, params)
    groups = []
    for number in np.unique(part).tolist():
        members = [blocks[position] for position in np.flatnonzero(part == number)]
        groups.append(
            Group(
                sources=np.unique(np.concatenate([block.sources for block in members])),
                targets=np.unique(np.concatenate([block.targets for block in members])),
                rows=np.unique(np.concatenate([block.rows for block in members])),
                chance=float(np.exp(min(block.log_chance for block in members))),
            )
        )
    return sorted(groups, key=lambda group: (-len(group.rows), group.sources.tolist()))


def _parts(blocks: list[_Block], params: LockstepParams) -> Ints:
    """Number of the network each block belongs to."""
    if not blocks:
        return np.empty(0, dtype=np.int64)
    size = np.array([len(block.sources) for block in blocks])
    block = np.repeat(np.arange(len(blocks)), size)
    source = np.concatenate([block.sources for block in blocks])
    member = sparse.csr_array((np.ones(len(block), dtype=np.int64), (block, source)))
    shared = (member @ member.T).tocoo()
    same = shared.data >= params.same_share * np.minimum(size[shared.row], size[shared.col])
    joined = sparse.coo_array((same[same], (shared.row[same], shared.col[same])), shape=shared.shape)
    return connected_components(joined, directed=False)[1].astype(np.int64)
