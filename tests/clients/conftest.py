"""The clients are programs of their own: pytest does not import them."""

collect_ignore = ["readers"]
