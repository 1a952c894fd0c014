"""What the columns of files lack, and what was guessed, is named with the headers to look at."""

from __future__ import annotations

import datetime
from pathlib import Path

from connectors.columns import Guessed, Lacking, guessed, lacking
from connectors.intake import take_in
from connectors.ledger import Ledger
from connectors.sources import load_sources

NIGHT = datetime.datetime(2024, 3, 6, 2, tzinfo=datetime.UTC)
FILES = {
    "dealers/D0001/customers_20240301.csv": "客户编号,客户姓名,手机,级别\nA1,李雷,13900000001,3\n",
    "dealers/D0002/customers_20240301.csv": "客户编码,买主全称,小灵通,车架号\nA1,李雷,139,LSV\n",
    "dealers/D0003/customers_20240301.csv": "客户编码,买主全称,级别,车牌\nA1,韩梅,3,苏E12345\n",
    "stations/S0001/orders_20240301.csv": "工单号,送修人,手机,车牌\nA1,李雷,13900000001,苏E12345\n",
}


def test_what_is_lacking_and_guessed_is_told_of_the_last_intake(tmp_path: Path) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    for path, text in FILES.items():
        (landing / path).parent.mkdir(parents=True)
        (landing / path).write_text(text, encoding="utf-8")
    take_in(landing, home, now=NIGHT)
    _, first, _, station = FILES
    with Ledger(home) as ledger:
        rows = ledger.last_taken()
    assert lacking(rows, load_sources()) == [
        Lacking("dealer", ("name", "phone"), first, ["买主全称", "小灵通", "级别"], 2),
        Lacking("station", ("visited_on",), station, [], 1),
    ]
    assert guessed(rows) == [Guessed("dealer", "客户编码", "source_key", "客户编号", first, 2)]
    again = landing / "dealers/D0001/customers_20240302.csv"
    again.write_text("客户编号,客户姓名,手机\nA2,韩梅,13900000002\n", encoding="utf-8")
    take_in(landing, home, now=NIGHT + datetime.timedelta(days=1))
    with Ledger(home) as ledger:
        assert [row.path for row in ledger.last_taken()] == [str(again.relative_to(landing))]
        assert lacking(ledger.last_taken(), load_sources()) == []
