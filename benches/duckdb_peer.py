#!/usr/bin/env python3
"""The KPI tables of the job relationship_kpis, and the connections of who_knows_whom, as a DuckDB user would write them in SQL.

An independent second implementation, written from the rules and not from the program: the benchmark runs it beside
rapport, agree.py runs both on many lakes and compares the results. The SQL lies in reference/*.sql.
Rule numbers are those of jobs/TABLES.md. Needs the Python packages duckdb and pyarrow.

    python3 benches/duckdb_peer.py --lake sample_data/lake --out DIR --as-of 2026-03-31 \\
        --job jobs/relationship_kpis.toml [--set KEY=VALUE ...] [--threads 2]
"""
import argparse
import datetime as dt
import os
import sys
import time
import tomllib

import duckdb

from reference import addresses, reading, results, stand_ins, subjects, zones

# Keys of a job file, with the defaults of the profile "default"; what "dynamics" sets otherwise.
DEFAULTS = dict(
    profile="default", timezone="UTC", company_domains=[], consent=False, enabled_on=None, selected_roles=[],
    regions="AT FI FR GB IE NL HK JP MY SG KR BR CL US".split(), default_country=None, mailbox_countries={},
    past_scheduled_is_held=True, emails_need_external_party=True, exclude_automated=True, max_recipients=50,
    exclude_all_day=True, organizers_link=True, opportunity_lead_days=14, link_opportunities="participants",
    response_horizon_days=14, freshness_hours=48, automated_subjects=[], connection_profile="enhanced", calls_connect=True)
DYNAMICS = dict(past_scheduled_is_held=False, emails_need_external_party=False, exclude_automated=False,
                max_recipients=None, exclude_all_day=False, organizers_link=False, opportunity_lead_days=None, calls_connect=False)


# Pointer doubling of N7, until every email knows its root.
POINTER_JUMP = """create or replace temp table jump as select j.iid, j.done or a.done as done, case when j.done then j.anc else a.anc end as anc,
    case when j.done then j.smallest else least(j.smallest, a.smallest) end as smallest from jump j join jump a on a.iid = j.anc"""


def settings(job, overrides):
    """The settings of a job file and of what its folder shares (their groups do not matter) and of KEY=VALUE pairs, VALUE in TOML."""
    given = {}
    shared = os.path.join(os.path.dirname(job), "rapport.toml") if job else ""
    for path in [path for path in (shared, job) if path and os.path.exists(path)]:
        with open(path, "rb") as file:
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
                          exclude_automated="exclude_automated", exclude_all_day="exclude_all_day", organizers_link="organizers_link",
                          calls_connect="calls_connect").items():
        var(name, "?::boolean", conf[key])
    var("max_recipients", "?::bigint", conf["max_recipients"])
    var("enabled_on", "?::date", conf["enabled_on"] and str(conf["enabled_on"]))
    var("default_country", "?::varchar", conf["default_country"])
    var("link_opportunities", "?::varchar", conf["link_opportunities"])
    var("automatic_subject", "?::varchar", subjects.AUTOMATIC)
    var("automated_subjects", "?::varchar[]", [b.strip().lower() for b in conf["automated_subjects"]])
    var("roles", "?::varchar[]", [r.strip().strip("{}").lower() for r in conf["selected_roles"]])
    var("regions", "?::varchar[]", [r.strip().upper() for r in conf["regions"]])
    addresses.OWN_DOMAINS = {addresses.in_ascii(d.strip().lower().lstrip("@")) for d in conf["company_domains"]}
    addresses.address.cache_clear()
    for table, columns, rows in (
            ("company_domain", "name varchar", [(addresses.in_ascii(d.strip().lower().lstrip("@")),) for d in conf["company_domains"]]),
            ("country_override", "mailbox varchar, country varchar", [(k.strip("{}").lower(), v) for k, v in conf["mailbox_countries"].items()])):
        con.execute(f"create temp table {table} ({columns})")
        if rows:
            con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def block(con, name):
    with open(os.path.join(os.path.dirname(__file__), "reference", name + ".sql")) as file:
        con.execute(file.read())


def forget_names(con):
    """C4: the names of accounts and deals that hold the name, an address or an id of somebody erased."""
    names = [name for (name,) in con.execute("""
        select fullname from (select contactid as id, fullname from contact union all select leadid, fullname from lead
            union all select systemuserid, fullname from systemuser) join erased_record using (id) where fullname is not null""").fetchall()]
    tokens = [token for (token,) in con.execute("select id from erased_record union select address from erased_address").fetchall()]
    con.execute("create temp table erased_text (name varchar)")
    if names or tokens:
        texts = con.execute("select distinct name from (select name from account union all select name from opportunity) where name is not null").fetchall()
        con.executemany("insert into erased_text values (?)", [t for t in texts if addresses.names_somebody(t[0], names, tokens)] or [(None,)])


def name_zones(con):
    """I8: the zones that calendars name."""
    names = con.execute("""select distinct name from (select "start".timeZone as name from calendar_view
        union all select "end".timeZone from calendar_view) where name is not null""").fetchall()
    con.execute("create temp table zone_name (name varchar, iana varchar)")
    if names:
        con.executemany("insert into zone_name values (?, ?)", [(name, zones.iana(name)) for (name,) in names])


def compute(lake, as_of, conf, out, threads=2, stage=lambda name: None, tables=None):
    """Computes the tables as of a day and writes each to `out`/<table>.parquet: without `tables` those of relationship_kpis."""
    if conf["connection_profile"] == "basic" and set(tables or []) & set(results.CONNECTIONS):      # W1: Dataverse alone
        rest = [table for table in tables if table not in results.CONNECTIONS]
        if rest:
            compute(lake, as_of, conf, out, threads, stage, rest)
        tables, conf = [table for table in tables if table in results.CONNECTIONS], {**conf, "consent": False}
    con = duckdb.connect(config={"threads": threads})
    con.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
    block(con, "macros")
    prepare(con, conf, as_of)
    stage("prepare")
    for table in reading.TABLES:
        reading.load(con, lake, table)
    reading.resolve_addresses(con, addresses.address, addresses.further)
    stage("load")
    name_zones(con)
    block(con, "directory")
    forget_names(con)
    stand_ins.learn(con)
    stage("directory")
    for name in ("privacy", "activities", "participants", "events"):
        block(con, name)
        stage(name)
    open_before, left, reach = None, None, 1
    while True:     # N7: pointer doubling up the reply chains; what never reaches a root sits in or under a ring
        left = con.execute("select count(*) from jump where not done").fetchone()[0]
        if left == 0 or (left == open_before and reach >= left):
            break
        con.execute(POINTER_JUMP)
        open_before, reach = left, reach * 2
    stage("threads")
    for name in ("links", "kpis"):
        block(con, name)
        stage(name)
    os.makedirs(out, exist_ok=True)
    known = {**results.queries(), **results.CONNECTIONS, **results.DEALS}
    wanted = results.queries() if tables is None else {table: sql for table, sql in known.items() if table in tables}
    for name, further in (("connections", results.CONNECTIONS), ("deals", results.DEALS)):
        if set(wanted) & set(further):
            block(con, name)
    for table, sql in wanted.items():
        con.execute(f"copy ({sql}) to '{os.path.join(out, table)}.parquet' (format parquet)")
    stage("write")
    con.close()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--lake", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--as-of", required=True, type=dt.date.fromisoformat)
    ap.add_argument("--job")
    ap.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    ap.add_argument("--tables", help="the tables to write, by commas; those of relationship_kpis without")
    ap.add_argument("--threads", type=int, default=2)
    args = ap.parse_args()
    start = last = (time.perf_counter(), time.process_time())

    def stage(name, since=None):
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        wall, cpu = (b - a for a, b in zip(since or last, now))
        print(f"{name:<14}{wall:8.2f} s, {cpu:8.2f} s of CPU", file=sys.stderr)
        last = now

    compute(args.lake, args.as_of, settings(args.job, args.set), args.out, args.threads, stage, args.tables and args.tables.split(","))
    stage("total", start)


if __name__ == "__main__":
    main()
