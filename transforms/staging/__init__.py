"""One vocabulary for all providers; each table is one SQL file named as the table."""
