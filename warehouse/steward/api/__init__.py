"""The interface for programs, below /api/v1."""
