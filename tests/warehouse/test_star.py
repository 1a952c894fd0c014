"""Who owned which car, who is related to whom, and facts then and now, on handmade nights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.sample import numbers
from tests.matching.said import pair
from tests.warehouse.nights import Nights, file
from warehouse.database import connect
from warehouse.publish import LINK, publish

OLD, NEW, SLIP = "京A12B45", "沪C77D89", "京A12B46"
#: Story -> who has the car after its buyer, and by what; None where the buyer still has it.
STORIES: dict[str, tuple[list[dict[str, str]], str | None]] = {
    "a stranger comes once, under another plate": (
        [{"name": "韩梅", "phone": "13712306789", "plate": NEW, "visited_on": "2022-03-01"}],
        "plate_moved",
    ),
    "one character of the plate is another": (
        [{"name": "韩梅", "phone": "13712306781", "plate": SLIP, "visited_on": "2022-03-01"}],
        None,
    ),
    "he says that he owns it, and comes again": (
        [
            {"name": "郑凯", "phone": "13712306782", "is_owner": "是", "visited_on": "2022-03-01"},
            {"name": "郑凯", "phone": "13712306782", "visited_on": "2022-09-01"},
        ],
        "second_hand",
    ),
    "he comes once, more than a year after the owner": (
        [{"name": "许诺言", "phone": "13712306770", "visited_on": "2021-08-01"}],
        "second_hand",
    ),
    "he comes once, within a year": (
        [{"name": "曹文轩", "phone": "13712306771", "visited_on": "2021-06-01"}],
        None,
    ),
    "a dealer opens a file on him years later": (
        [{"name": "吴静", "phone": "13712306783", "updated_on": "2023-02-01"}],
        "second_hand",
    ),
    "a dealer's file years later names nobody": (
        [{"name": "", "phone": "", "plate": OLD, "updated_on": "2023-02-01"}],
        None,
    ),
    "a dealer files the wife with the papers of the sale": (
        [{"name": "吴静怡", "phone": "13712306784", "updated_on": "2020-02-01"}],
        None,
    ),
    "the station says that he is not the owner": (
        [
            {"name": "孙强", "phone": "13712306785", "is_owner": "否", "visited_on": f"2022-{m}-01"}
            for m in ("02", "05", "08")
        ],
        None,
    ),
    "he has the owner's phone": (
        [
            {"name": "钱丽", "phone": "{own}", "visited_on": f"2022-{m}-01"}
            for m in ("02", "05", "08")
        ],
        None,
    ),
    "the owner comes back": (
        [
            {"name": "冯刚", "phone": "13712306786", "plate": OLD, "visited_on": "2021-02-01"},
            {"name": "冯刚", "phone": "13712306786", "plate": OLD, "visited_on": "2021-05-01"},
            {"name": "{buyer}", "phone": "{own}", "plate": OLD, "visited_on": "2021-09-01"},
        ],
        None,
    ),
    "a wife and a new owner come under the new plate": (
        [
            {"name": "蒋红", "phone": "13712306787", "plate": NEW, "visited_on": "2022-03-01"},
            {"name": "沈涛", "phone": "13712306788", "plate": NEW, "is_owner": "是",
             "visited_on": "2022-06-01"},
        ],
        "plate_moved",
    ),
}  # fmt: skip
BUYERS = ("李大雷", "王秀芳", "赵海山", "周文斌", "陈晓东", "杨子轩", "黄建国", "徐明哲", "何志强",
          "林婉如", "郭子仪", "马学文")  # fmt: skip
COMPANY = "北京宏远物流有限公司"


def _vin(number: int) -> str:
    return numbers.vin("LSVAM418", 2020, "2", 10_000 + 377 * number)


def _rows() -> dict[str, list[dict[str, str]]]:
    """The rows of the three sources, with keys of their own."""
    told: dict[str, list[dict[str, str]]] = {"hq": [], "dealer": [], "station": []}
    for number, (buyer, (after, _)) in enumerate(zip(BUYERS, STORIES.values(), strict=True)):
        own = {"name": buyer, "phone": f"139123456{number:02}", "vin": _vin(number)}
        sale = {"sold_on": "2020-01-10", "updated_on": "2020-01-12", "outlet_code": "D0012"}
        told["hq"].append(own | sale)
        told["station"].append(own | {"plate": OLD, "visited_on": "2020-07-01"})
        for row in after:
            where = "station" if "visited_on" in row else "dealer"
            filled = {k: v.format(own=own["phone"], buyer=buyer) for k, v in row.items()}
            told[where].append({"vin": own["vin"]} | filled)
    fleet = {"name": COMPANY, "phone": "01064123456", "vin": _vin(20)}
    told["hq"].append(fleet | {"sold_on": "2020-01-10", "outlet_code": "D0012"})
    driver = {"name": "罗师成", "phone": "13698761534", "vin": _vin(20), "plate": "京B55C66"}
    for month in ("03", "06", "09", "12"):
        told["station"].append(driver | {"visited_on": f"2021-{month}-01", "amount_cny": "100"})
    return {
        source: [{"source_key": f"K{n:03}", **row} for n, row in enumerate(rows)]
        for source, rows in told.items()
    }


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("star")
    outlet = {"hq": None, "dealer": "D0012", "station": "S0007"}
    Nights(home).night(*(
        file(source, rows, seq=seq, source=source, folder_outlet=outlet[source])
        for seq, (source, rows) in enumerate(_rows().items(), 1)
    ))  # fmt: skip
    publish(home, report=lambda table: None)
    with connect((home / LINK).resolve(), read_only=True) as con:
        yield con


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Any]:
    return con.execute(query, [*values]).fetchall()


@pytest.mark.parametrize(("number", "story"), list(enumerate(STORIES)), ids=list(STORIES))
def test_a_car_changes_hands(star: duckdb.DuckDBPyConnection, number: int, story: str) -> None:
    after, evidence = STORIES[story]
    owners = rows(
        star,
        "SELECT c.name, b.evidence FROM bridge_ownership b"
        " JOIN pii.dim_customer c USING (golden_id) WHERE vehicle_id = ? ORDER BY owner_no",
        _vin(number),
    )
    expected = [(BUYERS[number], "sale")]
    if evidence:
        expected.append((after[-1]["name"], evidence))
    assert owners == expected


def test_who_drives_a_companys_car_is_its_driver_and_no_owner(
    star: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        star,
        "SELECT c.name FROM bridge_ownership b JOIN pii.dim_customer c USING (golden_id)"
        " WHERE vehicle_id = ?",
        _vin(20),
    ) == [(COMPANY,)]
    assert rows(
        star,
        "SELECT c.name, o.name, r.evidence, r.records FROM customer_relation r"
        " JOIN pii.dim_customer c USING (golden_id)"
        " JOIN pii.dim_customer o ON o.golden_id = r.other_id"
        " WHERE r.kind = 'driver_of' AND o.kind = 'company'",
    ) == [("罗师成", COMPANY, "car", 4)]


def test_owners_follow_each_other_and_are_related(star: duckdb.DuckDBPyConnection) -> None:
    moved = sum(evidence is not None for _, evidence in STORIES.values())
    counted = "SELECT count(*) FROM customer_relation WHERE kind = 'previous_owner'"
    assert rows(star, counted) == [(moved,)]
    assert rows(
        star,
        "SELECT count(*) FROM bridge_ownership p JOIN bridge_ownership n"
        " ON n.vehicle_id = p.vehicle_id AND n.owner_no = p.owner_no + 1"
        " WHERE p.owned_to <> n.owned_from OR p.owned_from > n.owned_from",
    ) == [(0,)]


def test_one_phone_and_one_car_are_a_household(star: duckdb.DuckDBPyConnection) -> None:
    (pairs,) = rows(
        star,
        "SELECT list_sort(list(c.name)) FROM customer_relation r"
        " JOIN pii.dim_customer c USING (golden_id) WHERE r.kind = 'household'",
    )
    buyer = BUYERS[list(STORIES).index("he has the owner's phone")]
    assert pairs == (sorted(["钱丽", buyer]),)


def test_facts_add_up_to_the_rows(star: duckdb.DuckDBPyConnection) -> None:
    told = _rows()
    assert rows(star, "SELECT count(*) FROM fact_sale") == [(len(told["hq"]),)]
    assert rows(star, "SELECT count(*), sum(amount_cny) FROM fact_service_visit") == [
        (len(told["station"]), sum(int(r.get("amount_cny", 0)) for r in told["station"]))
    ]


def test_marts_add_up_to_the_facts(star: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        star, "SELECT sum(cars_bought), sum(visits), sum(amount_cny) FROM mart_customer_360"
    ) == rows(
        star,
        "SELECT (SELECT count(*) FROM fact_sale), count(*), sum(amount_cny)"
        " FROM fact_service_visit",
    )
    assert rows(star, "SELECT sum(cars) FROM mart_service_retention WHERE service_no = 1") == rows(
        star, "SELECT count(DISTINCT vehicle_id) FROM fact_sale"
    )
    assert rows(star, "SELECT sum(customers) FROM mart_lifecycle") == rows(
        star, "SELECT count(*) FROM dim_customer"
    )


def test_phones_are_ranked(tmp_path: Path) -> None:
    own, other, line = "13912345678", "13887654321", "01064123456"
    nights = Nights(tmp_path)
    said = [own, own, line, other]
    nights.night(
        file("f1", [
            {"source_key": f"K{n}", "name": "欧阳娜娜", "id_number": "11010519491231002X",
             "phone": phone, "updated_on": f"2024-02-0{n + 1}"}
            for n, phone in enumerate(said)
        ])
    )  # fmt: skip
    publish(tmp_path, report=lambda table: None)
    with connect((tmp_path / LINK).resolve(), read_only=True) as con:
        assert rows(
            con,
            "SELECT rank, phone, kind, records, shared_by FROM pii.customer_phone ORDER BY rank",
        ) == [
            (1, f"+86{own}", "mobile", 2, 0),
            (2, f"+86{other}", "mobile", 1, 0),
            (3, f"+86{line[1:]}", "fixed_line", 1, 0),
        ]
        assert rows(con, "SELECT phone FROM pii.dim_customer") == [(f"+86{own}",)]


#: The names that a customer is told by, and the one that he is shown under.
GOLDEN = (
    (("刘先生", "小刘"), "刘先生"),
    (("刘先生", "刘先生", "刘秀英"), "刘秀英"),
    (("Li Jinge", "Li Jinge", "李静娥"), "李静娥"),
    (("古丽娜尔", "古丽娜尔", "古丽娜尔·顿珠"), "古丽娜尔·顿珠"),
    (("陳建傑", "陈建杰"), "陈建杰"),
    (("金桥实业", "金桥实业", "南宁市金桥实业有限公司"), "南宁市金桥实业有限公司"),
)


def test_the_fullest_name_is_shown_in_plain_characters(tmp_path: Path) -> None:
    told = [
        {"source_key": f"K{case}-{n}", "name": name, "phone": f"1391234567{case}"}
        for case, (names, _) in enumerate(GOLDEN)
        for n, name in enumerate(names)
    ]
    same = [
        pair(f"dealer/D0012/K{case}-0", f"dealer/D0012/K{case}-{n}", "same", case * 10 + n)
        for case, (names, _) in enumerate(GOLDEN)
        for n in range(1, len(names))
    ]
    Nights(tmp_path).night(file("f1", told), decisions=same)
    publish(tmp_path, report=lambda table: None)
    with connect((tmp_path / LINK).resolve(), read_only=True) as con:
        shown = rows(
            con,
            "SELECT DISTINCT x.source_key[2], c.name FROM customer_xref x"
            " JOIN pii.dim_customer c USING (golden_id)",
        )
    assert {int(case): name for case, name in shown} == {
        case: name for case, (_, name) in enumerate(GOLDEN)
    }


def test_names_are_present_former_writings_or_slips(tmp_path: Path) -> None:
    said = {
        "章若兰": ["销售部", "金融", "2021"], "章若蘭": ["客户关系", "2021"],
        "章先生": ["保险部", "2021"],
        "章婉清": ["销售部", "售后", "保险部", "2023"], "张婉清": ["金融", "2023"],
        "Zhang Wanqing": ["客户关系", "2023"],
    }  # fmt: skip
    rows_of = [
        {"name": name, "department": department, "updated_on": f"{year}-05-0{n}"}
        for name, (*departments, year) in said.items()
        for n, department in enumerate(departments, 1)
    ]
    same = {"phone": "13912345678", "id_number": "11010519491231002X"}
    numbered = [{"source_key": f"K{n}", **same, **row} for n, row in enumerate(rows_of)]
    Nights(tmp_path).night(file("f1", numbered))
    publish(tmp_path, report=lambda table: None)
    with connect((tmp_path / LINK).resolve(), read_only=True) as con:
        assert rows(con, "SELECT name FROM pii.dim_customer") == [("章婉清",)]
        assert dict(rows(con, "SELECT name, kind FROM pii.customer_name")) == {
            "章婉清": "present", "章若兰": "former", "章若蘭": "other", "章先生": "other",
            "张婉清": "other", "Zhang Wanqing": "writing",
        }  # fmt: skip


def test_a_sale_names_its_buyer_as_then_and_as_now_known(tmp_path: Path) -> None:
    sale = {"source_key": "H1", "name": "陈大文", "phone": "13511112222", "sold_on": "2020-01-10"}
    filed = [
        {"source_key": f"K{n}", "name": "王芳", "phone": "13912345678", "updated_on": "2024-02-01"}
        for n in range(2)
    ]
    nights = Nights(tmp_path)
    first = file("f1", [sale], source="hq", folder_outlet=None)
    nights.night(first, file("f2", filed, seq=2))
    same = pair("hq//H1", "dealer/D0012/K0", "same")
    nights.night(decisions=[same])
    publish(tmp_path, report=lambda table: None)
    with connect((tmp_path / LINK).resolve(), read_only=True) as con:
        assert rows(
            con,
            "SELECT s.golden_id = d.redirect_to, h.name, c.records FROM fact_sale s"
            " JOIN golden_id_redirect d ON d.golden_id = s.golden_id_then"
            " JOIN pii.dim_customer_history h"
            " ON h.golden_id = s.golden_id_then AND h.from_run = s.first_run"
            " JOIN pii.dim_customer c ON c.golden_id = s.golden_id",
        ) == [(True, "陈大文", 3)]
