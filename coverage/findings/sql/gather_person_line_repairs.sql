-- Inputs:  person_repair(subject_id, phonetic_key, key), person_line(position, roll_no, phonetic_key)
-- Output:  position, phonetic_key, key: the repairs of person_line, as intake writes them beside every roll
-- Grain:   a person's phonetic key and a right number a digit error away from one of the person's damaged ones
SELECT min(position) AS position, person_line.phonetic_key, repair.key
FROM person_repair repair
JOIN person_line ON person_line.roll_no = repair.subject_id::VARCHAR AND person_line.phonetic_key = repair.phonetic_key
GROUP BY ALL
