#!/usr/bin/env python3
"""Compares two output folders table by table, row by row.

    compare.py A B [--as-of 2026-03-31] [--tables t1,t2] [--samples 5]

Each side may be laid out as <table>.parquet or <table>/as_of_date=YYYY-MM-DD/*.parquet (give --as-of when there are several days).
Floats agree within a relative 1e-9, all else exactly, null equals null. Exit code 1 on any difference.
"""
import argparse
import glob
import os
import sys

import duckdb

KEYS = {
    "account_kpis": ["account_id"], "contact_kpis": ["contact_id"], "lead_kpis": ["lead_id"], "opportunity_kpis": ["opportunity_id"],
    "daily_activity": ["record_type", "record_id", "activity_date"], "top_contacts": ["record_type", "record_id", "side", "rank"],
    "interactions": ["interaction_id"], "interaction_records": ["interaction_id", "record_type", "record_id"],
    "dropped_activities": ["source", "source_id", "reason"], "relationship_health": ["record_type", "record_id"],
    "connections": ["systemuser_id", "person_type", "person_id"], "account_connections": ["systemuser_id", "account_id"],
    "who_knows_whom": ["person_type", "person_id", "rank"],
    "open_deals": ["opportunity_id"], "won_deals": ["won_opportunity_id"]}

# Columns that the DuckDB peer does not compute; where it has them, they are null.
NOT_COMPARED = {"health_score", "health_state", "health_trend", "as_of", "emails_after_hours", "two_way_chance_28d", "contact_chance_30d",
                "value_currency_id"}
# The same of the tables of records and of top contacts: what lists show beside the KPIs.
NOT_COMPARED_IN_LISTS = {"owner_name", "account_name", "record_url", "email_share_by_us", "email_share_by_them", "interactions",
                         "days_since_last_interaction", "longest_silence_days", "account_health_score", "account_health_state",
                         "account_health_trend", "state", "estimated_close_date", "value", "currency_id", "value_in_base_currency",
                         "last_contacted_by", "last_contacted_by_id"}
# Tables of which the peer computes only what the rules say to the last digit.
IN_PART = {"connections", "account_connections", "open_deals", "won_deals"}


def is_compared(table, column):
    is_list = table.endswith("_kpis") or table == "top_contacts"
    return column not in NOT_COMPARED and not (is_list and column in NOT_COMPARED_IN_LISTS)


def files(root, table, as_of):
    found = glob.glob(f"{root}/{table}.parquet")
    if not found:
        days = [f"{root}/{table}/as_of_date={as_of}"] if as_of else sorted(glob.glob(f"{root}/{table}/as_of_date=*"))
        if len(days) > 1:
            sys.exit(f"{root}/{table} holds {len(days)} days: give --as-of")
        found = sorted(glob.glob(f"{days[0]}/*.parquet")) if days else []
    return found


def compare(con, a, b, as_of, tables, samples=5):
    """By table: how many rows each side has, and what differs, as lines to print."""
    return {table: differences(con, a, b, as_of, table, KEYS[table], samples) for table in tables}


def differences(con, left, right, as_of, table, key, samples):
    sides = {s: files(root, table, as_of) for s, root in (("a", left), ("b", right))}
    if not all(sides.values()):
        return (0, 0), [f"  missing in {' and '.join(s for s, f in sides.items() if not f)}"]
    types = {}
    for s, fs in sides.items():
        con.execute(f"create or replace temp table raw as select * from read_parquet({fs}, hive_partitioning=false)")
        types[s] = {r[0]: r[1] for r in con.execute("describe raw").fetchall()}
        con.execute(f"create or replace temp table {s} as select *, count(*) over (partition by {', '.join(key)}) as n_ from raw")
    counts = {s: con.execute(f"select count(*), count(*) filter (n_ > 1) from {s}").fetchone() for s in sides}
    problems = [f"  {counts[s][1]} rows with a duplicate key in {s}" for s in sides if counts[s][1]]
    on = " and ".join(f"a.{k} is not distinct from b.{k}" for k in key)
    for s, o in (("a", "b"), ("b", "a")):
        q = f"from {s} anti join {o} on {on}"
        n = con.execute(f"select count(*) {q}").fetchone()[0]
        if n:
            problems.append(f"  {n} keys only in {s}:")
            rest = [c for c in types[s] if c not in key]
            problems += [f"    {r}" for r in con.execute(f"select {', '.join(f'{s}.{k}::varchar' for k in key)}"
                         + "".join(f", {s}.{c}::varchar" for c in rest[:6]) + f" {q} order by all limit {samples}").fetchall()]
    for one, other in (("a", "b"), ("b", "a")):
        problems += [f"  column {c} only in {one}" for c in types[one] if c not in types[other] and is_compared(table, c) and not (one == "a" and table in IN_PART)]
    for c in types["a"]:
        if c in key or not is_compared(table, c) or c not in types["b"]:
            continue
        ta, tb = types["a"][c], types["b"][c]
        floating = any(t in ("DOUBLE", "FLOAT") or t.startswith("DECIMAL") for t in (ta, tb))
        stamp = all(t.startswith("TIMESTAMP") for t in (ta, tb)) and ta != tb     # with and without zone: the same instant in UTC
        if ta != tb and not stamp and {ta, tb} != {"BIGINT", "INTEGER"}:
            problems.append(f"  column {c}: type {ta} in a, {tb} in b")
        x, y = (f"{s}.{c}" for s in "ab")
        if stamp:
            x, y = (f"{v}::timestamptz" for v in (x, y))
        if floating:
            x, y = f"{x}::double", f"{y}::double"
            equal = f"({x} is null and {y} is null) or coalesce(abs({x} - {y}) <= 1e-9 * greatest(abs({x}), abs({y})), false)"
        else:
            equal = f"{x} is not distinct from {y}"
        q = f"from a join b on {on} where not ({equal})"
        n = con.execute(f"select count(*) {q}").fetchone()[0]
        if n:
            problems.append(f"  column {c}: {n} rows differ")
            problems += [f"    {r[:-2]}: a {r[-2]!r} b {r[-1]!r}" for r in con.execute(
                f"select {', '.join(f'a.{k}::varchar' for k in key)}, a.{c}::varchar, b.{c}::varchar {q} order by all limit {samples}").fetchall()]
    return (counts["a"][0], counts["b"][0]), problems


def connect():
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; set threads = 2")
    return con


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("a")
    ap.add_argument("b")
    ap.add_argument("--as-of")
    ap.add_argument("--tables")
    ap.add_argument("--samples", type=int, default=5)
    args = ap.parse_args()
    tables = [t for t in KEYS if not args.tables or t in args.tables.split(",")]
    differing = 0
    for table, (counts, problems) in compare(connect(), args.a, args.b, args.as_of, tables, args.samples).items():
        print(f"{table}: {counts[0]} rows in a, {counts[1]} in b: {'differs' if problems else 'equal'}")
        print("\n".join(problems), end="\n" if problems else "")
        differing += bool(problems)
    print("equal" if not differing else f"{differing} tables differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
