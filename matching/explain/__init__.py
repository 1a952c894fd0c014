"""Explanation: why two records are one customer, or not, and why a customer holds together.

No score without its sentence: every level, rule and outcome has a phrase in Chinese and English
in `phrases.yml`. Tables: those of the identity store, to be read only.
"""

from __future__ import annotations

from matching.explain.entity import explain_entity
from matching.explain.pair import Store, closest, explain_pair
from matching.explain.shapes import Entity, Pair, Word

__all__ = ["Entity", "Pair", "Store", "Word", "closest", "explain_entity", "explain_pair"]
