"""Take a person out of everything that is kept, and keep him out: PIPL art. 47."""
