"""Who people are: accounts, passwords, sessions, links and tokens."""
