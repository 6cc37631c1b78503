-- Inputs:  listed(delivery, sheet, person): the lists before and of this day; parameters before, here (ids of their files), mine
-- Output:  delivery, sheet, persons, found, mine: persons of each sheet of the list before, those of them in any file of this day, and
--          in the file `mine`: 31, '长江镇', 512, 498, 498
-- Grain:   a sheet of a file of the list before
WITH here AS (
    SELECT person, bool_or(delivery = $mine) AS is_mine FROM listed WHERE list_contains($here, delivery) GROUP BY person
)
SELECT l.delivery, l.sheet, count(*), count(h.person), count(*) FILTER (h.is_mine)
FROM listed l LEFT JOIN here h USING (person)
WHERE list_contains($before, l.delivery)
GROUP BY l.delivery, l.sheet
ORDER BY l.delivery, l.sheet
