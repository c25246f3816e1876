"""Lakes described in a few lines, as tests/integration/support/lake.rs describes them, written as Parquet."""
import datetime as dt
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

from . import reading

ROLES = dict(zip(("from", "to", "cc", "bcc", "required", "optional", "organizer", "regards", "owner", "resource", "customer"), range(1, 12)))
LOOKUPS = ("regardingobjectid", "customerid", "parentcustomerid", "partyid", "record1id", "record2id")
STATES = {"appointment": {"statecode": 3}, "connection": {"statecode": 0}, "contact": {"statecode": 0}, "lead": {"statecode": 0}, "phonecall": {"statecode": 1},
          "opportunity": {"statecode": 0}, "task": {"statecode": 1}, "email": {"statecode": 1, "statuscode": 3}}
NEEDED = ("account", "contact", "opportunity", "systemuser", "email", "activityparty")
TEXT = pa.string()
PERSON = pa.struct([("emailAddress", pa.struct([("name", TEXT), ("address", TEXT)]))])
ARROW = dict(int=pa.int64(), num=pa.float64(), bool=pa.bool_(), ts=pa.timestamp("us", "UTC"), date=pa.date32(), address=PERSON, addresses=pa.list_(PERSON),
             texts=pa.list_(TEXT), headers=pa.list_(pa.struct([("name", TEXT), ("value", TEXT)])), zoned=pa.struct([("dateTime", TEXT), ("timeZone", TEXT)]),
             attendees=pa.list_(pa.struct([*PERSON, ("status", pa.struct([("response", TEXT)])), ("type", TEXT)])),
             noitem=pa.struct([("isUserSummaryRow", pa.bool_()), ("userReturnedNoData", pa.bool_()), ("errorInformation", TEXT)]))


def instant(text):
    text = text.replace("Z", "+00:00")
    return dt.datetime.fromisoformat(text) if text else None


def person(value):
    if isinstance(value, str):
        return {"emailAddress": {"name": None, "address": value}}
    return {"emailAddress": {"name": value.get("name"), "address": value.get("address")}} if "address" in value else value


def spelled_out(column, value):
    """Short spellings of the nested columns: see tests/integration/support/nested.rs."""
    if value is None:
        return None
    if column in ("from", "sender", "organizer"):
        return person(value)
    if column in ("toRecipients", "ccRecipients", "bccRecipients"):
        return [person(v) for v in value]
    if column == "attendees":
        said = [v.split() for v in value]
        return [{**person(w[0]), "type": (w[1:2] or ["required"])[0], "status": {"response": (w[2:3] or ["none"])[0]}} for w in said]
    if column in ("start", "end") and isinstance(value, str):
        time, _, zone = value.partition(" ")
        return {"dateTime": f"{time}:00.0000000", "timeZone": zone or "UTC"}
    if column == "internetMessageHeaders" and isinstance(value, dict):
        return [{"name": k, "value": v} for k, v in value.items()]
    return value


class Lake:
    def __init__(self, described=None):
        self.tables = {}
        for table, rows in (described or {}).items():
            for row in rows:
                self.insert(table, row)

    def insert(self, table, row):
        row = dict(row)
        folder, key, _ = reading.TABLES[table]
        if folder == "dataverse":
            if row.get("IsDelete") is not True:
                row = {**STATES.get(table, {}), **row}
            if "||" not in key and key in row:
                row.setdefault("Id", row[key])
            row.setdefault("versionnumber", 1)
            row.setdefault("SinkModifiedOn", "2026-03-31T12:00Z")
            for column in LOOKUPS:
                if ":" in (row.get(column) or ""):
                    row[f"{column}_entitytype"], row[column] = row[column].split(":", 1)
            if table != "activityparty" and row.get("activityid"):
                self.parties(row)
        elif table in reading.COPIES:
            row.setdefault("puser", "box-anna")
            row = {column: spelled_out(column, value) for column, value in row.items()}
        self.tables.setdefault(table, []).append(row)

    def parties(self, row):
        for role, mask in ROLES.items():
            named = row.pop(role, None) or []
            for number, text in enumerate([named] if isinstance(named, str) else named):
                party = {"activityid": row["activityid"], "activitypartyid": f"{row['activityid']}-{role}-{number}", "participationtypemask": mask}
                for word in text.split():
                    party["addressused" if "@" in word or word.startswith("/") else "partyid"] = word
                self.insert("activityparty", party)

    def on_top_of(self, other):
        """The rows of `other` and these; a row of these stands in for one with its key."""
        def own(row):
            return row.get("Id") or ("usageLocation" in row and row.get("puser")) or None
        both = Lake()
        for table in {**other.tables, **self.tables}:
            rows = self.tables.get(table, [])
            new = {own(r) for r in rows}
            both.tables[table] = [r for r in other.tables.get(table, []) if own(r) is None or own(r) not in new] + rows
        return both

    def write(self, root):
        for table, (folder, _, columns) in reading.TABLES.items():
            rows = self.tables.get(table, [])
            if not rows and table not in NEEDED:
                continue
            kinds = dict(c.split(":") for c in (columns + reading.EXPORT).split())
            of_contract = [c.split(":")[0] for c in columns.split()]        # the first is the table's key
            names = sorted({name for row in rows for name in row} | set(of_contract if table in NEEDED else of_contract[:1]))
            data = {}
            for name in names:
                kind, values = kinds.get(name), [row.get(name) for row in rows]
                if kind == "ts":
                    values = [v and instant(v) for v in values]
                if kind == "date":
                    values = [v and dt.date.fromisoformat(v) for v in values]
                if kind == "num":
                    values = [None if v is None else float(v) for v in values]
                if kind is None and any(isinstance(v, (int, float)) for v in values):
                    data[name] = pa.array(values)
                else:
                    data[name] = pa.array([None if v is None else v if kind in ARROW else str(v) for v in values], ARROW.get(kind, TEXT))
            os.makedirs(os.path.join(root, folder, table), exist_ok=True)
            pq.write_table(pa.table(data), os.path.join(root, folder, table, "part-0.parquet"))


def described(path):
    with open(path) as file:
        return Lake(json.load(file))
