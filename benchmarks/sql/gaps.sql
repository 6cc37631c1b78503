-- Inputs:  extra_person (people.sql), regions_unit; %(county)s its id, %(day)s the data's day, %(lines)s how many roll lines
-- Effects: rows of casework_gap: for the persons of seven kinds, one to three each, and for lines of the resident roll of three
INSERT INTO casework_gap (county_id, unit_id, person_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
    evidence_class, evidence, desk, due_on, opened_on, opened_at)
SELECT p.county_id, p.unit_id, p.id, '', '', p.name, p.name_pinyin, k.kind, k.reason, k.rank, '', '[]', k.desk,
    %(day)s::date + (n %% 60)::int, %(day)s::date - (n %% 90)::int, now() - n %% 90 * interval '1 day'
FROM extra_person p
JOIN (VALUES ('UNINSURED', 'never_enrolled', 30, 'village', 5, 3), ('LAPSED', 'lapsed', 37, 'township', 5, 2),
        ('DUE_NOT_DRAWING', '', 20, 'county', 10, 1), ('NEW_POOR', 'to_be_insured', 34, 'township', 5, 0),
        ('TURNING_60', '2019-02', 35, 'village', 5, 4), ('IDENTITY_CONFLICT', 'number_wrong', 50, 'township', 2, 1),
        ('DUPLICATE_CONTRIBUTION', 'two_schemes', 41, 'county', 5, 1)
     ) k (kind, reason, rank, desk, one_in, rest) ON n %% k.one_in = k.rest;
INSERT INTO casework_gap (county_id, unit_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
    evidence_class, evidence, desk, due_on, opened_on, opened_at)
SELECT u.county, u.id, 'resident', 'bench-' || n, '某', 'mou', k.kind, k.reason, k.rank, k.class, '[]', k.desk,
    %(day)s::date + (n %% 60)::int, %(day)s::date - (n %% 90)::int, now() - n %% 90 * interval '1 day'
FROM generate_series(1, %(lines)s) n
JOIN (SELECT id, parent_id AS county, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS towns
      FROM regions_unit WHERE parent_id = %(county)s) u ON u.place = n %% u.towns
JOIN (VALUES ('DRAWING_AFTER_DEATH', '2018-11-02', 10, 'A', 'county', 4, 1),
        ('DUPLICATE_BENEFIT', 'two_schemes', 13, '', 'county', 2, 0),
        ('INVALID_STATUS_PAIR', '4/1', 44, '', 'county', 2, 1)
     ) k (kind, reason, rank, class, desk, one_in, rest) ON n %% k.one_in = k.rest
