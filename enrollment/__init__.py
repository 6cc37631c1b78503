"""WHO is insured, who should be, and the work of closing the gap: matching, findings, codes, gaps, cases."""
