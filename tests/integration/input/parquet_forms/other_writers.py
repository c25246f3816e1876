"""Writes a lake again with pyarrow and DuckDB, every column in a type that a seed draws.

    other_writers.py LAKE TARGET SEED [SEED ...]     writes TARGET/SEED/ and says what it chose

What a column means stays: texts, instants to the microsecond, whole numbers, truths, days.
"""

import datetime
import json
import pathlib
import random
import re
import sys

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MIDNIGHT = datetime.time()


def texts(dice, column):
    values = [value for value in column.to_pylist() if value is not None]
    types = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.dictionary(pa.int8(), pa.string())]
    if len(set(values)) > 100:
        types[-1] = pa.dictionary(pa.int32(), pa.large_string())
    if values and all(GUID.fullmatch(value) for value in values):
        types += [pa.binary(36), pa.uuid()]
    dtype = dice.choice(types)
    if dtype == pa.uuid():
        keys = [None if value is None else bytes.fromhex(value.replace("-", "")) for value in column.to_pylist()]
        return pa.ExtensionArray.from_storage(pa.uuid(), pa.array(keys, pa.binary(16)))
    if pa.types.is_dictionary(dtype):
        return column.cast(dtype.value_type).dictionary_encode().cast(dtype)
    return pa.array(column.to_pylist(), dtype) if dtype == pa.binary(36) else column.cast(dtype)


def instants(dice, column):
    micros = column.cast(pa.timestamp("us", "UTC") if column.type.tz else pa.timestamp("us")).cast(pa.int64())
    values = [value for value in micros.to_pylist() if value is not None]
    units = ["us", "ns"]
    units += ["ms"] if all(value % 1000 == 0 for value in values) else []
    units += ["s"] if all(value % 1_000_000 == 0 for value in values) else []
    unit, zone = dice.choice(units), dice.choice([None, "UTC", "+02:00", "Europe/Helsinki", "Etc/UTC", "Z"])
    if dice.random() < 0.2:
        spelled = pc.strftime(micros.cast(pa.timestamp("us")), format="%Y-%m-%dT%H:%M:%S")
        return pc.binary_join_element_wise(spelled, "Z", "") if dice.random() < 0.5 else spelled
    try:
        return micros.cast(pa.timestamp("us")).cast(pa.timestamp(unit)).cast(pa.int64()).cast(pa.timestamp(unit, zone))
    except pa.ArrowInvalid:
        return micros.cast(pa.timestamp("us", "UTC"))


def integers(dice, column):
    values = [value for value in column.to_pylist() if value is not None] or [0]
    low, high = min(values), max(values)
    types = [pa.int64(), pa.float64(), pa.string(), pa.decimal128(38, 4), pa.decimal128(20, 0), pa.decimal256(60, 2)]
    for bits, signed, unsigned in (8, pa.int8(), pa.uint8()), (16, pa.int16(), pa.uint16()), (32, pa.int32(), pa.uint32()):
        types += [signed] if -(1 << bits - 1) <= low and high < 1 << bits - 1 else []
        types += [unsigned] if 0 <= low and high < 1 << bits else []
    types += [pa.uint64()] if low >= 0 else []
    types += [pa.float16()] if -1000 <= low and high <= 1000 else []
    types += [pa.float32(), pa.decimal32(9, 2), pa.decimal64(18, 3)] if -1_000_000 < low and high < 1_000_000 else []
    dtype = dice.choice(types)
    if pa.types.is_decimal(dtype):
        return pa.array([None if value is None else __import__("decimal").Decimal(value) for value in column.to_pylist()], dtype)
    return column.cast(pa.float64()).cast(dtype) if dtype == pa.float16() else column.cast(dtype)


def truths(dice, column):
    dtype = dice.choice([pa.bool_(), pa.bool_(), pa.int8(), pa.int64(), pa.uint8(), pa.float64(), pa.string()])
    return column.cast(pa.int8()).cast(dtype) if pa.types.is_floating(dtype) else column.cast(dtype)


def days(dice, column):
    dtype = dice.choice([pa.date32(), pa.date64(), pa.timestamp("ms"), pa.timestamp("us", "UTC"), pa.string()])
    return column.cast(dtype)


def nested(dice, column):
    def dtype(of):
        if pa.types.is_list(of):
            element = pa.field(dice.choice(["element", "item", "array"]), dtype(of.value_type))
            return dice.choice([pa.list_, pa.large_list])(element)
        if pa.types.is_struct(of):
            fields = [pa.field(field.name, dtype(field.type)) for field in of]
            fields += [pa.field("extra", pa.decimal256(70, 3))] if dice.random() < 0.3 else []
            dice.shuffle(fields)
            return pa.struct(fields)
        return dice.choice([of, pa.large_string(), pa.binary()]) if pa.types.is_string(of) else of

    if dice.random() < 0.2:
        spelled = [None if value is None else json.dumps(value) for value in column.to_pylist()]
        return pa.array(spelled, dice.choice([pa.string(), pa.large_string(), pa.binary()]))
    target, values = dtype(column.type), column.to_pylist()
    return pa.array(values, target)


def redrawn(dice, column):
    of = column.type
    column = column.combine_chunks()
    if pa.types.is_string(of) or pa.types.is_large_string(of):
        return texts(dice, column.cast(pa.string()))
    if pa.types.is_timestamp(of):
        return instants(dice, column)
    if pa.types.is_integer(of):
        return integers(dice, column)
    if pa.types.is_boolean(of):
        return truths(dice, column)
    if pa.types.is_date(of):
        return days(dice, column)
    return nested(dice, column)


def by_pyarrow(dice, table, path):
    names, columns = table.column_names, [redrawn(dice, table[name]) for name in table.column_names]
    rows = table.num_rows
    for extra in (
        pa.array([[("a", 1)]] * rows, pa.map_(pa.string(), pa.int32())),
        pa.array([datetime.timedelta(1)] * rows, pa.duration("ns")),
        pa.array([datetime.time(1)] * rows, pa.time64("ns")),
        pa.array([[[1, None], None]] * rows, pa.list_(pa.list_(pa.uint16()))),
        pa.nulls(rows),
    ):
        if dice.random() < 0.3:
            names, columns = names + [f"extra_{len(names)}"], columns + [extra]
    order = list(range(len(names)))
    dice.shuffle(order)
    fields = [pa.field(names[at], columns[at].type, nullable=columns[at].null_count > 0 or dice.random() < 0.7) for at in order]
    table = pa.Table.from_arrays([columns[at] for at in order], schema=pa.schema(fields))
    options = dict(
        version=dice.choice(["1.0", "2.4", "2.6"]),
        data_page_version=dice.choice(["1.0", "2.0"]),
        compression=dice.choice(["none", "snappy", "gzip", "brotli", "lz4", "zstd"]),
        use_dictionary=dice.random() < 0.5,
        write_statistics=dice.random() < 0.5,
        store_schema=dice.random() < 0.5,
        use_compliant_nested_type=dice.random() < 0.5,
        row_group_size=dice.choice([3, 20, 100_000]),
        data_page_size=dice.choice([64, 1 << 20]),
        write_page_checksum=dice.random() < 0.5,
        write_page_index=dice.random() < 0.5,
        flavor=dice.choice([None, None, "spark"]),
        use_deprecated_int96_timestamps=dice.choice([None, None, True]),
        coerce_timestamps=dice.choice([None, None, "us"]),
        allow_truncated_timestamps=True,
    )
    try:
        pq.write_table(table, path, **options)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as refusal:
        # What a version of the format does not have: the newest has all of it.
        options.update(version="2.6", row_group_size=100_000, data_page_size=1 << 20, use_deprecated_int96_timestamps=None, coerce_timestamps=None, flavor=None)
        pq.write_table(table, path, **options)
        options["refused"] = str(refusal)[:80]
    return f"pyarrow {options} {[str(field) for field in table.schema]}"


def by_duckdb(dice, table, path):
    duck = duckdb.connect()
    duck.sql("SET TimeZone = 'UTC'")
    duck.register("rows", table)
    selected = []
    for field in table.schema:
        values = [value for value in table[field.name].to_pylist() if value is not None]
        types = [None]
        if pa.types.is_string(field.type):
            types += ["VARCHAR", "BLOB"]
            types += ["UUID"] if values and all(GUID.fullmatch(value) for value in values) else []
            types += ["ENUM"] if values and len(set(values)) < 50 else []
        elif pa.types.is_integer(field.type):
            types += ["BIGINT", "DOUBLE", "VARCHAR", "DECIMAL(38,3)", "DECIMAL(18,0)", "HUGEINT"]
            types += ["TINYINT", "SMALLINT", "UINTEGER", "FLOAT"] if values and max(values) < 100 and min(values) >= 0 else []
        elif pa.types.is_timestamp(field.type) and field.type.unit == "us":
            types += ["TIMESTAMPTZ", "TIMESTAMP", "TIMESTAMP_NS"]
        elif pa.types.is_boolean(field.type):
            types += ["TINYINT", "VARCHAR", "DOUBLE"]
        elif pa.types.is_date(field.type):
            types += ["TIMESTAMP", "VARCHAR"]
        dtype, name = dice.choice(types), '"' + field.name + '"'
        if dtype == "ENUM":
            words = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(set(values)))
            dtype = f"ENUM ({words})"
        cast = name
        if dtype == "BLOB":
            cast = f"encode({name})"
        elif dtype == "TIMESTAMP_NS":
            cast = f"{name}::TIMESTAMP::TIMESTAMP_NS"
        elif dtype:
            cast = f"{name}::{dtype}"
        selected.append(f"{cast} AS {name}")
    dice.shuffle(selected)
    options = (
        f"FORMAT parquet, COMPRESSION {dice.choice(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])}, "
        f"PARQUET_VERSION {dice.choice(['v1', 'v2'])}, ROW_GROUP_SIZE {dice.choice([2048, 122880])}"
    )
    duck.sql(f"COPY (SELECT {', '.join(selected)} FROM rows) TO '{path}' ({options})")
    return f"DuckDB {options}: {', '.join(selected)}"


def main(lake, target, seeds):
    for seed in seeds:
        dice = random.Random(seed)
        for file in sorted(lake.rglob("*.parquet")):
            path = target / str(seed) / file.relative_to(lake)
            path.parent.mkdir(parents=True, exist_ok=True)
            write = dice.choice([by_pyarrow, by_pyarrow, by_duckdb])
            print(f"{seed} {file.relative_to(lake)}: {write(dice, pq.read_table(file, partitioning=None), path)}".replace("\n", ", "))


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), [int(seed) for seed in sys.argv[3:]])
