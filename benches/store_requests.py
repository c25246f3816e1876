"""What DuckDB asks of an object store to read the columns that rapport reads, table by table.

    python benches/store_requests.py s3://bucket/lake

Needs duckdb with httpfs (`pip install duckdb==1.5.5 duckdb-extensions duckdb-extension-httpfs`) and the
usual AWS_* variables. rapport's own requests are in its table `runs`, and in its log with --log-format json.
"""

import os
import re
import sys
from pathlib import Path

import duckdb

CONTRACT = Path(__file__).parent.parent / "src/sources/contract"
EXPORT = ["Id", "versionnumber", "SinkModifiedOn", "IsDelete"]


def contract():
    """Folder and columns of every table, from the program's own input contract."""
    for system in ("dataverse", "exchange", "control"):
        source = (CONTRACT / f"{system}.rs").read_text()
        for block in re.split(r"pub const \w+: SourceTable", source)[1:]:
            name = re.search(r'"(\w+)"', block)[1]
            columns = re.findall(r'(?:required|optional)\("(\w+)"', block)
            yield f"{system}/{name}", columns + (EXPORT if system == "dataverse" else [])


def connect():
    try:
        from duckdb_extensions import import_extension

        import_extension("httpfs")
    except ImportError:
        pass
    con = duckdb.connect()
    con.execute("LOAD httpfs")
    con.execute("SET threads = 2")
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    secret = {
        "KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
        "SECRET": os.environ["AWS_SECRET_ACCESS_KEY"],
        "REGION": os.environ.get("AWS_REGION", "us-east-1"),
    }
    if endpoint:
        scheme, host = endpoint.split("://")
        secret |= {"ENDPOINT": host, "URL_STYLE": "path", "USE_SSL": str(scheme == "https").lower()}
    options = ", ".join(f"{key} '{value}'" for key, value in secret.items())
    con.execute(f"CREATE SECRET (TYPE s3, {options})")
    return con


UNITS = {"bytes": 1, "byte": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def measured(con, query):
    """Requests and bytes received of a query, by DuckDB's own account."""
    plan = con.execute(f"EXPLAIN ANALYZE {query}").fetchall()[0][1]
    amount, unit = re.search(r"in: ([\d.]+) (\w+)", plan).groups()
    requests = sum(int(count) for count in re.findall(r"#(?:GET|HEAD|POST|PUT): (\d+)", plan))
    return requests, float(amount) * UNITS[unit]


def main(lake):
    print(f"{'table':28} {'requests':>9} {'MB':>9}")
    requests = received = 0
    for table, wanted in contract():
        files = f"read_parquet('{lake}/{table}/**/*.parquet', union_by_name = true)"
        con = connect()
        try:
            there = {row[0].lower(): row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()}
        except duckdb.IOException:
            continue
        # A fresh connection: the description above must not fill any cache.
        con = connect()
        columns = ", ".join(f'"{there[name.lower()]}"' for name in wanted if name.lower() in there)
        asked, came = measured(con, f"SELECT bit_xor(hash({columns})) FROM {files}")
        print(f"{table:28} {asked:9} {came / 1e6:9.2f}")
        requests, received = requests + asked, received + came
    print(f"{'all':28} {requests:9} {received / 1e6:9.2f}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
