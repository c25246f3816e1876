"""Writes a lake again with Spark, in each of the ways that its settings and writers offer.

    spark_writer.py LAKE TARGET     writes TARGET/<form>/ and says the forms, one a line
"""

import pathlib
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

FORMS = {
    "int96": {},
    "micros": {"spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS", "spark.sql.parquet.compression.codec": "zstd"},
    "legacy": {"spark.sql.parquet.writeLegacyFormat": "true", "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
               "spark.sql.parquet.compression.codec": "gzip"},
    "dictionary_off": {"parquet.enable.dictionary": "false", "spark.sql.parquet.compression.codec": "lz4_raw"},
    "version_2": {"parquet.writer.version": "v2", "spark.sql.parquet.compression.codec": "uncompressed"},
    "json": {},
    "json_gz": {},
    "inferred": {},
    "parted": {},
}
# Columns that Spark takes out of files and writes into the names of folders.
PARTED = {"messages": "puser", "calendar_view": "type", "email": "statuscode", "contact": "statecode", "opportunity": "actualclosedate",
          "activityparty": "participationtypemask"}
INSTANTS = ("senton", "scheduledstart", "scheduledend", "actualstart", "actualend", "createdon")
EXTRA = t.MapType(t.StringType(), t.MapType(t.StringType(), t.ArrayType(t.ArrayType(t.StringType()))))


def with_extras(frame):
    """Columns that nobody asked for, as pipelines add them."""
    empty = f.lit(None).cast(EXTRA)
    nested = f.create_map(f.lit("k"), f.create_map(f.lit("l"), f.array(f.array(f.lit("v")))))
    return (frame.withColumn("extra_map", f.when(f.rand(7) < 0.5, nested).otherwise(empty))
            .withColumn("extra_decimal", f.lit("1.5").cast("decimal(38,18)"))
            .withColumn("extra_interval", f.expr("interval '1' day")))


def main():
    lake, target = map(pathlib.Path, sys.argv[1:3])
    spark = (SparkSession.builder.master("local[2]").config("spark.sql.session.timeZone", "America/New_York")
             .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "3")
             .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.memory", "1g").config("spark.sql.legacy.parquet.nanosAsLong", "true").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    files = sorted(path.relative_to(lake) for path in lake.rglob("*.parquet"))
    for form, settings in FORMS.items():
        hadoop = spark.sparkContext._jsc.hadoopConfiguration()
        for key, value in settings.items():
            (spark.conf.set if key.startswith("spark.") else hadoop.set)(key, value)
        for number, file in enumerate(files):
            system, table = file.parts[:2]
            of = spark.read.parquet(str(lake / file))
            # Spark has no nanoseconds.
            for name in (name for name, dtype in of.dtypes if name in INSTANTS and dtype == "bigint"):
                of = of.withColumn(name, f.timestamp_micros(f.expr(f"{name} div 1000")))
            folder = f"{system}/{table}/{number:02}"
            to = str(target / form / folder)
            if form in ("json", "json_gz", "inferred") and system == "exchange":
                lines = to if form != "inferred" else str(target / "lines" / folder)
                of.repartition(2).write.option("compression", "gzip" if form == "json_gz" else "none").json(lines)
                if form == "inferred":
                    with_extras(spark.read.json(lines)).write.parquet(to)
                continue
            writer = with_extras(of).repartition(2).write
            if form == "parted" and PARTED.get(table) in of.columns:
                writer = writer.partitionBy(PARTED[table])
            writer.parquet(to)
        for key in settings:
            (spark.conf.unset if key.startswith("spark.") else hadoop.unset)(key)
        print(form)


main()
