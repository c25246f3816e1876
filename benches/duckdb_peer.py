#!/usr/bin/env python3
"""The KPI tables of the job relationship_kpis as a DuckDB user would write them in SQL.

An independent second implementation: the benchmark runs it beside rapport, compare.py compares the results.
Rule numbers are those of jobs/TABLES.md. Needs the Python packages duckdb and pyarrow.

    python3 benches/duckdb_peer.py --lake sample_data/lake --out DIR --as-of 2026-03-31 \\
        --job jobs/relationship_kpis.toml [--set KEY=VALUE ...] [--threads 2]
"""
import argparse
import datetime as dt
import glob
import json
import os
import sys
import time
import tomllib
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# Keys of a job file, with the defaults of the profile "default"; what "dynamics" sets otherwise.
DEFAULTS = dict(
    profile="default", timezone="UTC", company_domains=[], consent=False, enabled_on=None, selected_roles=[],
    regions="AT FI FR GB IE NL HK JP MY SG KR BR CL US".split(), default_country=None, mailbox_countries={},
    past_scheduled_is_held=True, emails_need_external_party=True, exclude_automated=True, max_recipients=50,
    exclude_all_day=True, organizers_link=True, opportunity_lead_days=14, link_opportunities="participants",
    response_horizon_days=14, freshness_hours=48)
DYNAMICS = dict(past_scheduled_is_held=False, emails_need_external_party=False, exclude_automated=False,
                max_recipients=None, exclude_all_day=False, organizers_link=False, opportunity_lead_days=None)


# The input contract
EXPORT = " Id:guid SinkModifiedOn:ts versionnumber:int IsDelete:bool"
MAILS = " emailaddress1:addr emailaddress2:addr emailaddress3:addr"
REGARDING = " regardingobjectid:guid ownerid:guid createdon:ts"
TABLES = {  # table: (folder, primary key, columns)
    "account": ("dataverse", "accountid", "accountid:guid name:text primarycontactid:guid ownerid:guid createdon:ts"),
    "contact": ("dataverse", "contactid", "contactid:guid fullname:text parentcustomerid:guid parentcustomerid_entitytype:word"
                " ownerid:guid statecode:int createdon:ts" + MAILS),
    "lead": ("dataverse", "leadid", "leadid:guid fullname:text ownerid:guid createdon:ts" + MAILS),
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
    "messages": ("exchange", None, "id:text internetMessageId:text sentDateTime:ts receivedDateTime:ts createdDateTime:ts"
                 " lastModifiedDateTime:ts subject:text from:address sender:address toRecipients:addresses ccRecipients:addresses"
                 " bccRecipients:addresses conversationIndex:text isDraft:bool internetMessageHeaders:headers puser:guid"
                 " rowinformation:noitem"),
    "calendar_view": ("exchange", None, "iCalUId:text id:text start:zoned end:zoned isAllDay:bool isCancelled:bool isOrganizer:bool"
                      " organizer:address attendees:attendees type:word createdDateTime:ts lastModifiedDateTime:ts puser:guid"
                      " rowinformation:noitem"),
    "users": ("exchange", None, "id:guid mail:addr userPrincipalName:addr usageLocation:text puser:guid rowinformation:noitem"),
    "opt_outs": ("control", None, "principal:text effective_from:date"),
    "erasures": ("control", None, "kind:word principal:text"),
    "aliases": ("control", None, "address:addr systemuserid:guid contactid:guid"),
}
TYPES = dict(guid="varchar", text="varchar", word="varchar", addr="varchar", int="bigint", num="double", bool="boolean",
             ts="timestamp", date="date", address="varchar", addresses="varchar[]", noitem="boolean",
             headers='struct("name" varchar, "value" varchar)[]', zoned='struct("dateTime" varchar, "timeZone" varchar)',
             attendees='struct(address varchar, kind varchar, response varchar)[]')
WINDOWS_ZONES = dict(z.split("=") for z in """
Dateline Standard Time=Etc/GMT+12;UTC-11=Etc/GMT+11;Aleutian Standard Time=America/Adak;Hawaiian Standard Time=Pacific/Honolulu
Marquesas Standard Time=Pacific/Marquesas;Alaskan Standard Time=America/Anchorage;UTC-09=Etc/GMT+9;UTC-08=Etc/GMT+8
Pacific Standard Time (Mexico)=America/Tijuana;Pacific Standard Time=America/Los_Angeles;US Mountain Standard Time=America/Phoenix
Mountain Standard Time (Mexico)=America/Mazatlan;Mountain Standard Time=America/Denver;Yukon Standard Time=America/Whitehorse
Central America Standard Time=America/Guatemala;Central Standard Time=America/Chicago;Easter Island Standard Time=Pacific/Easter
Central Standard Time (Mexico)=America/Mexico_City;Canada Central Standard Time=America/Regina;SA Pacific Standard Time=America/Bogota
Eastern Standard Time (Mexico)=America/Cancun;Eastern Standard Time=America/New_York;Haiti Standard Time=America/Port-au-Prince
Cuba Standard Time=America/Havana;US Eastern Standard Time=America/Indiana/Indianapolis;Turks And Caicos Standard Time=America/Grand_Turk
Paraguay Standard Time=America/Asuncion;Atlantic Standard Time=America/Halifax;Venezuela Standard Time=America/Caracas
Central Brazilian Standard Time=America/Cuiaba;SA Western Standard Time=America/La_Paz;Pacific SA Standard Time=America/Santiago
Newfoundland Standard Time=America/St_Johns;Tocantins Standard Time=America/Araguaina;E. South America Standard Time=America/Sao_Paulo
SA Eastern Standard Time=America/Cayenne;Argentina Standard Time=America/Buenos_Aires;Greenland Standard Time=America/Godthab
Montevideo Standard Time=America/Montevideo;Magallanes Standard Time=America/Punta_Arenas;Saint Pierre Standard Time=America/Miquelon
Bahia Standard Time=America/Bahia;UTC-02=Etc/GMT+2;Azores Standard Time=Atlantic/Azores;Cape Verde Standard Time=Atlantic/Cape_Verde
UTC=Etc/UTC;GMT Standard Time=Europe/London;Greenwich Standard Time=Atlantic/Reykjavik;Sao Tome Standard Time=Africa/Sao_Tome
Morocco Standard Time=Africa/Casablanca;W. Europe Standard Time=Europe/Berlin;Central Europe Standard Time=Europe/Budapest
Romance Standard Time=Europe/Paris;Central European Standard Time=Europe/Warsaw;W. Central Africa Standard Time=Africa/Lagos
Jordan Standard Time=Asia/Amman;GTB Standard Time=Europe/Bucharest;Middle East Standard Time=Asia/Beirut;Egypt Standard Time=Africa/Cairo
E. Europe Standard Time=Europe/Chisinau;Syria Standard Time=Asia/Damascus;West Bank Standard Time=Asia/Hebron
South Africa Standard Time=Africa/Johannesburg;FLE Standard Time=Europe/Kiev;Israel Standard Time=Asia/Jerusalem
South Sudan Standard Time=Africa/Juba;Kaliningrad Standard Time=Europe/Kaliningrad;Sudan Standard Time=Africa/Khartoum
Libya Standard Time=Africa/Tripoli;Namibia Standard Time=Africa/Windhoek;Arabic Standard Time=Asia/Baghdad
Turkey Standard Time=Europe/Istanbul;Arab Standard Time=Asia/Riyadh;Belarus Standard Time=Europe/Minsk;Russian Standard Time=Europe/Moscow
E. Africa Standard Time=Africa/Nairobi;Volgograd Standard Time=Europe/Volgograd;Iran Standard Time=Asia/Tehran
Arabian Standard Time=Asia/Dubai;Astrakhan Standard Time=Europe/Astrakhan;Azerbaijan Standard Time=Asia/Baku
Russia Time Zone 3=Europe/Samara;Mauritius Standard Time=Indian/Mauritius;Saratov Standard Time=Europe/Saratov
Georgian Standard Time=Asia/Tbilisi;Caucasus Standard Time=Asia/Yerevan;Afghanistan Standard Time=Asia/Kabul
West Asia Standard Time=Asia/Tashkent;Qyzylorda Standard Time=Asia/Qyzylorda;Ekaterinburg Standard Time=Asia/Yekaterinburg
Pakistan Standard Time=Asia/Karachi;India Standard Time=Asia/Calcutta;Sri Lanka Standard Time=Asia/Colombo
Nepal Standard Time=Asia/Katmandu;Central Asia Standard Time=Asia/Bishkek;Bangladesh Standard Time=Asia/Dhaka
Omsk Standard Time=Asia/Omsk;Myanmar Standard Time=Asia/Rangoon;SE Asia Standard Time=Asia/Bangkok;Altai Standard Time=Asia/Barnaul
W. Mongolia Standard Time=Asia/Hovd;North Asia Standard Time=Asia/Krasnoyarsk;N. Central Asia Standard Time=Asia/Novosibirsk
Tomsk Standard Time=Asia/Tomsk;China Standard Time=Asia/Shanghai;North Asia East Standard Time=Asia/Irkutsk
Singapore Standard Time=Asia/Singapore;W. Australia Standard Time=Australia/Perth;Taipei Standard Time=Asia/Taipei
Ulaanbaatar Standard Time=Asia/Ulaanbaatar;Aus Central W. Standard Time=Australia/Eucla;Transbaikal Standard Time=Asia/Chita
Tokyo Standard Time=Asia/Tokyo;North Korea Standard Time=Asia/Pyongyang;Korea Standard Time=Asia/Seoul;Yakutsk Standard Time=Asia/Yakutsk
Cen. Australia Standard Time=Australia/Adelaide;AUS Central Standard Time=Australia/Darwin;E. Australia Standard Time=Australia/Brisbane
AUS Eastern Standard Time=Australia/Sydney;West Pacific Standard Time=Pacific/Port_Moresby;Tasmania Standard Time=Australia/Hobart
Vladivostok Standard Time=Asia/Vladivostok;Lord Howe Standard Time=Australia/Lord_Howe;Bougainville Standard Time=Pacific/Bougainville
Russia Time Zone 10=Asia/Srednekolymsk;Magadan Standard Time=Asia/Magadan;Norfolk Standard Time=Pacific/Norfolk
Sakhalin Standard Time=Asia/Sakhalin;Central Pacific Standard Time=Pacific/Guadalcanal;Russia Time Zone 11=Asia/Kamchatka
New Zealand Standard Time=Pacific/Auckland;UTC+12=Etc/GMT-12;Fiji Standard Time=Pacific/Fiji;Chatham Islands Standard Time=Pacific/Chatham
UTC+13=Etc/GMT-13;Tonga Standard Time=Pacific/Tongatapu;Samoa Standard Time=Pacific/Apia;Line Islands Standard Time=Pacific/Kiritimati
""".replace("\n", ";").strip(";").split(";"))

MACROS = r"""
create macro guid(x) as nullif(trim(translate(lower(x), '{}', '')), '');                                          -- I2
create macro addr(x) as nullif(trim(replace(replace(translate(lower(x), '<>', ''), 'mailto:', ''), 'smtp:', ''), E' \t\r\n'), '');  -- P1
create macro msgid(x) as nullif(trim(translate(x, '<>', ''), E' \t\r\n'), '');                                      -- N5
create macro enumeration(x) as lower(trim(coalesce(nullif(regexp_extract(x, '''(.*)''', 1), ''), x)));             -- I8
create macro local_day(t) as cast(timezone(getvariable('tz'), timezone('UTC', t)) as date);                       -- T4
create macro robot(a) as coalesce(split_part(a, '@', 1) in ('no-reply', 'noreply', 'donotreply', 'mailer-daemon', 'postmaster'), false);   -- N10
create macro minutes(a, b) as date_diff('microsecond', a, b) / 6e7;
-- N7: bytes 6..22 of a conversation index as 32 hex digits; null when it is shorter than 22 bytes
create macro b64_16(s) as case when length(s) >= 30 and length(s) % 4 <> 1 and regexp_full_match(s, '[A-Za-z0-9+/]+')
    then lower(substr(hex(from_base64(rpad(substr(s, 1, 32), 32, '='))), 13, 32)) end;
create macro conv_b64(s) as b64_16(rtrim(trim(s), '='));
create macro conv_any(s) as case when regexp_full_match(trim(s), '[0-9A-Fa-f]+')
    then case when length(trim(s)) >= 44 then lower(substr(trim(s), 13, 32)) end else conv_b64(s) end;
"""


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


def cast(kind, name, t):
    """SQL that reads column `name` of Arrow type `t` as `kind`, whatever a file holds (I3, I4, I7)."""
    q, is_ = f'"{name}"', pa.types
    t = t.value_type if is_.is_dictionary(t) else t
    is_text = is_.is_string(t) or is_.is_large_string(t) or is_.is_string_view(t)
    if is_.is_null(t):
        return f"null::{TYPES[kind]}"
    if kind in ("guid", "addr"):
        return f"{kind}({q}::varchar)"
    if kind == "text":
        return f"{q}::varchar"
    if kind == "word":
        return f"enumeration({q}::varchar)"
    if kind in ("int", "num"):
        return f"try_cast({q} as {TYPES[kind]})"
    if kind == "bool":
        return q if is_.is_boolean(t) else f"lower(trim({q})) in ('true', '1')" if is_text else f"{q} <> 0"
    if kind == "date" and is_text:
        return f"try_cast(left(trim({q}), 10) as date)"
    if kind in ("ts", "date"):
        if is_text:
            e = f"try_cast({q} as timestamptz) at time zone 'UTC'"
        elif is_.is_timestamp(t) and t.tz:
            e = f"{q} at time zone 'UTC'"
        else:
            e = f"{q}::timestamp"
        return f"({e})::date" if kind == "date" else f"nullif({e}, timestamp '0001-01-01')"
    if kind == "address":
        return f"{q}.emailAddress.address" if nested(t, "emailAddress", "address") else "null::varchar"
    if kind == "addresses":
        return f"list_transform({q}, lambda x: x.emailAddress.address)" if nested(t, "emailAddress", "address") else "null::varchar[]"
    if kind == "headers":
        return f"list_transform({q}, lambda x: {{'name': lower(x.name), 'value': x.value}})" if nested(t, "name") else "null"
    if kind == "zoned":
        return f"{{'dateTime': {q}.dateTime::varchar, 'timeZone': {q}.timeZone}}"
    if kind == "attendees":
        f = [("address", "emailAddress.address"), ("kind", "type"), ("response", "status.response")]
        f = [f"'{k}': " + (f"x.{p}" if nested(t, *p.split(".")) else "null::varchar") for k, p in f]
        return f"list_transform({q}, lambda x: {{{', '.join(f)}}})"
    if kind == "noitem":  # I9
        f = [f"coalesce({q}.{p}, false)" for p in ("isUserSummaryRow", "userReturnedNoData") if nested(t, p)]
        f += [f"coalesce({q}.errorInformation::varchar, '') <> ''"] if nested(t, "errorInformation") else []
        return " or ".join(f) or "false"
    raise ValueError(kind)


def table_files(lake, folder, table):
    """The live Parquet files of a table (I6)."""
    delta = os.path.join(lake, folder, table + "_partitioned")
    if os.path.isdir(os.path.join(delta, "_delta_log")):
        live = set()
        for log in sorted(glob.glob(os.path.join(delta, "_delta_log", "*.json"))):
            for line in open(log):
                action = json.loads(line) if line.strip() else {}
                if "add" in action:
                    live.add(unquote(action["add"]["path"]))
                if "remove" in action:
                    live.discard(unquote(action["remove"]["path"]))
        return sorted(os.path.join(delta, p) for p in live)
    return sorted(glob.glob(os.path.join(lake, folder, table, "**", "*.parquet"), recursive=True))


def load(con, lake, table):
    """Creates raw_<table> (all versions; only where K12 needs them) and <table> (current rows, deleted ones flagged; I1, I9)."""
    folder, pk, columns = TABLES[table]
    columns = dict(c.split(":") for c in (columns + (EXPORT if folder == "dataverse" else "")).split())
    groups, versioned = {}, False
    for f in table_files(lake, folder, table):
        have = {x.name.lower(): x for x in pq.read_schema(f)}
        versioned |= "versionnumber" in have
        exprs = []
        for c, kind in columns.items():
            e = cast(kind, have[c.lower()].name, have[c.lower()].type) if c.lower() in have else f"null::{TYPES[kind]}"
            exprs.append(f'{e} as "{c}"')
        groups.setdefault(", ".join(exprs), []).append(f)
    if not groups:
        groups[", ".join(f'null::{TYPES[k]} as "{c}"' for c, k in columns.items())] = None
    selects = []
    for exprs, files in groups.items():
        if files is None:
            selects.append(f"select {exprs}, '' as filename, 0 as file_row_number, 0 as rid limit 0")
        else:
            names = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
            selects.append(f"select {exprs}, filename, file_row_number, (({len(selects)} << 20) + file_index << 36) + file_row_number as rid "
                           f"from read_parquet([{names}], filename=true, file_row_number=true, hive_partitioning=false, union_by_name=true)")
    union = "\nunion all\n".join(selects)
    if folder == "dataverse":
        history = table in ("email", "appointment", "phonecall", "task")
        if history:
            con.execute(f"create temp table raw_{table} as {union}")
            union = f"from raw_{table}"
        one = pk.split(" || ")[0] if "||" not in pk else None
        key = f"coalesce(Id, {pk})"
        current = "" if not versioned else f"""
            qualify row_number() over (partition by {key} order by versionnumber desc nulls last, SinkModifiedOn desc nulls last,
                coalesce(IsDelete, false) desc, filename desc, file_row_number desc) = 1"""
        replace = f"replace (coalesce({one}, Id) as {one})" if one else ""
        keep_deleted = "" if history or not versioned else "where not coalesce(IsDelete, false)"
        con.execute(f"create temp table {table} as select * exclude (filename, file_row_number, rid) {replace} "
                    f"from (select * from ({union}) {current}) {keep_deleted}")
    elif table in ("messages", "calendar_view"):
        source_id = "coalesce(id, internetMessageId || '/' || coalesce(puser, ''))" if table == "messages" else "coalesce(id, iCalUId)"
        starter = "coalesce(addr(\"from\"), addr(sender))" if table == "messages" else "addr(organizer)"
        con.execute(f"""
            create temp table {table} as select * exclude (rowinformation), {source_id} as source_id, {starter} as starter
            from ({union}) where not coalesce(rowinformation, false);
            delete from {table} where rid in (select rid from {table} qualify row_number() over (
                partition by coalesce(source_id, rid::varchar), puser order by lastModifiedDateTime desc nulls last, filename desc, file_row_number desc) > 1)""")
    else:
        con.execute(f'create temp table "{table}" as {union}')



# The rules
DIRECTORY = r"""
-- T3: records that exist at D
create temp table account_d as select * from account where createdon is null or createdon < getvariable('cutoff');
create temp table contact_d as select *, coalesce(emailaddress1, emailaddress2, emailaddress3) as email
    from contact where createdon is null or createdon < getvariable('cutoff');
create temp table lead_d as select *, coalesce(emailaddress1, emailaddress2, emailaddress3) as email
    from lead where createdon is null or createdon < getvariable('cutoff');
create temp table opportunity_d as select o.* replace (case when statecode <> 0 then actualclosedate end as actualclosedate),   -- T5
    coalesce(parentaccountid, case when customerid_entitytype = 'account' or (customerid_entitytype is null
        and customerid in (select accountid from account_d)) then customerid end) as account_id                                 -- L4
    from opportunity o where createdon is null or createdon < getvariable('cutoff');

-- P2: colleague addresses
create temp table colleague_address_all as
    select addr as address, systemuserid, coalesce(isdisabled, false) as disabled, false as is_alias
    from (select unnest([internalemailaddress, domainname]) as addr, systemuserid, isdisabled from systemuser) where addr is not null
    union all
    select address, systemuserid, coalesce(isdisabled, false), true from aliases join systemuser using (systemuserid) where address is not null;
create temp table colleague_address as
    select address, arg_min(systemuserid, (disabled, is_alias, systemuserid)) as systemuserid from colleague_address_all group by address;

-- P3: contact and lead addresses
create temp table contact_address as
    with a as (
        select unnest([emailaddress1, emailaddress2, emailaddress3]) as address, unnest([1, 2, 3]) as level, contactid from contact_d
        union all select address, 4, contactid from aliases where contactid is not null)
    select address, arg_min(contactid, (level, case when coalesce(statecode, 0) = 0 then 0 else 1 end,
        coalesce(createdon, timestamp '9999-12-31'), contactid)) as contactid
    from a join contact_d using (contactid) where address is not null group by address;
create temp table lead_address as
    with a as (select unnest([emailaddress1, emailaddress2, emailaddress3]) as address, unnest([1, 2, 3]) as level, leadid from lead_d)
    select address, list_sort(list(distinct leadid)) as leads
    from (select * from a where address is not null qualify level = min(level) over (partition by address)) group by address;

-- C4: erased records (r:) and addresses (a:), to a fixpoint
create temp table erased as
    with recursive held as (
        select 'r:' || contactid as r, 'a:' || unnest([emailaddress1, emailaddress2, emailaddress3]) as a from contact
        union all select 'r:' || leadid, 'a:' || unnest([emailaddress1, emailaddress2, emailaddress3]) from lead
        union all select 'r:' || systemuserid, 'a:' || address from colleague_address_all
        union all select 'r:' || contactid, 'a:' || address from aliases where contactid is not null),
    edge as (select r as x, a as y from held where a is not null union select a, r from held where a is not null),
    closure(node) as (
        select case when principal like '%@%' then 'a:' || addr(principal) else 'r:' || guid(principal) end from erasures where principal is not null
        union select y from closure join edge on x = node)
    select node from closure where node is not null;
create temp table erased_record as select substr(node, 3) as id from erased where node like 'r:%';
create temp table erased_address as select substr(node, 3) as address from erased where node like 'a:%';

create temp table live_record as    -- what an activity can regard, and what gets a row
    select 'account' as record_type, accountid as record_id from account_d
    union all select 'contact', contactid from contact_d where contactid not in (select id from erased_record)
    union all select 'lead', leadid from lead_d where leadid not in (select id from erased_record)
    union all select 'opportunity', opportunityid from opportunity_d;
"""

PRIVACY = r"""
create temp table zone as        -- I8: Windows or IANA name -> IANA name; unknown reads as UTC
    with z as (select distinct "start".timeZone as name from calendar_view union select distinct "end".timeZone from calendar_view)
    select z.name, coalesce(w.iana, i.name, 'UTC') as iana from z left join windows_zone w on lower(w.name) = lower(trim(z.name))
        left join pg_timezone_names() i on lower(i.name) = lower(trim(z.name)) where z.name is not null;
create temp table calendar_time as
    with t as (select rid, nullif(try_cast("start".dateTime as timestamp), timestamp '0001-01-01') as s, coalesce(zs.iana, 'UTC') as zs,
                      nullif(try_cast("end".dateTime as timestamp), timestamp '0001-01-01') as e, coalesce(ze.iana, 'UTC') as ze
               from calendar_view left join zone zs on zs.name = "start".timeZone left join zone ze on ze.name = "end".timeZone)
    select rid, timezone('UTC', timezone(zs, s)) as start_at, timezone('UTC', timezone(ze, e)) as end_at from t;

create temp table mailbox as                                                                                    -- C2
    with m as (select distinct coalesce(puser, '') as puser from (select puser from messages union all select puser from calendar_view)),
    u as (select unnest(list_distinct([id, puser])) as puser, mail, userPrincipalName as upn, usageLocation, filename, file_row_number
          from users where not coalesce(rowinformation, false)),
    u1 as (select * from u where puser is not null qualify row_number() over (partition by puser order by filename desc, file_row_number desc) = 1),
    aad as (select azureactivedirectoryobjectid as puser, arg_min(systemuserid, (coalesce(isdisabled, false), systemuserid)) as systemuserid
            from systemuser where azureactivedirectoryobjectid is not null group by 1)
    select m.puser, coalesce(aad.systemuserid, ca1.systemuserid, ca2.systemuserid) as systemuserid, u1.mail, u1.upn,
        upper(trim(coalesce(o.country, u1.usageLocation, getvariable('default_country')))) as country
    from m left join u1 using (puser) left join aad using (puser)
        left join colleague_address ca1 on ca1.address = u1.mail left join colleague_address ca2 on ca2.address = u1.upn
        left join country_override o on o.mailbox = m.puser;
create temp table mailbox_name as       -- everything an opt-out may call a mailbox by
    select puser, puser as name from mailbox
    union select puser, systemuserid from mailbox where systemuserid is not null
    union select puser, unnest([mail, upn]) from mailbox
    union select puser, address from mailbox join colleague_address_all using (systemuserid);
create temp table selected_role as
    with hit as (select roleid from role where list_contains(getvariable('roles'), lower(trim(name))) or list_contains(getvariable('roles'), roleid))
    select roleid from hit union select roleid from role where parentrootroleid in (select roleid from hit)
        or list_contains(getvariable('roles'), parentrootroleid);
create temp table mailbox_rule as
    with o as (select puser, min(coalesce(effective_from, date '0001-01-01')) as opted_out_from
               from mailbox_name join (select unnest([guid(principal), addr(principal)]) as name, effective_from from opt_outs) using (name) group by puser)
    select puser, opted_out_from,
        coalesce(systemuserid in (select id from erased_record), false) or coalesce(mail in (select address from erased_address), false)
            or coalesce(upn in (select address from erased_address), false) as is_erased,
        len(getvariable('roles')) = 0 or coalesce(systemuserid in (
            select systemuserid from systemuserroles join selected_role using (roleid)), false) as has_role,
        coalesce(list_contains(getvariable('regions'), country), false) as in_region
    from mailbox left join o using (puser);
create temp table exchange_privacy as       -- one row per Exchange row, with its privacy reason or null; first that holds
    with x as (select 'messages' as source, rid, coalesce(puser, '') as puser, coalesce(sentDateTime, receivedDateTime) as t, createdDateTime from messages
               union all select 'calendar_view', rid, coalesce(puser, ''), start_at, createdDateTime from calendar_view join calendar_time using (rid))
    select source, rid, createdDateTime, case
        when not getvariable('consent') then 'no_consent'
        when opted_out_from = date '0001-01-01' or opted_out_from <= local_day(t) then 'opted_out'
        when is_erased then 'erased' when not has_role then 'role_not_selected' when not in_region then 'region_not_supported' end as privacy
    from x join mailbox_rule using (puser);
"""

ACTIVITIES = r"""
create temp table email_row as                                                                                  -- N1, N3, N5
    with r as (
        select 'email' as source, activityid as source_id, '0' || activityid as ord, null::bigint as rid, null as privacy,
            msgid(messageid) as mid, msgid(inreplyto) as irt, conv_any(conversationindex) as conv, subject, regardingobjectid as regarding,
            directioncode as outgoing, coalesce(isemailfollowed, false) as followed, opencount, linksclickedcount, attachmentopencount, replycount,
            null as starter, false as automatic, coalesce(senton, actualend, createdon) as t,
            case when coalesce(IsDelete, false) then 'deleted' when statuscode = 1 then 'draft' when statuscode in (6, 7) then 'not_sent'
                when statuscode = 8 then 'failed' when statuscode = 5 then 'cancelled' when statuscode in (2, 3, 4) then null
                when coalesce(statecode, 0) = 0 then 'draft' when statecode = 2 then 'cancelled' end as state
        from email
        union all by name
        select 'messages' as source, source_id, '1' || source_id || coalesce('/' || puser, '') as ord, rid, privacy, msgid(internetMessageId) as mid,
            msgid(list_filter(internetMessageHeaders, lambda h: h.name = 'in-reply-to')[1].value) as irt, conv_b64(conversationIndex) as conv, subject,
            starter, robot(starter) or len(list_filter(internetMessageHeaders, lambda h: h.name in ('list-id', 'list-unsubscribe')                 -- N10
                or (h.name = 'auto-submitted' and lower(trim(h.value)) <> 'no')
                or (h.name = 'precedence' and lower(trim(h.value)) in ('bulk', 'list', 'junk', 'auto_reply')))) > 0 as automatic,
            coalesce(sentDateTime, receivedDateTime) as t, case when isDraft then 'draft' end as state
        from messages join exchange_privacy using (rid) where exchange_privacy.source = 'messages')
    select 'email' as kind, 'email:' || coalesce(mid, source_id) as iid, * exclude (privacy, state),
        coalesce(state, '') <> 'deleted' and privacy is null as permitted, 'held' as status, true as is_lead,
        coalesce(privacy, state, case when t is null then 'no_time' when t < timestamp '1990-01-01' then 'implausible_time' end) as reason
    from r where t is null or t < getvariable('cutoff');                                                        -- T3

create temp table meeting_row as
    with r as (
        select 'appointment' as source, activityid as source_id, '0' || activityid as ord, null::bigint as rid, null as privacy,
            nullif(upper(trim(globalobjectid)), '') as gid, coalesce(instancetypecode in (2, 3, 4), false) as occurrence, coalesce(instancetypecode = 1, false) as master,
            coalesce(scheduledstart, actualstart, createdon) as t, createdon as known, coalesce(statecode = 2, false) as cancelled,
            coalesce(statecode = 1, false) or getvariable('past_is_held') as held_if_past, coalesce(IsDelete, false) as deleted,
            coalesce(minutes(scheduledstart, scheduledend), scheduleddurationminutes, actualdurationminutes) as duration,           -- N4
            isalldayevent as all_day, ownerid, regardingobjectid as regarding, null as starter, 0 as lead_order, null::timestamp as lead_created
        from appointment
        union all by name
        select 'calendar_view' as source, source_id, '1' || source_id || coalesce('/' || puser, '') as ord, rid, privacy, nullif(upper(trim(iCalUId)), '') as gid,
            coalesce(type in ('occurrence', 'exception'), false) as occurrence, coalesce(type = 'seriesmaster', false) as master, start_at as t, calendar_view.createdDateTime as known,
            coalesce(isCancelled, false) as cancelled, true as held_if_past, false as deleted, minutes(start_at, end_at) as duration, isAllDay as all_day, starter,
            case when isOrganizer then 1 else 2 end as lead_order, calendar_view.createdDateTime as lead_created
        from calendar_view join calendar_time using (rid) join exchange_privacy using (rid) where exchange_privacy.source = 'calendar_view'),
    known as (
        select * exclude (gid), coalesce(privacy, case when deleted then 'deleted' when master then 'series_master' end) as row_reason,
            'meeting:' || coalesce(gid || case when occurrence then strftime(t, '@%Y-%m-%dT%H:%M:%SZ') else '' end, source_id) as iid
        from r where t is null or t < getvariable('cutoff') or (not deleted and coalesce(known < getvariable('cutoff'), true))),    -- N2
    alive as (select *, row_number() over (partition by iid order by lead_order, lead_created nulls last, source_id) = 1 as is_lead from known where row_reason is null),
    judged as (     -- N5: the lead row decides state, time, duration and organizer of all copies
        select a.* exclude (t, duration, held_if_past, cancelled), l.t, case when l.duration >= 0 then l.duration end as duration, l.cancelled,
            case when l.cancelled then 'cancelled' when l.t is null then 'no_time' when l.t > getvariable('horizon') then 'implausible_time'
                when l.t >= getvariable('cutoff') then null when not l.held_if_past then 'never_completed'
                when l.t < timestamp '1990-01-01' then 'implausible_time' end as reason
        from alive a join alive l on l.iid = a.iid and l.is_lead)
    select 'meeting' as kind, iid, source, source_id, ord, rid, regarding, case when is_lead then ownerid end as ownerid, case when is_lead then starter end as starter, all_day, t, duration,
        t + to_microseconds(cast(duration * 6e7 as bigint)) as ended_at, case when t >= getvariable('cutoff') then 'planned' else 'held' end as status, is_lead, reason
    from judged where t is null or t < getvariable('cutoff') or not cancelled
    union all by name
    select 'meeting' as kind, iid, source, source_id, row_reason as reason from known
    where row_reason is not null and (t is null or t < getvariable('cutoff') or not cancelled);

create temp table call_row as       -- phone calls and tasks
    with r as (
        select 'phone_call' as kind, 'phonecall' as source, *, coalesce(actualend, actualstart, scheduledend, scheduledstart, createdon) as t from phonecall
        union all by name
        select 'task' as kind, 'task' as source, *, coalesce(actualend, scheduledend, createdon) as t from task),
    s as (select *, coalesce(scheduledstart, scheduledend) as plan, coalesce(createdon < getvariable('cutoff'), true) as known from r),
    v as (select *, case
            when coalesce(IsDelete, false) then case when t >= getvariable('cutoff') then 'nowhere' else 'deleted' end
            when statecode = 2 then case when t >= getvariable('cutoff') then 'nowhere' else 'cancelled' end
            when statecode = 1 and t < getvariable('cutoff') then case when t < timestamp '1990-01-01' then 'implausible_time' else 'held' end
            when plan >= getvariable('cutoff') and known then case when plan > getvariable('horizon') then 'implausible_time' else 'planned' end
            when t >= getvariable('cutoff') then 'nowhere' when statecode = 1 then 'no_time' else 'never_completed' end as verdict from s)
    select kind, source, activityid as source_id, '0' || activityid as ord, kind || ':' || activityid as iid, null::bigint as rid, regardingobjectid as regarding,
        directioncode as outgoing, case when verdict = 'planned' then plan else t end as t, verdict as status, true as is_lead,
        case when kind = 'phone_call' then actualend end as ended_at, case when actualdurationminutes >= 0 then actualdurationminutes end as duration,
        case when verdict not in ('held', 'planned') then verdict end as reason
    from v where verdict <> 'nowhere';

create temp view source_row as
    select * from email_row union all by name select * from meeting_row union all by name select * from call_row;
create temp view live as select * from source_row where reason is null;
"""

PARTICIPANTS = r"""
create temp table party as                                                                                      -- P4
    select distinct activityid, coalesce(partyid, '') as p, case when partyid_entitytype in ('systemuser', 'queue') then partyid_entitytype else '' end as k,
        coalesce(addressused, '') as a, case when participationtypemask in (1, 7) then 1 when participationtypemask in (2, 5) then 2
            when participationtypemask in (3, 6) then 3 else 4 end as rank
    from activityparty where participationtypemask between 1 and 7;
create temp table mention as        -- who is named in which interaction, by all its copies
    with copy as (select distinct iid, m.starter, toRecipients, ccRecipients, bccRecipients from live join messages m using (rid) where live.source = 'messages'),
    invitation as (select distinct iid, organizer, attendees from live join calendar_view using (rid) where live.source = 'calendar_view'),
    attendee as (select iid, unnest(attendees) as x from invitation)
    select iid, p, k, a, rank, false as declined from live join party on party.activityid = live.source_id where live.rid is null
    union all by name select iid, starter as a, 1 as rank from copy
    union all by name select iid, unnest(toRecipients) as a, 2 as rank from copy
    union all by name select iid, unnest(ccRecipients) as a, 3 as rank from copy
    union all by name select iid, unnest(bccRecipients) as a, 4 as rank from copy
    union all by name select iid, organizer as a, 1 as rank from invitation
    union all by name select iid, x.address as a, case enumeration(x.kind) when 'optional' then 3 else 2 end as rank, enumeration(x.response) = 'declined' as declined
        from attendee where coalesce(enumeration(x.kind), '') <> 'resource';

create temp table ident as      -- P2, P3: each distinct way of naming a person, resolved once
    with way as (select distinct coalesce(p, '') as p, coalesce(k, '') as k, coalesce(a, '') as a from mention
        union select '', '', starter from live where starter is not null),
    r as (select p, k, a, su.systemuserid as ps, c.contactid as pc, l.leadid as pl, ac.accountid as pa, coalesce(addr(a), c.email, l.email) as address
        from way left join systemuser su on su.systemuserid = p left join contact_d c on c.contactid = p
            left join lead_d l on l.leadid = p left join account_d ac on ac.accountid = p),
    host as (select distinct split_part(address, '@', -1) as host from r where address like '%@%'),
    company as (select distinct host from host join company_domain d on host = d.name or ends_with(host, '.' || d.name)),
    side as (select r.*, coalesce(ps, case when k <> 'systemuser' then ca.systemuserid end) as colleague,
            ps is not null or k in ('systemuser', 'queue') or ca.systemuserid is not null or company.host is not null as ours
        from r left join colleague_address ca using (address) left join company on company.host = split_part(address, '@', -1) and address like '%@%'),
    matched as (select side.* exclude (pl, pa), case when not ours then coalesce(pc, ca.contactid) end as contact,
            case when not ours then case when pl is not null then [pl] else la.leads end end as leads, case when not ours then pa end as account
        from side left join contact_address ca using (address) left join lead_address la using (address)),
    named as (select *, case when colleague is not null then 'u:' || colleague when ours then 'i:' || coalesce(address, nullif(p, ''))
            else coalesce('c:' || contact, 'l:' || leads[1], 'a:' || account, 'x:' || address) end as person from matched)
    select row_number() over () as ident, p, k, a, address, ours, leads, account, person,
        -- how well a person is known: of two that share an address the better one stands for both
        position(person[1] in 'uclaix') || case when p in (colleague, contact, leads[1]) then '0' else '1' end || person as standing,
        coalesce(address in (select address from erased_address), false)
            or exists (select 1 from erased_record where id in (p, colleague, contact)) or exists (select 1 from erased_record where list_contains(leads, id)) as erased
    from named where person is not null;
create temp table part_row as
    select iid, ident, rank, coalesce(declined, false) as declined from mention m join ident i on i.a = coalesce(m.a, '') and i.p = coalesce(m.p, '') and i.k = coalesce(m.k, '');
create temp table alter_ego as      -- P4: rows for one address collapse even where a record was matched by id in one of them only
    with shared as (select distinct iid, address, person, standing from part_row join ident using (ident)
        where address in (select address from ident group by address having count(distinct person) > 1)),
    best as (select *, min(standing) over (partition by iid, address) as top from shared)
    select iid, person, min(top)[3:] as as_person from best group by iid, person having min(top)[3:] <> person;
create temp table mixed as
    select iid, coalesce(as_person, person) as person, rank, declined, ident.* exclude (person)
    from part_row join ident using (ident) left join alter_ego using (iid, person);
create temp table everyone as
    select iid, person, min(rank) as rank, bool_or(declined) as declined, person[1] in ('u', 'i') as ours, max(account) as account, bool_or(erased) as erased
    from mixed group by iid, person;
create temp view participant as select * from everyone where not erased;
create temp table person_ref as      -- the records a participant stands for
    select iid, person, case person[1] when 'u' then 'systemuser' else 'contact' end as ref_type, person[3:] as ref_id, rank, declined
        from participant where person[1] in ('u', 'c')
    union all select iid, person, 'account', account, rank, declined from participant where account is not null and not ours
    union all select distinct iid, person, 'lead', leadid, p.rank, p.declined
        from (select distinct iid, person, unnest(leads) as leadid from mixed where leads is not null and person[1] not in ('u', 'i')) join participant p using (iid, person);
create temp table headcount as
    select iid, count(*) filter (not erased and person[1] = 'u' and not declined) as colleagues, count(*) filter (not erased and not ours) as externals,
        count(*) filter (not erased and not ours and not declined) as externals_present, count(*) filter (not erased and rank > 1) as recipients,
        count(*) filter (erased and not ours) as externals_erased
    from everyone group by iid;
create temp table dataverse_starter as        -- N6: sender or organizer of the tracked rows, before erased people are removed
    select iid, arg_min(ours, ord || standing) as ours, bool_or(robot(address)) as robot
    from live join party on party.activityid = live.source_id join ident using (p, k, a)
    where live.rid is null and rank = 1 and is_lead group by iid;
"""

EVENTS = r"""
create temp table merged as                                                                                     -- N5
    select iid, min(kind) as kind, min(status) as status, min(t) as occurred_at, max(ended_at) as ended_at, max(duration) as duration,
        bool_or(rid is null) as in_dataverse, bool_or(rid is not null) as in_exchange, arg_min(regarding, ord) as regarding, arg_min(outgoing, ord) as outgoing,
        arg_min(subject, ord) as subject, max(ownerid) as ownerid, coalesce(bool_or(all_day), false) as all_day, coalesce(bool_or(automatic), false) as automatic, arg_min(starter, ord) as starter,
        coalesce(bool_or(followed), false) as followed, coalesce(max(opencount), 0) > 0 as opened, coalesce(max(linksclickedcount), 0) > 0 as clicked,
        coalesce(max(attachmentopencount), 0) > 0 as attachment_opened, coalesce(max(replycount), 0) > 0 as replied
    from live group by iid;
create temp table event_all as
    with e as (
        select m.*, coalesce(colleagues, 0) as colleagues, coalesce(externals, 0) as externals, coalesce(externals_present, 0) as externals_present,
            coalesce(recipients, 0) as recipients, coalesce(externals_erased, 0) as externals_erased, r.record_id is not null as regards_live,
            automatic or coalesce(s.robot, false) or regexp_matches(lower(trim(coalesce(subject, ''))), '^(automatic reply|autoreply|auto reply|auto-reply|out of office|'
                || 'out of the office|autosvar|automatiskt svar|frånvaro|réponse automatique|absence du bureau|automatische antwort|abwesenheitsnotiz|abwesend)') as automated,
            case kind when 'task' then null when 'phone_call' then coalesce(outgoing, s.ours) when 'email' then coalesce(s.ours, i.ours, outgoing)
                else coalesce(s.ours, i.ours, case when ownerid is not null then true end) end as outbound
        from merged m left join headcount using (iid) left join dataverse_starter s using (iid)
            left join ident i on i.p = '' and i.k = '' and i.a = m.starter left join live_record r on r.record_id = m.regarding)
    select *, case outbound when true then 'outbound' when false then 'inbound' end as direction, case                  -- N8..N11
        when externals = 0 and externals_erased > 0 and (kind = 'email' or not regards_live) then 'erased'
        when externals = 0 and not (regards_live and (kind <> 'email' or not getvariable('need_external'))) then 'internal_only'
        when kind = 'email' and automated and getvariable('exclude_automated') then 'automated'
        when kind = 'email' and recipients > getvariable('max_recipients') then 'mass_mail'
        when kind = 'meeting' and getvariable('exclude_all_day') and (all_day or duration >= 1440) then 'all_day_or_longer'
        when kind = 'meeting' and externals > 0 and externals_present = 0 then 'declined' end as reason
    from e;
create temp table dropped as
    select source, source_id, reason from source_row where reason is not null
    union select l.source, l.source_id, e.reason from live l join event_all e using (iid) where e.reason is not null;
create temp table node as                                                                                       -- N7
    select iid, bool_or(mid is not null) as has_mid, arg_min(conv, ord) as conv, arg_min('email:' || irt, ord) as parent
    from email_row where permitted and t is not null and iid not in (select iid from event_all where reason = 'erased') group by iid;
create temp table jump as
    with l as (select n.iid, n.conv is null and p.iid is not null as linked, p.iid as parent from node n left join node p on p.iid = n.parent and p.has_mid)
    select l.iid, case when l.linked then l.parent else l.iid end as anc, not l.linked or not a.linked as done,
        case when l.linked then least(l.iid, l.parent) else l.iid end as smallest
    from l left join l a on a.iid = l.parent;
"""
POINTER_JUMP = """create or replace temp table jump as select j.iid, j.done or a.done as done, case when j.done then j.anc else a.anc end as anc,
    case when j.done then j.smallest else least(j.smallest, a.smallest) end as smallest from jump j join jump a on a.iid = j.anc"""

LINKS = r"""
create temp table thread as
    select j.iid, case when j.done then coalesce(n.conv, j.anc) else a.smallest end as thread_id
    from jump j join node n on n.iid = j.anc join jump a on a.iid = j.anc;
create temp table event as
    select e.* exclude (reason, subject), thread_id, local_day(occurred_at) as day
    from event_all e left join thread using (iid) where reason is null;

create temp table stake as      -- connections of leads and opportunities (L5)
    select record1id as record_id, record2id as person_id, category from connection join connectionrole on connectionroleid = record2roleid
    where coalesce(connection.statecode, 0) = 0 and category in (1000, 1001);
create temp table customer_side as
    select distinct record_type, record_id, ref_type, ref_id from (
        select 'account' as record_type, accountid as record_id, 'account' as ref_type, accountid as ref_id from account_d
        union all select 'account', accountid, 'contact', primarycontactid from account_d
        union all select 'account', parentcustomerid, 'contact', contactid from contact_d where coalesce(parentcustomerid_entitytype, 'account') = 'account'
        union all select 'contact', contactid, 'contact', contactid from contact_d
        union all select 'lead', leadid, 'lead', leadid from lead_d
        union all select 'opportunity', opportunityid, 'contact', unnest([parentcontactid, case when coalesce(customerid_entitytype, 'contact') = 'contact' then customerid end])
            from opportunity_d
        union all select 'opportunity', opportunityid, 'contact', primarycontactid from opportunity_d join account_d on accountid = account_id
        union all select record_type, record_id, ref_type, person_id from stake join live_record using (record_id),
            (values ('contact'), ('lead'), ('account')) t(ref_type) where category = 1000 and record_type in ('lead', 'opportunity'))
    semi join live_record using (record_type, record_id) where ref_id is not null;
create temp table our_side as
    with o as (select 'lead' as record_type, leadid as record_id, ownerid as who from lead_d union all select 'opportunity', opportunityid, ownerid from opportunity_d
               union all select record_type, record_id, person_id from stake join live_record using (record_id)
                   where category = 1001 and record_type = 'opportunity')
    select record_type, record_id, who from o where who is not null union select record_type, record_id, systemuserid from o join teammembership on teamid = who;

create temp table duo as         -- a person on each side, and the leads and opportunities for which the two together count
    select ref_type, ref_id, who, record_type, record_id from customer_side join our_side using (record_type, record_id);
create temp table customer as      -- L2
    select iid, ref_type, ref_id from event join person_ref using (iid)
    where not declined and case kind when 'email' then rank <= 3 when 'phone_call' then rank <= 2
        when 'meeting' then rank <= 3 and (rank > 1 or getvariable('organizers_link')) else false end;
create temp table encounter as     -- L3: who of ours meets whom of theirs; made first, so that nobody's deals are joined one side at a time
    select iid, c.ref_type, c.ref_id, p.ref_id as who from customer c join person_ref p using (iid)
    where p.ref_type = 'systemuser' and p.rank < 4 and not p.declined;
create temp table link as
    with regarding as (select iid, record_type, record_id from event join live_record on record_id = regarding),                    -- L1
    one_side as (select distinct iid, record_type, record_id from customer join customer_side using (ref_type, ref_id) where record_type in ('account', 'contact')),
    both_sides as (select distinct iid, record_type, record_id from encounter join duo using (ref_type, ref_id, who)),
    candidate as (
        select *, 'regarding' as reason from regarding
        union all select *, 'participant' from one_side
        union all select *, 'participant' from both_sides where record_type = 'lead' or getvariable('link_opportunities') <> 'regarding_only'),
    dated as (      -- L4
        select iid, record_type, record_id, max(c.reason) as reason from candidate c join event using (iid)
            left join (select 'opportunity' as record_type, opportunityid as record_id, createdon, actualclosedate from opportunity_d) o using (record_type, record_id)
        where not coalesce(o.actualclosedate <= getvariable('today') and day > o.actualclosedate, false)
            and (c.reason = 'regarding' or not coalesce(occurred_at < o.createdon - to_hours(24 * getvariable('lead_days')), false))
        group by iid, record_type, record_id)
    select *, case when record_type = 'opportunity' then 1.0::double / count(*) filter (record_type = 'opportunity') over (partition by iid) end as weight from dated;
"""

KPIS = r"""
create temp table turn as                                                                                       -- K3
    with mail as (select iid, thread_id, direction, occurred_at, lag(direction) over w is distinct from direction as starts
                  from event where kind = 'email' and direction is not null window w as (partition by thread_id order by occurred_at, iid)),
    run as (select *, lead(occurred_at) over (partition by thread_id order by occurred_at, iid) as next_at from mail where starts)
    select iid, direction, case when next_at <= occurred_at + getvariable('response_horizon') then next_at end as answered_at,
        minutes(occurred_at, answered_at) / 60 as hours, answered_at is not null or occurred_at + getvariable('response_horizon') < getvariable('cutoff') as due
    from run;
create temp table contribution as                                                                               -- K6
    select *, case kind when 'email' then case direction when 'outbound' then 5 when 'inbound' then 2.5 end
            when 'meeting' then duration * greatest(1, colleagues) else duration end::double as us_minutes,
        case kind when 'email' then case direction when 'outbound' then 2.5 when 'inbound' then 5 end
            when 'meeting' then case when externals_present > 0 then duration end when 'phone_call' then duration end::double as them_minutes,
        case when kind = 'meeting' and colleagues > 0 and externals_present > 0 then duration else 0 end::double as face_minutes,
        followed and direction = 'outbound' and kind = 'email' as followed_sent
    from event;
create temp table activity as
    select record_type, record_id,
        count(*) filter (kind = 'email' and direction = 'outbound') as emails_sent, count(*) filter (kind = 'email' and direction = 'inbound') as emails_received,
        count(*) filter (kind = 'meeting' and direction = 'outbound') as meetings_sent, count(*) filter (kind = 'meeting' and direction = 'inbound') as meetings_received,
        count(*) filter (kind = 'phone_call' and direction = 'outbound') as phone_calls_made,
        count(*) filter (kind = 'phone_call' and direction = 'inbound') as phone_calls_received,
        sum(us_minutes) as minutes_spent_by_us, sum(them_minutes) as minutes_spent_by_them, sum(face_minutes) as face_time_minutes,
        count(*) filter (kind <> 'email' and duration is null) as interactions_without_duration,
        count(*) filter (followed_sent) as followed_emails_sent, count(*) filter (followed_sent and opened) as followed_emails_opened,
        count(*) filter (followed_sent and clicked) as followed_emails_clicked, count(*) filter (followed_sent and attachment_opened) as followed_emails_attachment_opened,
        count(*) filter (followed_sent and replied) as followed_emails_replied, min(occurred_at) as first_interaction_at,
        arg_min({'at': occurred_at, 'kind': kind, 'direction': direction, 'id': iid}, (-epoch_us(occurred_at), iid)) as last
    from link join contribution using (iid) where status = 'held' group by record_type, record_id;
create temp table upcoming as
    select record_type, record_id, arg_min({'at': occurred_at, 'kind': kind, 'direction': direction, 'id': iid}, (epoch_us(occurred_at), iid)) as next
    from link join event using (iid) where status = 'planned' group by record_type, record_id;
create temp table response as                                                                                   -- K4, K5
    select record_type, record_id,
        count(*) filter (direction = 'inbound' and due) as due_us, count(hours) filter (direction = 'inbound') as done_us,
        count(*) filter (direction = 'outbound' and due) as due_them, count(hours) filter (direction = 'outbound') as done_them,
        avg(hours) filter (direction = 'inbound') as avg_us, quantile_cont(hours, 0.5) filter (direction = 'inbound') as median_us,
        quantile_cont(hours, 0.9) filter (direction = 'inbound') as p90_us,
        avg(hours) filter (direction = 'outbound') as avg_them, quantile_cont(hours, 0.5) filter (direction = 'outbound') as median_them,
        quantile_cont(hours, 0.9) filter (direction = 'outbound') as p90_them
    from link join turn using (iid) group by record_type, record_id;

create temp table accuracy as                                                                                   -- K12, C1
    with newest as (
        select (select max(coalesce(SinkModifiedOn, createdon)) from (select SinkModifiedOn, createdon from raw_email union all select SinkModifiedOn, createdon
                from raw_appointment union all select SinkModifiedOn, createdon from raw_phonecall union all select SinkModifiedOn, createdon from raw_task)) as dataverse,
            (select max(createdDateTime) from exchange_privacy where privacy is null) as exchange)
    select case when coalesce(dataverse < getvariable('fresh_from'), true) then 'partial'
        when getvariable('consent') and coalesce(exchange < getvariable('fresh_from'), true) then 'partial'
        when not getvariable('consent') and coalesce(getvariable('today') < getvariable('enabled_on') + 14, false) then 'partial' else 'complete' end as computation_accuracy
    from newest;
"""

RECORDS = dict(
    account="accountid as account_id, name, ownerid from account_d",
    contact="contactid as contact_id, fullname as name, ownerid, case when coalesce(parentcustomerid_entitytype, case when parentcustomerid in "
            "(select accountid from account_d) then 'account' end) = 'account' then parentcustomerid end as account_id from contact_d",
    lead="leadid as lead_id, fullname as name, ownerid from lead_d",
    opportunity="opportunityid as opportunity_id, name, ownerid, account_id from opportunity_d")
KPI_TABLE = """
    with r as (select {columns}),
    k as (select '{t}' as record_type, {t}_id as record_id, r.*, a.* exclude (record_type, record_id, last), a.last, u.next, s.* exclude (record_type, record_id)
          from r semi join live_record l on l.record_type = '{t}' and l.record_id = r.{t}_id
          left join activity a on a.record_type = '{t}' and a.record_id = r.{t}_id left join upcoming u on u.record_type = '{t}' and u.record_id = r.{t}_id
          left join response s on s.record_type = '{t}' and s.record_id = r.{t}_id)
    select {t}_id, name, case when ownerid not in (select id from erased_record) then ownerid end as owner_id, {account}
        coalesce(emails_sent, 0) as emails_sent, coalesce(emails_received, 0) as emails_received, coalesce(meetings_sent, 0) as meetings_sent,
        coalesce(meetings_received, 0) as meetings_received, coalesce(phone_calls_made, 0) as phone_calls_made,
        coalesce(phone_calls_received, 0) as phone_calls_received,
        k.emails_sent / nullif(k.emails_received, 0) as email_ratio_by_us, k.emails_received / nullif(k.emails_sent, 0) as email_ratio_by_them,
        coalesce(due_us, 0) as responses_due_by_us, coalesce(done_us, 0) as responses_by_us, done_us / nullif(due_us, 0) as response_rate_by_us,
        coalesce(due_them, 0) as responses_due_by_them, coalesce(done_them, 0) as responses_by_them, done_them / nullif(due_them, 0) as response_rate_by_them,
        avg_us as avg_first_response_hours_by_us, median_us as median_first_response_hours_by_us, p90_us as p90_first_response_hours_by_us,
        avg_them as avg_first_response_hours_by_them, median_them as median_first_response_hours_by_them, p90_them as p90_first_response_hours_by_them,
        minutes_spent_by_us, minutes_spent_by_them, face_time_minutes, coalesce(interactions_without_duration, 0) as interactions_without_duration,
        coalesce(followed_emails_sent, 0) as followed_emails_sent, coalesce(followed_emails_opened, 0) as followed_emails_opened,
        coalesce(followed_emails_clicked, 0) as followed_emails_clicked, coalesce(followed_emails_attachment_opened, 0) as followed_emails_attachment_opened,
        coalesce(followed_emails_replied, 0) as followed_emails_replied,
        k.followed_emails_opened / nullif(k.followed_emails_sent, 0) as open_rate, k.followed_emails_clicked / nullif(k.followed_emails_sent, 0) as click_rate,
        k.followed_emails_attachment_opened / nullif(k.followed_emails_sent, 0) as attachment_open_rate,
        k.followed_emails_replied / nullif(k.followed_emails_sent, 0) as reply_rate,
        timezone('UTC', first_interaction_at) as first_interaction_at, timezone('UTC', last.at) as last_interaction_at, last.kind as last_interaction_kind,
        last.direction as last_interaction_direction, last.id as last_interaction_id, timezone('UTC', next.at) as next_interaction_at,
        next.kind as next_interaction_kind, next.direction as next_interaction_direction, next.id as next_interaction_id,
        null::double as health_score, {health} as health_state, null::varchar as health_trend, computation_accuracy
    from k, accuracy order by {t}_id"""
OUTPUTS = {
    "daily_activity": """                                                                                       -- K9
        select record_type, record_id, day as activity_date,
            count(*) filter (kind = 'email' and direction = 'outbound') as emails_sent, count(*) filter (kind = 'email' and direction = 'inbound') as emails_received,
            count(*) filter (kind = 'meeting' and direction = 'outbound') as meetings_sent, count(*) filter (kind = 'meeting' and direction = 'inbound') as meetings_received,
            count(*) filter (kind = 'phone_call' and direction = 'outbound') as phone_calls_made,
            count(*) filter (kind = 'phone_call' and direction = 'inbound') as phone_calls_received
        from link join event using (iid)
        where status = 'held' and direction is not null and day between getvariable('today') - 59 and getvariable('today')
        group by record_type, record_id, day order by record_type, record_id, day""",
    "top_contacts": """                                                                                         -- K10
        with met as (
            select iid, 'most_contacted_by' as side, 'systemuser' as person_type, ref_id as person_id from person_ref where ref_type = 'systemuser' and rank < 4 and not declined
            union all select iid, 'most_contacted', 'contact', ref_id from person_ref where ref_type = 'contact' and rank < 4 and not declined
            union all select iid, 'most_contacted', 'lead', ref_id from person_ref where ref_type = 'lead' and person[1] <> 'c' and rank < 4 and not declined),
        n as (select record_type, record_id, side, person_type, person_id, count(*) filter (kind = 'email') as emails,
                count(*) filter (kind = 'meeting') as meetings, count(*) filter (kind = 'phone_call') as phone_calls, max(occurred_at) as last_at
            from link join event using (iid) join met using (iid)
            where status = 'held' and kind <> 'task' and record_type <> 'contact' group by all),
        ranked as (select *, row_number() over (partition by record_type, record_id, side order by emails + meetings + phone_calls desc, last_at desc, person_id) as rank from n)
        select record_type, record_id, side, rank, person_type, person_id, coalesce(su.fullname, c.fullname, l.fullname) as name, emails, meetings, phone_calls,
            timezone('UTC', last_at) as last_contact_at
        from ranked left join systemuser su on person_type = 'systemuser' and su.systemuserid = person_id
            left join contact_d c on person_type = 'contact' and c.contactid = person_id left join lead_d l on person_type = 'lead' and l.leadid = person_id
        where rank <= 3 order by record_type, record_id, side, rank""",
    "interactions": """
        select iid as interaction_id, kind, event.direction, status, timezone('UTC', occurred_at) as occurred_at, timezone('UTC', ended_at) as ended_at,
            duration::double as duration_minutes, thread_id, in_dataverse, in_exchange, colleagues, externals_present as external_people,
            timezone('UTC', answered_at) as answered_at, hours as response_hours
        from event left join turn using (iid) order by iid""",
    "interaction_records": """
        select iid as interaction_id, record_type, record_id, reason, weight from link order by iid, record_type, record_id""",
    "dropped_activities": "select source, source_id, reason from dropped order by source, source_id, reason",
}


def settings(job, overrides):
    """The settings of a job file (its groups do not matter) and of KEY=VALUE pairs, VALUE in TOML."""
    given = {}
    if job:
        with open(job, "rb") as file:
            for key, value in tomllib.load(file).items():
                given.update(value if isinstance(value, dict) else {key: value})
    for pair in overrides:
        key, _, value = pair.partition("=")
        given[key] = tomllib.loads(f"value = {value}")["value"]
    if given.get("working_hours", "none") != "none":
        sys.exit("working_hours: response times here are elapsed time")
    given = {k: None if v in ("none", "unlimited") else v for k, v in given.items() if k in DEFAULTS}
    return {**DEFAULTS, **(DYNAMICS if given.get("profile") == "dynamics" else {}), **given}


def prepare(con, conf, as_of):
    """Session variables and the small tables that come from the configuration."""
    def var(name, sql, *args):
        con.execute(f"set variable {name} = {sql}", list(args))
    var("tz", "?::varchar", conf["timezone"])
    var("today", "?::date", as_of.isoformat())
    var("cutoff", "timezone('UTC', timezone(getvariable('tz'), ?::timestamp))", (as_of + dt.timedelta(days=1)).isoformat())        # T1
    var("horizon", "getvariable('cutoff') + interval 5 year")
    var("fresh_from", "getvariable('cutoff') - to_hours(?::bigint)", conf["freshness_hours"])
    var("response_horizon", "to_hours(24 * ?::bigint)", conf["response_horizon_days"])
    var("lead_days", "?::bigint", conf["opportunity_lead_days"])
    for name, key in dict(consent="consent", past_is_held="past_scheduled_is_held", need_external="emails_need_external_party",
                          exclude_automated="exclude_automated", exclude_all_day="exclude_all_day", organizers_link="organizers_link").items():
        var(name, "?::boolean", conf[key])
    var("max_recipients", "?::bigint", conf["max_recipients"])
    var("enabled_on", "?::date", conf["enabled_on"] and str(conf["enabled_on"]))
    var("default_country", "?::varchar", conf["default_country"])
    var("link_opportunities", "?::varchar", conf["link_opportunities"])
    var("roles", "?::varchar[]", [r.strip().strip("{}").lower() for r in conf["selected_roles"]])
    var("regions", "?::varchar[]", [r.strip().upper() for r in conf["regions"]])
    for table, columns, rows in (
            ("company_domain", "name varchar", [(d.strip().lower().lstrip("@"),) for d in conf["company_domains"]]),
            ("windows_zone", "name varchar, iana varchar", list(WINDOWS_ZONES.items())),
            ("country_override", "mailbox varchar, country varchar", [(k.strip("{}").lower(), v) for k, v in conf["mailbox_countries"].items()])):
        con.execute(f"create temp table {table} ({columns})")
        if rows:
            con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--lake", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--as-of", required=True, type=dt.date.fromisoformat)
    ap.add_argument("--job")
    ap.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    ap.add_argument("--threads", type=int, default=2)
    args = ap.parse_args()
    con = duckdb.connect(config={"threads": args.threads})
    con.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
    start = last = (time.perf_counter(), time.process_time())

    def stage(name, since=None):
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        wall, cpu = (b - a for a, b in zip(since or last, now))
        print(f"{name:<14}{wall:8.2f} s, {cpu:8.2f} s of CPU", file=sys.stderr)
        last = now

    con.execute(MACROS)
    prepare(con, settings(args.job, args.set), args.as_of)
    stage("prepare")
    for table in TABLES:
        load(con, args.lake, table)
    stage("load")
    for name, block in (("directory", DIRECTORY), ("privacy", PRIVACY), ("activities", ACTIVITIES), ("participants", PARTICIPANTS), ("events", EVENTS)):
        con.execute(block)
        stage(name)
    open_before, left, reach = None, None, 1
    while True:     # N7: pointer doubling up the reply chains; what never reaches a root sits in or under a ring
        left = con.execute("select count(*) from jump where not done").fetchone()[0]
        if left == 0 or (left == open_before and reach >= left):
            break
        con.execute(POINTER_JUMP)
        open_before, reach = left, reach * 2
    stage("threads")
    for name, block in (("links", LINKS), ("kpis", KPIS)):
        con.execute(block)
        stage(name)
    os.makedirs(args.out, exist_ok=True)
    queries = {f"{t}_kpis": KPI_TABLE.format(t=t, columns=c, account="account_id," if t in ("contact", "opportunity") else "",
                                             health="'not_applicable'" if t == "account" else "null::varchar") for t, c in RECORDS.items()}
    for table, sql in {**queries, **OUTPUTS}.items():
        con.execute(f"copy ({sql}) to '{os.path.join(args.out, table)}.parquet' (format parquet)")
    stage("write")
    stage("total", start)


if __name__ == "__main__":
    main()
