"""The audit log, who did and who saw what: append-only. Actor, role and unit are plain values; nothing above primitives is imported."""
