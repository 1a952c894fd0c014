"""A night costs what changed: each module finds what a change touches, and does that part anew.

Every step of the matcher looks only at records, profiles or values that are near each other, by a
VIN's tail, a plate, a number, a blocking key or a link. So the rules of the full run, applied to
what lies near the changes, come to the same as applied to everything.
"""
