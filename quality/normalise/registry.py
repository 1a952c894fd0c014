"""Every field's normaliser: the list that bulk runs and tools read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from quality.normalise import (
    Near,
    Value,
    address,
    amount,
    company,
    date,
    email,
    engine,
    identity,
    mileage,
    name,
    phone,
    plain,
    plate,
    sex,
    vin,
    yes_no,
)
from quality.normalise.bulk import Bulk
from quality.normalise.bulk import address as many_addresses
from quality.normalise.bulk import amount as many_amounts
from quality.normalise.bulk import date as many_dates
from quality.normalise.bulk import engine as many_engines
from quality.normalise.bulk import identity as many_identities
from quality.normalise.bulk import mileage as many_mileages
from quality.normalise.bulk import name as many_names
from quality.normalise.bulk import phone as many_phones
from quality.normalise.bulk import plate as many_plates
from quality.normalise.bulk import vin as many_vins


class Normaliser(NamedTuple):
    """scalar: one cell to its value; the specification. kind: the class of that value.

    bulk: the same for the plain cells of a column, where it is worth having.
    """

    scalar: Callable[[str | None, Near], Value]
    kind: type[Value]
    bulk: Bulk | None = None


MODULES: dict[str, Normaliser] = {
    "name": Normaliser(name.normalise, name.NameValue, many_names.plain),
    "company": Normaliser(company.normalise, company.CompanyValue),
    "phone": Normaliser(phone.normalise, phone.PhoneValue, many_phones.plain),
    "vin": Normaliser(vin.normalise, vin.VinValue, many_vins.plain),
    "plate": Normaliser(plate.normalise, plate.PlateValue, many_plates.plain),
    "identity": Normaliser(identity.normalise, identity.IdentityValue, many_identities.plain),
    "address": Normaliser(address.normalise, address.AddressValue, many_addresses.plain),
    "date": Normaliser(date.normalise, date.DateValue, many_dates.plain),
    "mileage": Normaliser(mileage.normalise, mileage.MileageValue, many_mileages.plain),
    "amount": Normaliser(amount.normalise, amount.AmountValue, many_amounts.plain),
    "email": Normaliser(email.normalise, email.EmailValue),
    "yes_no": Normaliser(yes_no.normalise, yes_no.YesNoValue),
    "sex": Normaliser(sex.normalise, sex.SexValue),
    "engine": Normaliser(engine.normalise, engine.EngineValue, many_engines.plain),
    "text": Normaliser(plain.normalise, plain.PlainValue),
}
