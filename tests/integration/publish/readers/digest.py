"""Reads a table with an engine and prints what it saw, one line each time: rows and a digest of all of them.

    digest.py ENGINE FORMAT URL [once]

Without `once` it reads until it is killed. What an engine throws is printed as a line `error ...`.
"""

import hashlib
import os
import sys
import time

engine, form, url = sys.argv[1:4]
once = len(sys.argv) > 4


def digest(rows):
    rows = sorted(repr(row) for row in rows)
    return f"{len(rows)} {hashlib.md5(chr(10).join(rows).encode()).hexdigest()}"


def duckdb():
    import duckdb
    from duckdb_extensions import import_extension

    connection = duckdb.connect(config={"threads": 1})
    for extension in ("httpfs", "azure", "delta"):
        import_extension(extension)
        connection.execute(f"LOAD {extension}")
    if url.startswith("s3:"):
        endpoint = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
        connection.execute(
            f"CREATE SECRET (TYPE s3, KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', "
            f"SECRET '{os.environ['AWS_SECRET_ACCESS_KEY']}', REGION 'us-east-1', "
            f"ENDPOINT '{endpoint}', URL_STYLE 'path', USE_SSL false)"
        )
    if url.startswith(("az:", "abfss:")):
        account, key = os.environ["AZURE_STORAGE_ACCOUNT_NAME"], os.environ["AZURE_STORAGE_ACCOUNT_KEY"]
        connection.execute(
            "CREATE SECRET (TYPE azure, CONNECTION_STRING 'DefaultEndpointsProtocol=http;"
            f"AccountName={account};AccountKey={key};BlobEndpoint={os.environ['AZURE_STORAGE_ENDPOINT']};')"
        )
    function = "delta_scan" if form == "delta" else "read_parquet"
    # As text, all of a row: timestamps with a zone would ask for another Python package.
    return lambda: connection.execute(f"SELECT t::VARCHAR FROM {function}('{url}') t").fetchall()


def polars():
    import polars

    options = {}
    if url.startswith("s3:"):
        options = {name.lower(): value for name, value in os.environ.items() if name.startswith("AWS_")}
    if url.startswith(("az:", "abfss:")):
        options = {name.lower(): value for name, value in os.environ.items() if name.startswith("AZURE_")}
    scan = polars.scan_delta if form == "delta" else polars.scan_parquet
    return lambda: scan(url, storage_options=options).collect().rows()


def spark():
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return lambda: [tuple(row) for row in session.read.parquet(url).collect()]


read = {"duckdb": duckdb, "polars": polars, "spark": spark}[engine]()
print("ready")
while True:
    try:
        print(digest(read()))
    except Exception as error:
        print("error", " ".join(str(error).split()))
    if once:
        break
    # Often, and yet with time left for what is read to change.
    time.sleep(0.02)
