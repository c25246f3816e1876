"""Reads the tables of a lake, whatever their files look like, into DuckDB tables of one shape (I1 to I11)."""
import glob
import gzip
import json
import os
import re
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

# The input contract: table: (folder, primary key, columns)
EXPORT = " Id:guid SinkModifiedOn:ts versionnumber:int IsDelete:bool"
MERGED = " masterid:guid merged:bool"
MAILS = " emailaddress1:addr emailaddress2:addr emailaddress3:addr"
REGARDING = " regardingobjectid:guid ownerid:guid createdon:ts"
TABLES = {  # table: (folder, primary key, columns)
    "account": ("dataverse", "accountid", "accountid:guid name:text primarycontactid:guid ownerid:guid createdon:ts" + MERGED),
    "contact": ("dataverse", "contactid", "contactid:guid fullname:text parentcustomerid:guid parentcustomerid_entitytype:word"
                " ownerid:guid statecode:int createdon:ts" + MAILS + MERGED),
    "lead": ("dataverse", "leadid", "leadid:guid fullname:text companyname:text ownerid:guid statecode:int createdon:ts"
             + MAILS + MERGED),
    "opportunity": ("dataverse", "opportunityid", "opportunityid:guid name:text customerid:guid customerid_entitytype:word"
                    " parentaccountid:guid parentcontactid:guid ownerid:guid statecode:int actualclosedate:date createdon:ts"),
    "systemuser": ("dataverse", "systemuserid", "systemuserid:guid fullname:text internalemailaddress:addr domainname:addr"
                   " azureactivedirectoryobjectid:guid isdisabled:bool"),
    "role": ("dataverse", "roleid", "roleid:guid name:text parentrootroleid:guid"),
    "systemuserroles": ("dataverse", "systemuserid || '/' || roleid", "systemuserid:guid roleid:guid"),
    "teammembership": ("dataverse", "teamid || '/' || systemuserid", "teamid:guid systemuserid:guid"),
    "connection": ("dataverse", "connectionid", "connectionid:guid record1id:guid record2id:guid record2roleid:guid statecode:int"),
    "connectionrole": ("dataverse", "connectionroleid", "connectionroleid:guid category:int"),
    "email": ("dataverse", "activityid", "activityid:guid subject:text statecode:int statuscode:int directioncode:bool senton:ts"
              " actualend:ts messageid:text inreplyto:text conversationindex:text isemailfollowed:bool opencount:int"
              " linksclickedcount:int attachmentopencount:int replycount:int" + REGARDING),
    "appointment": ("dataverse", "activityid", "activityid:guid statecode:int scheduledstart:ts scheduledend:ts actualstart:ts"
                    " scheduleddurationminutes:num actualdurationminutes:num isalldayevent:bool globalobjectid:text"
                    " instancetypecode:int" + REGARDING),
    "phonecall": ("dataverse", "activityid", "activityid:guid statecode:int directioncode:bool actualstart:ts actualend:ts"
                  " scheduledstart:ts scheduledend:ts actualdurationminutes:num" + REGARDING),
    "task": ("dataverse", "activityid", "activityid:guid statecode:int actualend:ts scheduledstart:ts scheduledend:ts"
             " actualdurationminutes:num" + REGARDING),
    "activityparty": ("dataverse", "activitypartyid", "activitypartyid:guid activityid:guid partyid:guid partyid_entitytype:word"
                      " addressused:addr participationtypemask:int"),
    "messages": ("exchange", None, "internetMessageId:text id:text sentDateTime:ts receivedDateTime:ts createdDateTime:ts"
                 " lastModifiedDateTime:ts subject:text from:address sender:address toRecipients:addresses ccRecipients:addresses"
                 " bccRecipients:addresses ODataType:text meetingMessageType:word conversationIndex:text isDraft:bool internetMessageHeaders:headers puser:guid"
                 " rowinformation:noitem"),
    "calendar_view": ("exchange", None, "iCalUId:text id:text start:zoned end:zoned isAllDay:bool isCancelled:bool isOrganizer:bool"
                      " organizer:address attendees:attendees type:word createdDateTime:ts lastModifiedDateTime:ts puser:guid"
                      " rowinformation:noitem"),
    "users": ("exchange", None, "id:guid mail:addr userPrincipalName:addr usageLocation:text proxyAddresses:texts puser:guid rowinformation:noitem"),
    "opt_outs": ("control", None, "principal:text effective_from:date"),
    "erasures": ("control", None, "kind:word principal:text"),
    "aliases": ("control", None, "address:addr systemuserid:guid contactid:guid"),
}
TYPES = dict(guid="varchar", text="varchar", word="varchar", addr="varchar", int="bigint", num="double", bool="boolean",
             ts="timestamp", date="date", address="varchar", addresses="varchar[]", texts="varchar[]", noitem="boolean",
             headers='struct("name" varchar, "value" varchar)[]', zoned='struct("dateTime" varchar, "timeZone" varchar)',
             attendees='struct(address varchar, kind varchar, response varchar)[]')
NESTED = ("address", "addresses", "texts", "headers", "zoned", "attendees", "noitem")
COPIES = ("messages", "calendar_view")


def nested(t, *path):
    """The type under a path of struct fields (names compared case-insensitively), or None."""
    for name in path:
        if pa.types.is_list(t) or pa.types.is_large_list(t):
            t = t.value_type
        if not pa.types.is_struct(t):
            return None
        i = [k for k in range(t.num_fields) if t.field(k).name.lower() == name.lower()]
        if not i:
            return None
        t = t.field(i[0]).type
    return t


def is_text(t):
    return pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_string_view(t)


def cast(kind, name, t):
    """SQL that reads column `name` of Arrow type `t` as `kind`, whatever a file holds (I3, I4, I7)."""
    q, is_ = f'"{name}"', pa.types
    t = t.value_type if is_.is_dictionary(t) else t
    if is_.is_null(t):
        return f"null::{TYPES[kind]}"
    if kind == "guid":
        return f"guid({q}::varchar)"
    if kind in ("text", "addr"):
        return f"{q}::varchar"
    if kind == "word":
        return f"enumeration({q}::varchar)"
    if kind in ("int", "num"):
        return f"try_cast({q} as {TYPES[kind]})"
    if kind == "bool":
        return q if is_.is_boolean(t) else f"lower(trim({q})) in ('true', '1')" if is_text(t) else f"{q} <> 0"
    if kind == "date" and is_text(t):
        return f"try_cast(left(trim({q}), 10) as date)"
    if kind in ("ts", "date"):
        if is_text(t):
            e = f"try_cast(trim({q}) as timestamptz) at time zone 'UTC'"
        elif is_.is_timestamp(t) and t.tz:
            e = f"try_cast({q} as timestamptz) at time zone 'UTC'"
        else:
            e = f"try_cast({q} as timestamp)"
        return f"({e})::date" if kind == "date" else f"nullif({e}, timestamp '0001-01-01')"
    return cast_nested(kind, q, t)


def cast_nested(kind, q, t):
    def person(x):      # P1: where the address is empty, the name may hold it
        return (f"coalesce(nullif(trim({x}.address), ''), case when {x}.name like '%@%' or {x}.name ilike '/o=%' then {x}.name end)"
                if nested(t, "emailAddress", "name") else f"{x}.address")
    if kind == "texts":
        return f"{q}::varchar[]"
    if kind == "address":
        return person(f"{q}.emailAddress") if nested(t, "emailAddress", "address") else "null::varchar"
    if kind == "addresses":
        return f"list_transform({q}, lambda x: {person('x.emailAddress')})" if nested(t, "emailAddress", "address") else "null::varchar[]"
    if kind == "headers":
        return f"list_transform({q}, lambda x: {{'name': lower(trim(x.name)), 'value': x.value}})" if nested(t, "name") else "null"
    if kind == "zoned":
        return f"{{'dateTime': {q}.dateTime::varchar, 'timeZone': {q}.timeZone}}"
    if kind == "attendees":
        fields = [("address", person("x.emailAddress") if nested(t, "emailAddress", "address") else "null::varchar")]
        fields += [(k, f"x.{p}" if nested(t, *p.split(".")) else "null::varchar") for k, p in (("kind", "type"), ("response", "status.response"))]
        return f"list_transform({q}, lambda x: {{{', '.join(f'{k!r}: {e}' for k, e in fields)}}})"
    if kind == "noitem":  # I9
        f = [f"coalesce({q}.{p}, false)" for p in ("isUserSummaryRow", "userReturnedNoData") if nested(t, p)]
        f += [f"coalesce({q}.errorInformation::varchar, '') <> ''"] if nested(t, "errorInformation") else []
        return " or ".join(f) or "false"
    raise ValueError(kind)


# JSON lines, and nested columns that a copy pipeline left as JSON text: row by row, in Python.

def lowered(value):
    """The value with all names of objects in lower case (I7)."""
    if isinstance(value, dict):
        return {k.lower(): lowered(v) for k, v in value.items()}
    return [lowered(v) for v in value] if isinstance(value, list) else value


def person_text(value):
    mail = (value or {}).get("emailaddress") or {}
    address, name = mail.get("address"), mail.get("name")
    return address if address and address.strip() else name if name and ("@" in name or name.lower().startswith("/o=")) else address


def from_json(kind, value):
    """A value of JSON in the shape that the SQL of `cast` gives."""
    if value is None:
        return None
    if kind not in NESTED:
        return value if isinstance(value, str) else json.dumps(value)
    value = lowered(json.loads(value) if isinstance(value, str) else value)
    if value is None:
        return None
    if kind == "texts":
        return [str(v) for v in value]
    if kind == "address":
        return person_text(value)
    if kind == "addresses":
        return [person_text(v) for v in value]
    if kind == "headers":
        return [{"name": (v.get("name") or "").strip().lower(), "value": v.get("value")} for v in value]
    if kind == "zoned":
        return {"dateTime": value.get("datetime"), "timeZone": value.get("timezone")}
    if kind == "attendees":
        return [{"address": person_text(v), "kind": v.get("type"), "response": (v.get("status") or {}).get("response")} for v in value]
    return bool(value.get("isusersummaryrow") or value.get("userreturnednodata") or value.get("errorinformation"))


ARROW = dict(texts=pa.list_(pa.string()), addresses=pa.list_(pa.string()), noitem=pa.bool_(),
             headers=pa.list_(pa.struct([("name", pa.string()), ("value", pa.string())])),
             zoned=pa.struct([("dateTime", pa.string()), ("timeZone", pa.string())]),
             attendees=pa.list_(pa.struct([("address", pa.string()), ("kind", pa.string()), ("response", pa.string())])))


def json_rows(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        for line in file.read().removeprefix(b"\xef\xbb\xbf").splitlines():
            if line.strip():
                yield json.loads(line)


def canonical(rows, columns):
    """An Arrow table of rows of JSON: nested columns in their own shape, all else as text."""
    rows = [{k.lower(): v for k, v in row.items()} for row in rows]
    return pa.table({c: pa.array([from_json(kind, row.get(c.lower())) for row in rows], ARROW.get(kind, pa.string()))
                     for c, kind in columns.items()})


def table_files(lake, folder, table):
    """The live files of a table (I6), each with its columns' names in the file where these are others."""
    delta = os.path.join(lake, folder, table + "_partitioned")
    if not os.path.isdir(os.path.join(delta, "_delta_log")):
        found = glob.glob(os.path.join(lake, folder, table, "**", "*"), recursive=True) + glob.glob(os.path.join(lake, folder, table + ".*"))
        kinds = (".parquet", ".json", ".jsonl", ".json.gz", ".jsonl.gz") if folder == "exchange" else (".parquet",)
        return sorted(f for f in found if f.endswith(kinds)), {}
    live, names = set(), {}
    for log in sorted(glob.glob(os.path.join(delta, "_delta_log", "*.json"))):
        for line in open(log):
            action = json.loads(line) if line.strip() else {}
            if "metaData" in action:
                fields = json.loads(action["metaData"]["schemaString"])["fields"]
                names = {f["name"].lower(): f["metadata"].get("delta.columnMapping.physicalName", f["name"]) for f in fields}
            if "add" in action:
                live.add(unquote(action["add"]["path"]))
            if "remove" in action:
                live.discard(unquote(action["remove"]["path"]))
    return sorted(os.path.join(delta, p) for p in live), names


def union_of_files(con, lake, folder, table, columns):
    """SQL for all rows of a table, and whether any file has versions."""
    groups, versioned, odd = {}, False, []
    files, names = table_files(lake, folder, table)
    for f in files:
        if not f.endswith(".parquet"):
            odd.append((f, json_rows(f)))
            continue
        schema = pq.read_schema(f)
        have = {x.name.lower(): x for x in schema}
        have |= {k: have[v.lower()] for k, v in names.items() if v.lower() in have}
        paths = [x.path for x in pq.ParquetFile(f).schema] if folder == "exchange" else []
        bare_lists = {p.split(".")[0].lower() for p in paths if "." in p} - {p.split(".")[0].lower() for p in paths if re.search(r"\.(list|array|bag)\.|\.key_value\.", p)}
        if any(kind in NESTED and c.lower() in have and (is_text(have[c.lower()].type) or pa.types.is_list(have[c.lower()].type)
               and c.lower() in bare_lists) for c, kind in columns.items()):
            odd.append((f, ({k: str(v) if k.lower() in columns and not isinstance(v, (str, int, bool, float, list, dict)) and v is not None else v
                             for k, v in row.items()} for row in pq.read_table(f).to_pylist())))
            continue
        versioned |= "versionnumber" in have
        exprs = []
        for c, kind in columns.items():
            e = cast(kind, have[c.lower()].name, have[c.lower()].type) if c.lower() in have else f"null::{TYPES[kind]}"
            exprs.append(f'{e} as "{c}"')
        groups.setdefault(", ".join(exprs), []).append(f)
    selects = []
    for exprs, group in groups.items():
        listed = ", ".join("'" + f.replace("'", "''") + "'" for f in group)
        selects.append(f"select {exprs}, filename, file_row_number, (({len(selects)} << 20) + file_index << 36) + file_row_number as rid "
                       f"from read_parquet([{listed}], filename=true, file_row_number=true, hive_partitioning=false, union_by_name=true)")
    for number, (f, rows) in enumerate(odd):
        con.register(f"odd_{table}_{number}", canonical(list(rows), columns))
        exprs = ", ".join(f'"{c}"' if kind in NESTED else f'{cast(kind, c, pa.string())} as "{c}"' for c, kind in columns.items())
        selects.append(f"select {exprs}, '{f}' as filename, row_number() over () as file_row_number, "
                       f"(({len(selects)} << 20) << 36) + row_number() over () as rid from odd_{table}_{number}")
    if not selects:
        nothing = ", ".join(f'null::{TYPES[k]} as "{c}"' for c, k in columns.items())
        selects = [f"select {nothing}, '' as filename, 0 as file_row_number, 0 as rid limit 0"]
    return "\nunion all\n".join(selects), versioned


def load(con, lake, table):
    """Creates raw_<table> (all versions; only where K12 needs them) and <table> (current rows, deleted ones flagged; I1, I9)."""
    folder, pk, columns = TABLES[table]
    columns = dict(c.split(":") for c in (columns + (EXPORT if folder == "dataverse" else "")).split())
    union, versioned = union_of_files(con, lake, folder, table, columns)
    if folder == "dataverse":
        history = table in ("email", "appointment", "phonecall", "task")
        if history:
            con.execute(f"create temp table raw_{table} as {union}")
            union = f"from raw_{table}"
        one = pk.split(" || ")[0] if "||" not in pk else None
        key = f"coalesce(Id, {pk})"
        # I1: what deletes without a version does not take part in the order of versions: it is newer than what was written before it.
        current = f"""select * exclude (the_key, loose, place, best, last_loose, loosely, unknowing, gone) from (
            select *, loosely and (unknowing or best is null or coalesce(last_loose >= best, false)) as gone from (
                select *, first_value(SinkModifiedOn) over (partition by the_key order by place) as best, max(SinkModifiedOn) filter (loose) over same as last_loose,
                    bool_or(loose) over same as loosely, bool_or(loose and SinkModifiedOn is null) over same as unknowing from (
                    select *, row_number() over (partition by the_key order by loose, versionnumber desc nulls last, SinkModifiedOn desc nulls last,
                        coalesce(IsDelete, false) desc, filename desc, file_row_number desc) as place from (
                        select *, coalesce({key}, '#' || rid) as the_key, coalesce(IsDelete, false) and versionnumber is null as loose from ({union})))
                window same as (partition by the_key)))
            qualify row_number() over (partition by the_key order by loose <> gone, place) = 1"""
        if not versioned:
            current = union if union.startswith("select") else f"select * {union}"
        replace = f", coalesce({one}, Id) as {one}" if one else ""
        keep_deleted = "" if history else "where not coalesce(IsDelete, false)"
        columns = f"* exclude (filename, file_row_number) replace (coalesce(IsDelete, false) as IsDelete{replace})"
        con.execute(f"create temp table {table} as select {columns} from ({current}) {keep_deleted}")
        if table in ("contact", "lead", "systemuser"):      # C4: deleted rows tell whose ids an erased address had
            con.execute(f"create temp table gone_{table} as select {columns} from ({current}) where IsDelete")
    elif table in COPIES:
        own = "msgid(internetMessageId) || '/' || coalesce(puser, '')" if table == "messages" else "null::varchar"
        con.execute(f"""
            create temp table {table} as select * exclude (rowinformation), coalesce(nullif(trim(id), ''), {own}) as source_id
            from ({union}) where not coalesce(rowinformation, false);
            delete from {table} where rid in (select rid from {table} qualify row_number() over (
                partition by coalesce(source_id, rid::varchar), puser order by lastModifiedDateTime desc nulls last, filename desc, file_row_number desc) > 1)""")
    else:
        con.execute(f'create temp table "{table}" as {union}')


# Columns of texts that hold addresses beside those of the kind addr, as SQL that gives one text a row.
ADDRESS_TEXTS = {
    "messages": ['"from"', "sender", "unnest(toRecipients)", "unnest(ccRecipients)", "unnest(bccRecipients)"],
    "calendar_view": ["organizer", "unnest(list_transform(attendees, lambda x: x.address))"],
    "users": ["unnest(list_transform(proxyAddresses, lambda p: trim(p)))"], "opt_outs": ["principal"], "erasures": ["principal"]}
STARTERS = {"messages": 'coalesce(addr("from"), addr(sender))', "calendar_view": "addr(organizer)"}


FIELDS_OF_PEOPLE = ("contact", "lead", "systemuser")


def resolve_addresses(con, address, further):
    """Makes every column of the kind addr an address that compares (P1). What is not plainly one goes through `address`,
    and is kept in a variable for the macro addr(). Fields of people may hold several: `further` gives the rest."""
    columns = {table: [c.split(":")[0] for c in text.split() if c.endswith(":addr")] for table, (_, _, text) in TABLES.items()}
    texts = [f'select {e} as x from "{table}"' for table in TABLES for e in columns[table] + ADDRESS_TEXTS.get(table, [])]
    odd = [x for (x,) in con.execute(f"select distinct x from ({' union all '.join(texts)}) where x is not null and not is_plain(x)").fetchall()]
    found = {x: address(x) for x in odd}
    found |= {a: a for a in found.values() if a}        # what has been through once may come again
    pairs = [(x, a) for x, a in found.items() if a]
    con.execute("create temp table odd_text (x varchar, address varchar)")
    if pairs:
        con.register("odd_texts", pa.table({"x": [x for x, _ in pairs], "address": [a for _, a in pairs]}))
        con.execute("insert into odd_text select * from odd_texts; set variable odd_addresses = (select map(list(x), list(address)) from odd_text)")
    else:
        con.execute("set variable odd_addresses = map(['no odd text']::varchar[], [null]::varchar[])")
    more = {x: further(x) for x in odd}
    more = {x: addresses for x, addresses in more.items() if addresses} or {"no odd text": []}
    con.register("further_texts", pa.table({"x": list(more), "more": pa.array(more.values(), pa.list_(pa.string()))}))
    con.execute("set variable further_addresses = (select map(list(x), list(more)) from further_texts)")
    for table in TABLES:
        changed = [f"addr({c}) as {c}" for c in columns[table]]
        if changed or table in STARTERS:
            added = f", {STARTERS[table]} as starter" if table in STARTERS else ""
            if table in FIELDS_OF_PEOPLE:
                levels = ", ".join(f"further({c}, {level})" for level, c in enumerate(columns[table], 1))
                added = f", flatten([{levels}]) as further"
            replaced = f"replace ({', '.join(changed)})" if changed else ""
            con.execute(f'create or replace temp table "{table}" as select * {replaced}{added} from "{table}"')
