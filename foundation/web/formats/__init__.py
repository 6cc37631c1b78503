"""How numbers and dates are written, the same in both languages: 11,958 and 2018-12-31."""
