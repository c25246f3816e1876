#!/usr/bin/env python3
"""How well the table missing_people finds people, by hiding contacts that are known.

    python3 benches/missing_people.py --rapport target/debug/rapport [LAKE…] [--seed 1] [--share 0.2] [--show 40]

Of each lake a fifth of the contacts is hidden, drawn by a seed, with every version of their rows; the daily job runs on
what is left, as of the last whole day of mail. Prints a table per lake: of the hidden contacts with five or more
messages (copies that the lake holds of mail with them in From, To or Cc, each message once) the share that is listed,
and of all that is listed as missing the share of machines, lists and our own people, by what the lake itself tells of
them: `no-reply`, addresses of lists (a lake of a real archive names them list…), local parts of colleagues, mailboxes.
`--show` prints the first of each list, to look at. A lake is any folder in the input format; company domains are read
from a line `company domains:` of its README. By default those beside the repository.
Needs the Python package duckdb.
"""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BESIDE = os.path.join(REPOSITORY, "..", "shared", "data", "lakes")
ADDRESSES = ["emailaddress1", "emailaddress2", "emailaddress3"]


def files(lake, table):
    return f"read_parquet('{lake}/{table}/**/*.parquet', union_by_name=true)"


def messages(con, lake):
    """Every message of mailboxes and of tracked emails by each of its people: `a` (address), `id`, `role`, `day`."""
    con.sql(f"""
        create or replace table people as
        with copies as (select * from {files(lake, 'exchange/messages')}),
        ids as (select lower(trim(internetMessageId, '<> ')) id, *, try_cast(sentDateTime as timestamp)::date as day from copies)
        select distinct id, day, lower(trim(a)) a, role from (
            select id, day, "from".emailAddress.address a, 'from' role from ids
            union all select id, day, unnest(toRecipients).emailAddress.address, 'to' from ids
            union all select id, day, unnest(ccRecipients).emailAddress.address, 'cc' from ids)
        where a like '%@%'""")


def column(con, query):
    return [row[0] for row in con.sql(query).fetchall()]


def hide(con, lake, copy, hidden):
    """The lake without the contacts."""
    for system in ("dataverse", "exchange", "control"):
        source = os.path.join(lake, system)
        for table in sorted(os.listdir(source)) if os.path.isdir(source) else []:
            os.makedirs(os.path.join(copy, system), exist_ok=True)
            if (system, table) != ("dataverse", "contact"):
                os.symlink(os.path.join(source, table), os.path.join(copy, system, table))
    folder = os.path.join(copy, "dataverse", "contact")
    os.makedirs(folder)
    con.sql("create or replace table hidden (id varchar)")
    con.executemany("insert into hidden values (?)", [[one] for one in hidden])
    con.sql(f"""copy (select * from {files(lake, 'dataverse/contact')}
        where lower(trim(coalesce(contactid, Id), '{{}}')) not in (select id from hidden))
        to '{folder}/contact.parquet' (format parquet)""")


def study(args, lake):
    con = duckdb.connect()
    con.sql("set TimeZone = 'UTC'")
    readme = open(os.path.join(lake, "README.md"), encoding="utf-8").read()
    domains = re.search(r"company domains: (.*)", readme).group(1).split(", ")
    messages(con, lake)
    as_of = args.as_of or str(con.sql("select quantile_disc(day, 0.999) from people").fetchall()[0][0])
    contacts = con.sql(f"""
        select lower(trim(coalesce(contactid, Id), '{{}}')) id, max_by(struct_pack(a := {ADDRESSES[0]}, b := {ADDRESSES[1]}, c := {ADDRESSES[2]}),
            versionnumber) addresses, bool_or(coalesce(IsDelete, false)) deleted
        from {files(lake, 'dataverse/contact')} group by 1 order by 1""").fetchall()
    erased = set(column(con, f"select lower(principal) from {files(lake, 'control/erasures')}"))
    live = {one: [a.lower().strip() for a in dict(addresses).values() if a] for one, addresses, deleted in contacts if not deleted}
    live = {one: own for one, own in live.items() if own and one not in erased and not erased & set(own)}
    hidden = random.Random(args.seed).sample(sorted(live), round(args.share * len(live)))
    with tempfile.TemporaryDirectory() as work:
        hide(con, lake, os.path.join(work, "lake"), hidden)
        command = [args.rapport, "run", "relationship_kpis", "--as-of", as_of, "--input", os.path.join(work, "lake"), "--output",
                   os.path.join(work, "out"), "--set", f"company_domains={domains}".replace("'", '"'), "--set", "consent=true",
                   "--set", "default_country=FI", "--set", 'tables=["missing_people"]'] + [part for one in args.set for part in ("--set", one)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{lake}: {done.stderr}")
        con.sql(f"create or replace table found as select * from '{work}/out/missing_people/*/*.parquet'")
        if args.keep:
            shutil.copytree(os.path.join(work, "out", "missing_people"), os.path.join(args.keep, os.path.basename(lake)), dirs_exist_ok=True)
    report(args, con, lake, as_of, {a: one for one in hidden for a in live[one]}, live, hidden, erased, domains)


def report(args, con, lake, as_of, by_address, live, hidden, erased, domains):
    con.sql("create or replace table mine (a varchar, id varchar)")
    con.executemany("insert into mine values (?, ?)", [[a, one] for a, one in by_address.items()])
    busy = column(con, f"""select mine.id from people join mine using (a) where day <= date '{as_of}'
        group by 1 having count(distinct people.id) >= 5 order by 1""")
    listed = con.sql("select address, rank, account_id, domain_kind, emails_received, emails_sent, emails_beside_us, strength from found "
                     "where finding = 'missing_person' order by rank").fetchall()
    addresses = {row[0] for row in listed}
    # Somebody whom another record or a colleague's address names is not missing.
    known = {a for one, own in live.items() if one not in set(hidden) for a in own}
    known |= set(column(con, f"select distinct lower(unnest([{', '.join(ADDRESSES)}])) from {files(lake, 'dataverse/lead')}")) - {None}
    known |= set(column(con, f"select lower(address) from {files(lake, 'control/aliases')}"))
    missed = [one for one in busy if not addresses & set(live[one])]
    excused = [one for one in missed if known & set(live[one])]
    locals_ = {a.split("@")[0] for a in column(con, f"select lower(internalemailaddress) from {files(lake, 'dataverse/systemuser')} "
               "union select lower(domainname) from " + files(lake, "dataverse/systemuser")) if a}
    mailboxes = set(column(con, f"select lower(mail) from {files(lake, 'exchange/users')}"))
    ours = lambda a: a in mailboxes or a.split("@")[0] in locals_ or any(a.endswith("@" + d) or a.endswith("." + d) for d in domains)
    robot = lambda a: re.match(r"(no-?reply|donotreply|mailer-daemon|postmaster)@", a) is not None
    is_list = lambda a: re.match(r"list\d*@", a) is not None or re.search(r"@lists?\d*\.", a) is not None
    wrong = [a for a in addresses if ours(a) or robot(a) or is_list(a) or a in erased]
    free = [row for row in listed if re.search(r"@mailbox\d*\.", row[0]) and row[2]]
    with_account = sum(row[2] is not None for row in listed)
    others = con.sql("select finding, count(*) from found where finding <> 'missing_person' group by 1 order by 1").fetchall()
    recall = 1 - (len(missed) - len(excused)) / max(1, len(busy) - len(excused))
    print(f"| {os.path.basename(lake)} | {as_of} | {len(hidden)}, {len(busy)} | {recall:.3f} | {len(listed)} | {100 * len(wrong) / max(1, len(listed)):.2f} % "
          f"| {with_account}, {len(free)} | {', '.join(f'{count} {finding}' for finding, count in others) or 'none'} |", flush=True)
    if args.show:
        print("missed:", [(one, live[one]) for one in missed if one not in excused][: args.show])
        print("wrong:", wrong[: args.show])
        for row in listed[: args.show]:
            print("  ", row)
        for row in con.sql(f"select finding, address, other_address, since_at, last_heard_at, emails_received, emails_sent from found where finding <> 'missing_person' order by finding, rank limit {args.show}").fetchall():
            print("  ", row)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lakes", nargs="*")
    parser.add_argument("--rapport", default=os.path.join(REPOSITORY, "target", "debug", "rapport"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--as-of")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--keep", help="a folder for the tables")
    args = parser.parse_args()
    lakes = args.lakes or [os.path.join(BESIDE, name) for name in sorted(os.listdir(BESIDE))]
    print("| lake | as of | hidden, with five messages or more | of these listed | listed | machines, lists, ours | with account, of these free mail | contacts that seem dead |")
    print("|---|---|---|---|---|---|---|---|")
    for lake in lakes:
        study(args, os.path.abspath(lake))


if __name__ == "__main__":
    main()
