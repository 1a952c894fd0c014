"""Every field's normaliser and the type of its value: the list that bulk runs and tools read."""

from __future__ import annotations

from quality.normalise import (
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
from quality.normalise.column import Normaliser

MODULES: dict[str, tuple[Normaliser, type[Value]]] = {
    "name": (name.normalise, name.NameValue),
    "company": (company.normalise, company.CompanyValue),
    "phone": (phone.normalise, phone.PhoneValue),
    "vin": (vin.normalise, vin.VinValue),
    "plate": (plate.normalise, plate.PlateValue),
    "identity": (identity.normalise, identity.IdentityValue),
    "address": (address.normalise, address.AddressValue),
    "date": (date.normalise, date.DateValue),
    "mileage": (mileage.normalise, mileage.MileageValue),
    "amount": (amount.normalise, amount.AmountValue),
    "email": (email.normalise, email.EmailValue),
    "yes_no": (yes_no.normalise, yes_no.YesNoValue),
    "sex": (sex.normalise, sex.SexValue),
    "engine": (engine.normalise, engine.EngineValue),
    "text": (plain.normalise, plain.PlainValue),
}
