"""Writes the Delta tables beside this file, each with the rows of `plain/<table>.parquet`, in every shape in
which such a table may come: by the Python package deltalake where it writes that shape, else by hand after
the protocol (https://github.com/delta-io/delta/blob/master/PROTOCOL.md).

    pip install deltalake pyarrow pyroaring
    python tests/delta_tables/make.py

Run once; the tables are part of the repository, so that the tests need no Python.
"""

import json
import shutil
import struct
import uuid
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, write_deltalake
from pyroaring import BitMap

HERE = Path(__file__).parent
NO_CLEANUP = {"delta.enableExpiredLogCleanup": "false"}


def plain(table):
    read = pq.read_table(HERE / "plain" / f"{table}.parquet")
    text = lambda dtype: pa.string() if dtype in (pa.large_string(), pa.string_view()) else dtype
    return read.cast(pa.schema([(f.name, text(f.type)) for f in read.schema]))


def folder(table):
    place = HERE / table
    shutil.rmtree(place, ignore_errors=True)
    return place


def forget_commits(place, before):
    """What log cleanup does once a checkpoint covers them."""
    for version in range(before):
        (place / "_delta_log" / f"{version:020}.json").unlink()


# By hand.


def commit(place, version, actions):
    log = place / "_delta_log"
    log.mkdir(parents=True, exist_ok=True)
    (log / f"{version:020}.json").write_text("".join(json.dumps(action) + "\n" for action in actions))


def protocol(*features):
    if not features:
        return {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}
    features = list(features)
    return {"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": features}}


def metadata(schema, configuration={}, stored=None, partitioned_by=[]):
    names = {pa.string(): "string", pa.int32(): "integer", pa.int64(): "long", pa.bool_(): "boolean", pa.date32(): "date"}
    fields = []
    for number, field in enumerate(schema, 1):
        about = {"delta.columnMapping.id": number, "delta.columnMapping.physicalName": stored[field.name]} if stored else {}
        dtype = "timestamp" if pa.types.is_timestamp(field.type) else names[field.type]
        fields.append({"name": field.name, "type": dtype, "nullable": True, "metadata": about})
    if stored:
        configuration = configuration | {"delta.columnMapping.maxColumnId": str(len(fields) + 1)}
    return {"metaData": {
        "id": "5c7c9a54-1f5e-4b53-9d5e-2f0a5d2d8f01", "format": {"provider": "parquet", "options": {}},
        "schemaString": json.dumps({"type": "struct", "fields": fields}), "partitionColumns": partitioned_by,
        "configuration": configuration, "createdTime": 1775000000000,
    }}


def add(place, name, rows, vector=None, partition={}):
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path)
    action = {
        "path": name.replace("%", "%25").replace(" ", "%20"), "partitionValues": partition, "size": path.stat().st_size,
        "modificationTime": 1775000000000, "dataChange": True, "stats": json.dumps({"numRecords": rows.num_rows}),
    }
    return {"add": action | ({"deletionVector": vector} if vector else {})}


def remove(action):
    kept = {key: action["add"][key] for key in ("path", "partitionValues", "size", "deletionVector") if key in action["add"]}
    return {"remove": kept | {"deletionTimestamp": 1775000000000, "dataChange": True, "extendedFileMetadata": True}}


Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def z85(data):
    data += bytes(-len(data) % 4)
    text = ""
    for (word,) in struct.iter_unpack(">I", data):
        text += "".join(Z85[word // 85**power % 85] for power in (4, 3, 2, 1, 0))
    return text


def bitmap(positions):
    """RoaringBitmapArray: magic, number of bitmaps, and each with its high 32 bits; all little-endian."""
    return struct.pack("<IQI", 1681511377, 1, 0) + BitMap(positions).serialize()


def inline_vector(positions):
    data = bitmap(positions)
    return {"storageType": "i", "pathOrInlineDv": z85(data), "sizeInBytes": len(data), "cardinality": len(positions)}


def vectors_in_a_file(place, number, prefix, vectors):
    """Several vectors in one file: version, then each with its size and checksum, which are big-endian."""
    name = uuid.UUID(int=number)
    path = place / prefix / f"deletion_vector_{name}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    stored, found = b"\x01", []
    for positions in vectors:
        data = bitmap(positions)
        found.append({
            "storageType": "u", "pathOrInlineDv": prefix + z85(name.bytes), "offset": len(stored),
            "sizeInBytes": len(data), "cardinality": len(positions),
        })
        stored += struct.pack(">I", len(data)) + data + struct.pack(">I", zlib.crc32(data))
    path.write_bytes(stored)
    return found


def email():
    """Partitioned by a column that rules need; overwritten; the log begins with a checkpoint."""
    rows, place = plain("email"), folder("email")
    by = ["statuscode"]
    write_deltalake(place, rows.slice(0, 1), partition_by=by, configuration=NO_CLEANUP)
    write_deltalake(place, rows.slice(0, 1), partition_by=by, mode="overwrite")
    write_deltalake(place, rows.slice(1, 2), mode="append")
    DeltaTable(place).create_checkpoint()
    write_deltalake(place, rows.slice(3), mode="append")
    forget_commits(place, 3)


def appointment():
    """Partitioned by an instant and a boolean that rules need, with paths that the log encodes."""
    write_deltalake(folder("appointment"), plain("appointment"), partition_by=["scheduledstart", "isalldayevent"])


def contact():
    """Columns mapped by name; the first file still has one that was dropped."""
    rows, place = plain("contact"), folder("contact")
    stored = {name: f"col-{uuid.UUID(int=number)}" for number, name in enumerate(rows.column_names)}
    mode = {"delta.columnMapping.mode": "name"}
    physical = rows.rename_columns([stored[name] for name in rows.column_names])
    # The name of a dropped column may be that of a live one: in files, only stored names count.
    first = physical.slice(0, 2).append_column("statecode", pa.array([1, 1], pa.int32()))
    table = metadata(rows.schema, mode, stored)
    commit(place, 0, [protocol("columnMapping"), table, add(place, "part-0.parquet", first)])
    commit(place, 1, [table, add(place, "part-1.parquet", physical.slice(2))])


def opportunity():
    """Columns mapped by id: files name them as they like, and the names of two are exchanged."""
    rows, place = plain("opportunity"), folder("opportunity")
    stored = {name: f"col-{number}" for number, name in enumerate(rows.column_names)}
    names = dict(stored, customerid=stored["ownerid"], ownerid=stored["customerid"])
    with_id = lambda field, number: field.with_name(names[field.name]).with_metadata({"PARQUET:field_id": str(number)})
    schema = pa.schema([with_id(field, number) for number, field in enumerate(rows.schema, 1)])
    physical = pa.Table.from_arrays(rows.columns, schema=schema)
    commit(place, 0, [
        protocol("columnMapping"), metadata(rows.schema, {"delta.columnMapping.mode": "id"}, stored),
        add(place, "part-0.parquet", physical),
    ])


def activityparty():
    """Deletion vectors: in the log, in a file beside another, and replaced by a later one."""
    rows, place = plain("activityparty"), folder("activityparty")
    wrong = rows.slice(0, 2).set_column(
        rows.schema.get_field_index("participationtypemask"), "participationtypemask", pa.array([9, 9], pa.int32())
    ).set_column(
        rows.schema.get_field_index("activitypartyid"), "activitypartyid", pa.array(["x", "y"])
    ).set_column(rows.schema.get_field_index("Id"), "Id", pa.array(["x", "y"]))
    third = rows.num_rows // 3
    one = pa.concat_tables([wrong.slice(0, 1), rows.slice(0, third), wrong.slice(1)])
    two = pa.concat_tables([wrong, rows.slice(third, third), wrong])
    three = pa.concat_tables([rows.slice(2 * third), wrong])
    end = three.num_rows
    early, late = vectors_in_a_file(place, 7, "ab", [[0], [0, 1, two.num_rows - 2, two.num_rows - 1]])
    first = add(place, "part-0.parquet", one, inline_vector([0, one.num_rows - 1]))
    second = add(place, "part-1.parquet", two, early)
    third = add(place, "part-2.parquet", three, vectors_in_a_file(place, 8, "", [[end - 2, end - 1]])[0])
    commit(place, 0, [
        protocol("deletionVectors"), metadata(rows.schema, {"delta.enableDeletionVectors": "true"}), first, second, third,
    ])
    again = {"add": second["add"] | {"deletionVector": late}}
    commit(place, 1, [remove(second), again])


def task():
    """A checkpoint of version 2 with a sidecar, and no commits."""
    rows, place = plain("task"), folder("task")
    live = add(place, "part-0.parquet", rows)["add"]
    dead = add(place, "part-1.parquet", rows.slice(0, 0))["add"]
    table = metadata(rows.schema, {"delta.checkpointPolicy": "v2"})["metaData"]
    protocol_v2 = protocol("v2Checkpoint")["protocol"]
    commit(place, 0, [protocol("v2Checkpoint"), {"metaData": table}, {"add": dead}])
    commit(place, 1, [remove({"add": dead}), {"add": live}])
    log = place / "_delta_log"
    (log / "_sidecars").mkdir()
    values = pa.map_(pa.string(), pa.string())
    add_type = pa.struct([
        ("path", pa.string()), ("partitionValues", values), ("size", pa.int64()), ("modificationTime", pa.int64()),
        ("dataChange", pa.bool_()), ("stats", pa.string()),
    ])
    remove_type = pa.struct([("path", pa.string()), ("deletionTimestamp", pa.int64()), ("dataChange", pa.bool_())])
    gone = {"path": dead["path"], "deletionTimestamp": 1775000000000, "dataChange": True}
    sidecar = log / "_sidecars" / f"{uuid.UUID(int=9)}.parquet"
    live_row = live | {"partitionValues": [], "dataChange": False}
    pq.write_table(pa.table({"add": pa.array([live_row, None], add_type), "remove": pa.array([None, gone], remove_type)}), sidecar)
    texts = pa.list_(pa.string())
    protocol_type = pa.struct([
        ("minReaderVersion", pa.int32()), ("minWriterVersion", pa.int32()), ("readerFeatures", texts), ("writerFeatures", texts),
    ])
    metadata_type = pa.struct([
        ("id", pa.string()), ("format", pa.struct([("provider", pa.string()), ("options", values)])),
        ("schemaString", pa.string()), ("partitionColumns", texts), ("configuration", values), ("createdTime", pa.int64()),
    ])
    table = table | {"format": {"provider": "parquet", "options": []}, "configuration": list(table["configuration"].items())}
    sidecar_type = pa.struct([("path", pa.string()), ("sizeInBytes", pa.int64()), ("modificationTime", pa.int64())])
    about = {"path": sidecar.name, "sizeInBytes": sidecar.stat().st_size, "modificationTime": 1775000000000}
    pq.write_table(pa.table({
        "protocol": pa.array([protocol_v2, None, None, None], protocol_type),
        "metaData": pa.array([None, table, None, None], metadata_type),
        "checkpointMetadata": pa.array([None, None, {"version": 1}, None], pa.struct([("version", pa.int64())])),
        "sidecar": pa.array([None, None, None, about], sidecar_type),
    }), log / f"{1:020}.checkpoint.{uuid.UUID(int=10)}.parquet")
    forget_commits(place, 2)


def phonecall():
    """Commits compacted into one file, which stands for them."""
    rows, place = plain("phonecall"), folder("phonecall")
    live, dead = add(place, "live 100%.parquet", rows), add(place, "dead.parquet", rows)
    commit(place, 0, [protocol(), metadata(rows.schema), dead])
    commit(place, 1, [remove(dead)])
    commit(place, 2, [live])
    log = place / "_delta_log"
    compacted = [protocol(), metadata(rows.schema), remove(dead), live]
    (log / f"{0:020}.{2:020}.compacted.json").write_text("".join(json.dumps(action) + "\n" for action in compacted))


for table in (email, appointment, contact, opportunity, activityparty, task, phonecall):
    table()
    assert table.__name__ in ("contact", "opportunity", "activityparty", "task") or (
        DeltaTable(HERE / table.__name__).to_pyarrow_table().num_rows == plain(table.__name__).num_rows
    ), table.__name__
