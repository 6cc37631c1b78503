"""Who prepared, reviewed, approved or funded something, each person once: applications now, every batch of money later."""
