"""The lower levels of an address, and the parts of its text that tell them."""

from __future__ import annotations

from dataclasses import dataclass, field

#: A part of the text, what stands in its place in the value (None: itself), and what follows it.
Part = tuple[str, str | None, str]


@dataclass(slots=True)
class Street:
    """The levels, each '' where missing; `rest`: what has none, such as floors and directions.

    parts: the whole text, in order. reason: why the reading is not certain, or '':

        numbers_read_as_building_unit_room  3-2-501; the unit may be missing
        numbers_read_as_number_room         人民路12-302
        numbers_unclear                     世纪花园12, left in `rest`
        relative_location                   人民路1号对面, which is not number 1
    """

    town: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: list[str] = field(default_factory=list)
    reason: str = ""
    parts: list[Part] = field(default_factory=list)

    def add(self, level: str, value: str, raw: str, put: str | None = None, add: str = "") -> None:
        """Append a part of the text and what it says; a level that is known goes to the rest."""
        if raw:
            self.parts.append((raw, put, add))
        self.say(level, value)

    def say(self, level: str, value: str) -> None:
        """Set a level, or the rest where it is known."""
        if level == "rest" or getattr(self, level):
            self.rest.append(value)
        else:
            setattr(self, level, value)

    def skip(self, raw: str) -> None:
        """A part that says nothing: a separator. A space keeps letters and digits apart."""
        if raw:
            self.parts.append((raw, " " if raw.isspace() else "", ""))


def unpadded(number: str) -> str:
    """Without leading zeros, letters large."""
    return (number.lstrip("0") or number).upper()
