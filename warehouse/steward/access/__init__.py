"""Who may do what, and whose customers he sees."""
