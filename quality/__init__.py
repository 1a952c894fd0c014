"""What each value means, and what cannot be trusted."""
