"""Finding customers by what people say of them: a name or its sound, a number or its end.

An index lies beside each published version, as a file of its own: the published tables are laid out
for scans, and a look-up in them takes ten times as long. It is made from the published file in bulk
when the console first sees a version, so that no night waits for it.

- `forms`: a name as it is compared, and how it sounds
- `building`: the index of a version; `index.sql` has its tables
- `wish`: what was typed, taken apart
- `finding`: customers who fit it

Which version has an index, and the making of a new one, is in `warehouse.steward.indexes`.
"""
