-- Inputs:  coverage_finding; county, at (when the month's last night finished)
-- Output:  the findings on roll lines current at the end of the night: 'resident', 'R1', 'STOP_DUE', 'A'
-- Grain:   a roll line and a finding
SELECT f.scheme, f.roll_no, f.kind, f.evidence_class
FROM coverage_finding f
WHERE f.county_id = %(county)s AND f.recorded_at <= %(at)s
  AND (f.superseded_at IS NULL OR f.superseded_at > %(at)s)
  AND f.roll_no <> ''
ORDER BY f.scheme, f.roll_no, f.kind
