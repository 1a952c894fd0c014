"""What an outlet, or a group of them, may have of the published warehouse, as a file of its own."""
