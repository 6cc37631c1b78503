-- Inputs:  described(number, rarity, name, birth, village)
-- Output:  one row for each way in which the fields of some link compare, numbered from 0 as `pattern`, and its words:
--          "number=same;name=homophone;..."
-- Rule:    words of the explanation; their weights stand in weights_N.yaml.
SELECT row_number() OVER () - 1 AS pattern, number, rarity, name, birth, village,
    'number=' || ['same', 'former', 'one slip in the file', 'one slip on the roll', 'two slips', 'all but the birth date',
        'its beginning', 'differs', 'unknown'][number]
    || ';name=' || ['same', 'variant', 'homophone', 'same surname', 'differs'][name]
    || ['', ';rarity=rare', ';rarity=usual', ';rarity=common'][rarity + 1]
    || ';birth=' || ['same', 'day and month swapped', 'one part differs', 'unknown', 'differs'][birth]
    || ';village=' || ['same', 'same town', 'unknown', 'differs'][village] AS comparison_vector
FROM (SELECT DISTINCT number, rarity, name, birth, village FROM described)
