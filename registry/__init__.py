"""WHO is poor, since when, by whose file: deliveries, persons, designations, facts, roll snapshots."""
