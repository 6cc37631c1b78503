"""Who is insured: the matching engine, findings, the three codes, and the possible matches clerks decide."""
