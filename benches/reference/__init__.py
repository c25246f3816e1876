"""The second implementation of the rules, in DuckDB's SQL: see ../duckdb_peer.py."""
