-- Sites known from their exports alone, because there is no sites.toml.
SELECT count(*) AS inferred_count FROM ingest.listed_sites WHERE standing = 'inferred'
