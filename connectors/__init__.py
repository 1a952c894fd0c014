"""Get rows out of a source, faithfully; judge nothing."""
