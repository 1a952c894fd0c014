"""Why two records are one customer, or why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import permutations, product

import duckdb

from matching.clusters import CERTAIN
from matching.explain import people, telling
from matching.explain.phrases import Phrase, phrases
from matching.explain.reach import SharedKey, set_aside, shared_keys
from matching.explain.shapes import Doubt, Pair, Tie, Word
from matching.explain.spanning import Link, path, tree
from matching.explain.weighing import Weighed, kept, weigh
from matching.model import Model

#: Of two customers without a kept link, so many profiles each are compared to find the closest.
_CLOSEST_OF = 300


@dataclass(frozen=True, slots=True)
class Store:
    """What explanations read. con: the identity store. records: what the model's columns read.

    words: the latest decision on each two records.
    """

    con: duckdb.DuckDBPyConnection
    model: Model
    records: str
    words: tuple[Word, ...]


def explain_pair(store: Store, left: str, right: str) -> Pair:
    """Explain two records by their keys. Raises KeyError for one that the store does not have."""
    con, model = store.con, store.model
    of_left, of_right = (people.profile_of(con, record) for record in (left, right))
    left_id, right_id = (people.golden_id_of(con, record) for record in (left, right))
    plain = Pair(
        left=left,
        right=right,
        left_id=left_id,
        right_id=right_id,
        outcome="same_content",
        says=telling.sentence(phrases().outcomes["same_content"]),
        link=model.thresholds.link,
        review=model.thresholds.review,
        decisions=telling.among(store.words, _records(con, left_id), _records(con, right_id)),
    )
    return plain if of_left == of_right else _weigh_up(store, plain, of_left, of_right)


def _weigh_up(store: Store, plain: Pair, of_left: int, of_right: int) -> Pair:
    """The explanation of two different profiles."""
    con, model = store.con, store.model
    a, b = sorted((of_left, of_right))
    edges = kept(con, model, f"a = {a} AND b = {b}")
    weighed = edges[0] if edges else weigh(con, model, [(a, b)])[a, b]
    keys = tuple(shared_keys(con, model, a, b))
    refused, waiting = _between(store, plain.left_id, plain.right_id)
    own = next((d for d in refused if _profiles(con, d) == {a, b}), None)
    word = _word(con, store.words, {a, b})
    outcome = _outcome(plain.together, word, weighed, bool(edges), own, keys)
    chain = _chain(store, plain.left_id, of_left, of_right) if outcome == "through_others" else ()
    weakest = min(chain, key=lambda one: one.weight or CERTAIN, default=None)
    rows = people.rows_of(con, (a, b))
    return replace(
        plain,
        outcome=outcome,
        says=_says(model, outcome, weighed, word, own, chain, weakest),
        prior=weighed.prior,
        weight=weighed.weight,
        by_weight=weighed.by_weight(model.thresholds),
        band=weighed.band,
        rule=weighed.rule,
        rule_says=phrases().reason(model, weighed.rule) if weighed.rule else None,
        evidence=telling.evidence(model, weighed, rows[of_left], rows[of_right]),
        refused=own,
        keys=keys,
        set_aside=tuple(set_aside(con, model, store.records, plain.left, plain.right)),
        chain=chain,
        weakest=weakest,
        between=tuple(d for d in (*refused, *waiting) if _profiles(con, d) != {a, b}),
    )


def closest(store: Store, left: Iterable[str], right: Iterable[str]) -> tuple[str, str]:
    """The two records, one of each side, whose profiles weigh most; by a kept link if there is one.

    For two customers, or a record and the rest of its customer. Raises KeyError as `explain_pair`.
    """
    con = store.con
    sides = [_by_profile(con, records) for records in (left, right)]
    if shared := sorted(sides[0].keys() & sides[1].keys()):
        return sides[0][shared[0]], sides[1][shared[0]]
    listed = [", ".join(map(str, side)) for side in sides]
    across = [f"(a IN ({one}) AND b IN ({other}))" for one, other in permutations(listed)]
    edges = kept(con, store.model, " OR ".join(across))
    if not edges:
        few = [sorted(side)[:_CLOSEST_OF] for side in sides]
        pairs = [(min(a, b), max(a, b)) for a, b in product(*few)]
        weighed = weigh(con, store.model, pairs).values()
        edges = sorted(weighed, key=lambda one: (-one.weight, one.a, one.b))
    a, b = edges[0].a, edges[0].b
    return (sides[0][a], sides[1][b]) if a in sides[0] else (sides[0][b], sides[1][a])


def tie(store: Store, link: Link, turned: bool = False) -> Tie:
    """A link in words; turned: from b to a."""
    con, model = store.con, store.model
    names = [min(_records_of_profile(con, profile)) for profile in (link.a, link.b)]
    left, right = reversed(names) if turned else names
    if link.weight >= CERTAIN:
        return Tie(left, right, None, phrases().clauses["decided"])
    (edge,) = kept(con, model, f"a = {link.a} AND b = {link.b}")
    return Tie(left, right, link.weight, telling.clauses(model, edge))


def _outcome(
    together: bool, word: Word | None, weighed: Weighed, found: bool, own: Doubt | None,
    keys: tuple[SharedKey, ...],
) -> str:  # fmt: skip
    """A key of `outcomes` in phrases.yml. found: the last run kept the pair's edge."""
    verdict = word.verdict if word and not word.pending else None
    if together:
        if verdict == "same":
            return "decision_same"
        return "link" if found and weighed.band == "link" else "through_others"
    if verdict == "different":
        return "decision_different"
    if own is not None:
        return "refused"
    if found:
        return "held" if weighed.rule else "grey_zone"
    if not any(key.compared for key in keys):
        return "capped" if keys else "not_found"
    return "ruled_out" if weighed.rule else "below"


def _says(
    model: Model, outcome: str, weighed: Weighed, word: Word | None, own: Doubt | None,
    chain: tuple[Tie, ...], weakest: Tie | None,
) -> Phrase:  # fmt: skip
    words, limits = phrases(), model.thresholds
    reason = own.reason if own else weighed.rule
    first = words.outcomes[outcome].filled(
        weight=telling.plain(weighed.weight),
        link=f"{limits.link:g}",
        review=f"{limits.review:g}".replace("-", "−"),
        band=words.bands[weighed.by_weight(limits)],
        because=words.reason(model, reason) if reason else "",
        who=word.who if word else "",
        when=word.when if word else "",
        steps=len(chain),
        weakest=telling.weight(weakest.weight) if weakest else "",
    )
    return telling.sentence(first, telling.clauses(model, weighed))


def _word(con: duckdb.DuckDBPyConnection, words: tuple[Word, ...], pair: set[int]) -> Word | None:
    """The latest decision on any records of the two profiles."""
    known = {record: profile for profile in pair for record in _records_of_profile(con, profile)}
    found = [w for w in words if {known.get(w.left), known.get(w.right)} == pair]
    return max(found, key=lambda w: (not w.pending, w.when), default=None)


def _between(store: Store, one: str, other: str) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
    """Refused and waiting links between two customers; none within one."""
    return people.doubts(store.con, store.model, one, other) if one != other else ((), ())


def _chain(store: Store, golden_id: str, start: int, end: int) -> tuple[Tie, ...]:
    spanning = tree(
        people.links_within(store.con, people.members(store.con, golden_id), store.words)
    )
    way, at, told = path(spanning, start, end), start, []
    for link in way:
        told.append(tie(store, link, turned=link.b == at))
        at = link.a if link.b == at else link.b
    return tuple(told)


def _profiles(con: duckdb.DuckDBPyConnection, doubt: Doubt) -> set[int]:
    return {people.profile_of(con, record) for record in (doubt.left, doubt.right)}


def _by_profile(con: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[int, str]:
    """Profile -> the first of these records that has it."""
    return {people.profile_of(con, record): record for record in sorted(records, reverse=True)}


def _records(con: duckdb.DuckDBPyConnection, golden_id: str) -> set[str]:
    return {record for records in people.members(con, golden_id).values() for record in records}


def _records_of_profile(con: duckdb.DuckDBPyConnection, profile: int) -> list[str]:
    rows = con.execute("SELECT record_key FROM record_profile WHERE profile_id = ?", [profile])
    return [str(row[0]) for row in rows.fetchall()]
