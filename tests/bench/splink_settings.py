"""What an expert would tell Splink 5 about each table: comparisons, blocking, training, threshold.

  sensible  the customers as most would begin: good comparisons, one blocking rule for each number
  tuned     after weeks with the data: vehicle ids in place of VINs, numbers that many hold taken
            out, keys by sound, no link of another name by a phone, car or home
  people    a table of the FEBRL data sets, without and with soc_sec_id
The columns are those of `splink_table.sql`. The thresholds were chosen by pairwise F1: on worlds
that no reported figure comes from (ordinary seed 11, hard seed 12), for `people` on FEBRL itself,
which can only flatter Splink.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train and run a model.

    certain, recall: rules whose pairs are almost all matches, and the share of the matches that
    they are thought to find. em: a blocking rule for each training session. max_pairs: sampled to
    estimate u. keep: SQL over the predictions; others are dropped. threshold: match probability.
    """

    settings: SettingsCreator
    certain: list[Any]
    recall: float
    em: list[Any]
    max_pairs: float
    threshold: float
    keep: str = "true"


def sensible() -> Recipe:
    """The customers, as most would begin."""
    comparisons = [
        _name(),
        _phone("phone", "phones"),
        _id_number(),
        _car(),
        _address(),
        cl.DamerauLevenshteinAtThresholds("birth_date", [1]),
    ]
    blocking = [
        block_on("id_number"),
        block_on("phones", "surname_sound", arrays_to_explode=["phones"]),
        block_on("vin", "surname_sound"),
        block_on("plate", "surname_sound"),
        block_on("name", "district"),
        block_on("pinyin", "birth_date"),
    ]
    return Recipe(
        settings=_settings(comparisons, blocking),
        certain=[block_on("id_number"), block_on("name", "phone"), block_on("name", "vin")],
        recall=0.8,
        em=_sessions("phone"),
        max_pairs=1e7,
        threshold=0.8,
    )


def tuned() -> Recipe:
    """The customers, by one who knows them."""
    comparisons = [
        _name(),
        _phone("own_phone", "own_phones"),
        _id_number(),
        cl.ExactMatch("vehicle"),
        _address(),
        cl.DamerauLevenshteinAtThresholds("birth_date", [1]),
        cl.ExactMatch("sold_on"),
        cl.ExactMatch("outlet"),
    ]
    blocking = [
        block_on("id_number"),
        block_on("own_phones", arrays_to_explode=["own_phones"]),
        block_on("vehicle", "surname_sound"),
        block_on("email"),
        block_on("name", "district"),
        block_on("name", "sold_on"),
        block_on("name", "outlet"),
        block_on("pinyin", "phone_tail"),
        block_on("pinyin", "birth_date"),
        block_on("room", "surname_sound"),
        block_on("company_core", "district"),
    ]
    return Recipe(
        settings=_settings(comparisons, blocking, retain=("kind",)),
        certain=[block_on("id_number"), block_on("name", "own_phone"), block_on("name", "vehicle")],
        recall=0.9,
        em=_sessions("own_phone"),
        max_pairs=1e7,
        threshold=0.8,
        # a company is not its contact; another name without the same id number is a household, or a
        # car sold on, a close one a brother; a company's core takes a number, car or district, a
        # surname alone a number, no name a number and a car
        keep="""coalesce(kind_l = kind_r, true) AND (
            gamma_id_number = 2 OR gamma_name > 4
            OR gamma_name = 4 AND (gamma_phone >= 2 OR gamma_vehicle = 1 OR gamma_address >= 1)
            OR gamma_name = 2 AND gamma_phone >= 2
            OR gamma_name = -1 AND gamma_phone >= 2 AND gamma_vehicle = 1)""",
    )


def people(with_number: bool) -> Recipe:
    """A table like those of FEBRL; with_number: soc_sec_id is compared and blocks, too."""
    comparisons = [
        cl.ForenameSurnameComparison("given_name", "surname"),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.DamerauLevenshteinAtThresholds("street_number", [1]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
        cl.ExactMatch("state"),
    ]
    # so small a table affords keys of one column; the last finds names that were swapped
    columns = ("date_of_birth", "surname", "given_name", "postcode", "address_1", "suburb")
    blocking: list[Any] = [block_on(column) for column in columns]
    blocking += [block_on("street_number", "state"), "l.given_name = r.surname"]
    em = [block_on("date_of_birth"), block_on("postcode")]
    if with_number:
        comparisons.append(cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]))
        blocking.append(block_on("soc_sec_id"))
        em.append(block_on("soc_sec_id"))
    return Recipe(
        settings=_settings(comparisons, blocking),
        certain=[
            block_on("given_name", "surname", "date_of_birth"),
            block_on("date_of_birth", "address_1"),
        ],
        recall=0.8,
        em=em,
        max_pairs=1e7,
        threshold=0.8,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "sensible": sensible,
    "tuned": tuned,
    "people": lambda: people(False),
    "people with soc_sec_id": lambda: people(True),
}


def _settings(
    comparisons: list[Any], blocking: list[Any], retain: tuple[str, ...] = ()
) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
        additional_columns_to_retain=list(retain),
    )


def _sessions(phone: str) -> list[Any]:
    """Two of the three by birth date, which companies lack: else fleets would outnumber people."""
    return [
        block_on("id_number", "birth_date"),
        block_on("birth_date", "surname_sound"),
        block_on("name", phone),
    ]


def _name() -> Any:
    """Characters, then sounds; Jaro-Winkler only on pinyin, as DuckDB compares Hanzi by bytes."""
    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.CustomLevel(
                "coalesce(name_l, surname_l) IS NULL OR coalesce(name_r, surname_r) IS NULL",
                "no name",
            ).configure(is_null_level=True),
            cll.ExactMatchLevel("name").configure(tf_adjustment_column="name"),
            cll.ExactMatchLevel("pinyin").configure(tf_adjustment_column="pinyin"),
            cll.CustomLevel(
                "company_core_l = company_core_r"
                " AND coalesce(company_region_l = company_region_r, true)",
                "same core of a company's name",
            ),
            cll.JaroWinklerLevel("pinyin", 0.92),
            cll.CustomLevel(
                "(name_l IS NULL OR name_r IS NULL) AND surname_l = surname_r",
                "surname and title",
            ),
            cll.ExactMatchLevel("surname").configure(tf_adjustment_column="surname"),
            cll.ElseLevel(),
        ],
    )


def _phone(main: str, every: str) -> Any:
    return cl.CustomComparison(
        output_column_name="phone",
        comparison_levels=[
            cll.NullLevel(every),
            cll.ExactMatchLevel(main).configure(tf_adjustment_column=main),
            cll.ArrayIntersectLevel(every, 1),
            cll.DamerauLevenshteinLevel(main, 1),
            cll.ElseLevel(),
        ],
    )


def _id_number() -> Any:
    return cl.DamerauLevenshteinAtThresholds("id_number", [1])


def _car() -> Any:
    """VIN or plate, not both: they say one thing."""
    return cl.CustomComparison(
        output_column_name="car",
        comparison_levels=[
            cll.CustomLevel(
                "(vin_l IS NULL OR vin_r IS NULL) AND (plate_l IS NULL OR plate_r IS NULL)",
                "no car",
            ).configure(is_null_level=True),
            cll.ExactMatchLevel("vin"),
            cll.ExactMatchLevel("plate"),
            cll.ElseLevel(),
        ],
    )


def _address() -> Any:
    """From the room to the district; in two districts the rest is a coincidence."""
    return cl.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            cll.NullLevel("district"),
            cll.CustomLevel("district_l = district_r AND room_l = room_r", "same room"),
            cll.CustomLevel("district_l = district_r AND house_l = house_r", "same house"),
            cll.CustomLevel("district_l = district_r AND road_l = road_r", "same road"),
            cll.ExactMatchLevel("district"),
            cll.ElseLevel(),
        ],
    )
