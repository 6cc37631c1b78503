-- Inputs:  registry_deliveryproblem, registry_delivery; county, month, next_month
-- Output:  the problems of the files applied as of a day in the month:
--          '建档立卡_2018-12.xlsx', '贫困人口', 9, 'number_wrong', 'kept'
-- Grain:   a line of a file and a problem
SELECT d.file_name AS file, p.sheet, p.row, p.reason, p.action
FROM registry_deliveryproblem p JOIN registry_delivery d ON d.id = p.delivery_id
WHERE d.county_id = %(county)s AND d.state = 'applied'
  AND d.as_of_date >= %(month)s AND d.as_of_date < %(next_month)s
ORDER BY d.feed, d.file_name, p.sheet, p.row, p.member, p.reason
