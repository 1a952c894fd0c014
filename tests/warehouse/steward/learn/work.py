"""Made-up work of stewards, from which the page Learn has something to tell."""

from __future__ import annotations

import numpy as np

from warehouse.desk import Desk
from warehouse.steward.learn.judgements import facts
from warehouse.steward.services import Services

STEWARDS = ("wang", "li", "zhou")


def make_up(services: Services, share: float = 0.7, differs: float = 0.08) -> None:
    """Decide a share of the cases, half of them twice, and look at most links; always the same.

    The heavier a pair, the likelier it is the same; differs: of second answers, those that do.
    """
    chance = np.random.default_rng(7)
    kept, claims = services.judgements, services.claims
    with services.published.reading() as con:
        for case in services.queue.waiting(con, None):
            if chance.random() < share:
                likely = 1 / (1 + 2.0 ** (2 - min(case.match_weight, 8)))
                verdict, other = ("same", "different")[:: 1 if chance.random() < likely else -1]
                first, second = chance.permutation(STEWARDS)[:2]
                made = Desk(services.office, first, "").pair(case.record_a, case.record_b, verdict)
                claims.settle(first, case.key, "decided", made.number)
                about = facts(con, case.key)
                assert about is not None
                kept.note(made.number, case.key, "queue", first, verdict, about)
                if chance.random() < 0.5:
                    said = other if chance.random() < differs else verdict
                    kept.say(made.number, "answer", second, said)
        for link in services.sample.drawn(con):
            if chance.random() < 0.95:
                right = chance.random() < 0.86 + min(link.match_weight, 14) / 100
                verdict = "same" if right else "different"
                desk = Desk(services.office, "wang", "")
                made = desk.pair(link.record_a, link.record_b, verdict)
                claims.settle("wang", link.key, "decided", made.number)
                kept.note(made.number, link.link_id, "audit", "wang", verdict, link.facts)
