"""Settings: base holds what is always true; dev, test and production add what differs. Environment only through env.py."""
