-- In: outlet.
SELECT outlet_code, kind, province, records, customers, held_rows, first_file_on, last_file_on
FROM published.dim_outlet SEMI JOIN outlet USING (outlet_code)
ORDER BY outlet_code
