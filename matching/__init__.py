"""Which records are one customer. Pure: no files of its own, no clock, no orchestrator."""
