-- At most $most_rows_of_file rows a file, lowest row numbers first, and $most_rows in all, shared out among the files.
SELECT file_id, row_number, column_name, value, reason
FROM (
  SELECT *, row_number() OVER (PARTITION BY file_id ORDER BY row_number, column_name) AS place
  FROM ingest.rejected_rows
  WHERE list_contains($file_ids, file_id)
  QUALIFY place <= $most_rows_of_file
  ORDER BY place, file_id
  LIMIT $most_rows
)
ORDER BY file_id, row_number, column_name
