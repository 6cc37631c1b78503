"""Values with no knowledge of any app: money, periods, identity numbers, names, ciphertext, masks, errors, the clock."""
