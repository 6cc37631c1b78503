"""The contributions government pays: the rules of a region and year, the plan, what of it is not booked yet."""
