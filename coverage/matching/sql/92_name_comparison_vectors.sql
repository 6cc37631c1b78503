-- Inputs:  described(number, rarity, name, birth, village)
-- Output:  one row a comparison vector that occurs, numbered from 0 as vector_id, with its text:
--          0, 1, 0, 3, 1, 2, 'number=same;name=homophone;birth=same;village=same town'
-- Rule:    the names of the agreement levels; weights_N.yaml states their weights.
SELECT row_number() OVER () - 1 AS vector_id, number, rarity, name, birth, village,
    'number=' || ['same', 'former', 'digit error in the file', 'digit error on the roll', 'two digit errors', 'all but the birth date',
        'its beginning', 'differs', 'unknown'][number]
    || ';name=' || ['same', 'variant', 'homophone', 'same surname', 'differs'][name]
    || ['', ';rarity=rare', ';rarity=usual', ';rarity=common'][rarity + 1]
    || ';birth=' || ['same', 'day and month swapped', 'one part differs', 'unknown', 'differs'][birth]
    || ';village=' || ['same', 'same town', 'unknown', 'differs'][village] AS comparison_vector
FROM (SELECT DISTINCT number, rarity, name, birth, village FROM described)
