"""Marks are HMACs: the same as Python's, for keys of any length."""

from __future__ import annotations

import hmac

import pytest

from warehouse.database import connect
from warehouse.erasure.marks import use_key


@pytest.mark.parametrize("key", [b"k", b"x" * 64, b"a longer key than a block " * 4])
def test_a_mark_is_the_hmac_of_kind_and_text(key: bytes) -> None:
    texts = ["+8613912345678", "欧阳若溪 苏E12345", ""]
    with connect() as con:
        use_key(con, key)
        for text in texts:
            ((found,),) = con.execute("SELECT mark('name_plate', $1)", [text]).fetchall()
            told = f"name_plate\0{text}".encode()
            assert found == hmac.digest(key, told, "sha256").hex()
