"""The rim: Dagster definitions and the command line."""
