"""How right a partition is, what it got wrong and why, and how two partitions differ.

  measures  pairs, B³, mixed and exactly right entities, against truth or labels
  labels    single words on pairs of records, as a truth that knows only part
  reach     what blocking brings together, and so the best that scoring could do
  errors    the wrong and the missed pairs, with their levels, by kind
  curve     the measures as the link threshold moves
  stewards  what is left for people, and the measures after their work
  runs      two partitions side by side

and, of what people said of single pairs, without any table:

  share        an estimate of a sample or of strata, with its interval
  agreement    how far two people who judged the same agree, beyond chance
  calibration  how often pairs of a weight are one, and the thresholds that follow

The former read the table `judged` of one connection: record_key, source, profile_id, entity (its
true entity, a number), found (the entity that it was put into, a number), golden_id (found, by
name); one row for each record whose truth is known. `Rivals` says which true entities differ: all
of them, or with labels only those of which somebody has said so.
"""

from matching.evaluate.measures import Measures, Rivals, judge, measure

__all__ = ["Measures", "Rivals", "judge", "measure"]
