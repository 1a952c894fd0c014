"""What waits for a steward: the queue, who works on what, and what a case is about."""
