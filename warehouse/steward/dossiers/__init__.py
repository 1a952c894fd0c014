"""All that is told of each customer, one document each, so that a page is one look-up.

The published tables are laid out for scans over everybody; a page about one would ask a dozen of
them. What it shows is put together for all customers at once, by SQL, when the console first sees a
version, and lies beside the index of the search, in SQLite, which is made for look-ups by key.
"""
