"""Keep it, publish it, let people see and decide."""
