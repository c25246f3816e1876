#!/usr/bin/env python3
"""How the daily job and who_knows_whom grow with lakes of odd shapes.

Each shape is made at a size n and at 2n; a job that grows with the rows it reads and writes takes about twice the
time. The script prints CPU seconds, peak memory and the ratio, and ends with 1 when a ratio is above the limit.

    benches/odd_shapes.py --rapport target/release/rapport [--only SHAPE] [--limit 2.8]

Needs pyarrow.
"""

import argparse
import datetime as dt
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone.utc)
COLLEAGUE, ACCOUNT = "10000000-0000-0000-0000-000000000001", "20000000-0000-0000-0000-000000000001"
CONTACT, DEAL, EMAIL, PARTY = 4, 3, 5, 6
UTC = pa.timestamp("us", "UTC")


def guid(kind, number):
    """The id of a record of this kind."""
    return f"{kind}0000000-0000-0000-0000-{number:012x}"


def write(lake, table, columns, rows, files=1):
    """Rows as tuples in the order of the columns, which are names with Arrow types."""
    folder = lake / table
    folder.mkdir(parents=True)
    names, types = zip(*columns.items())
    values = list(zip(*rows)) or [()] * len(names)
    data = pa.table({n: pa.array(v, t) for n, t, v in zip(names, types, values)})
    step = -(-max(len(data), 1) // files)
    for at in range(files):
        pq.write_table(data.slice(at * step, step), folder / f"part-{at:06}.parquet", compression="snappy")


TEXT, INT = pa.string(), pa.int64()
RECIPIENTS = pa.list_(pa.struct([("emailAddress", pa.struct([("name", TEXT), ("address", TEXT)]))]))
SENDER = pa.struct([("emailAddress", pa.struct([("name", TEXT), ("address", TEXT)]))])
COLUMNS = {
    "dataverse/account": dict(accountid=TEXT, name=TEXT, statecode=INT, ownerid=TEXT, ownerid_entitytype=TEXT,
                              createdon=UTC),
    "dataverse/contact": dict(contactid=TEXT, fullname=TEXT, emailaddress1=TEXT, parentcustomerid=TEXT,
                              parentcustomerid_entitytype=TEXT, statecode=INT, createdon=UTC),
    "dataverse/opportunity": dict(opportunityid=TEXT, name=TEXT, customerid=TEXT, customerid_entitytype=TEXT,
                                  parentaccountid=TEXT, parentcontactid=TEXT, ownerid=TEXT, ownerid_entitytype=TEXT,
                                  statecode=INT, createdon=UTC),
    "dataverse/systemuser": dict(systemuserid=TEXT, fullname=TEXT, internalemailaddress=TEXT, createdon=UTC),
    "dataverse/email": dict(activityid=TEXT, subject=TEXT, statecode=INT, statuscode=INT, directioncode=pa.bool_(),
                            senton=UTC, createdon=UTC, messageid=TEXT, inreplyto=TEXT, ownerid=TEXT,
                            ownerid_entitytype=TEXT),
    "dataverse/activityparty": dict(activitypartyid=TEXT, activityid=TEXT, partyid=TEXT, partyid_entitytype=TEXT,
                                    addressused=TEXT, participationtypemask=INT),
    "exchange/users": dict(id=TEXT, mail=TEXT, userPrincipalName=TEXT, displayName=TEXT, usageLocation=TEXT,
                           puser=TEXT, ptenant=TEXT),
    "exchange/messages": {"id": TEXT, "internetMessageId": TEXT, "sentDateTime": TEXT, "subject": TEXT,
                          "from": SENDER, "toRecipients": RECIPIENTS, "isDraft": pa.bool_(), "puser": TEXT,
                          "ptenant": TEXT},
}


class Lake:
    """Rows by table, and into how many files emails go."""

    def __init__(self):
        self.rows = {table: [] for table in COLUMNS}
        self.email_files = 1
        self.rows["dataverse/account"].append((ACCOUNT, "Fjord", 0, COLLEAGUE, "systemuser", DAY))
        self.rows["dataverse/systemuser"].append((COLLEAGUE, "Ann", "ann@nordwind.example", DAY))
        self.rows["exchange/users"].append(("u1", "ann@nordwind.example", "ann@nordwind.example", "Ann", "FI", "u1",
                                            "t"))

    def contact(self, number):
        self.rows["dataverse/contact"].append((guid(CONTACT, number), f"Contact {number}", f"c{number}@fjord.example",
                                               ACCOUNT, "account", 0, DAY))

    def deal(self, number, contact):
        self.rows["dataverse/opportunity"].append((guid(DEAL, number), f"Deal {number}", ACCOUNT, "account", ACCOUNT,
                                                   guid(CONTACT, contact), COLLEAGUE, "systemuser", 0, DAY))

    def email(self, number, parties=(), reply_to=None, later=0):
        sent = DAY + dt.timedelta(seconds=later)
        answers = None if reply_to is None else f"<{reply_to}@nordwind.example>"
        self.rows["dataverse/email"].append((guid(EMAIL, number), f"Subject {number}", 1, 3, True, sent, sent,
                                             f"<{number}@nordwind.example>", answers, COLLEAGUE, "systemuser"))
        everybody = [(COLLEAGUE, "systemuser", "ann@nordwind.example", 1)]
        everybody += [(guid(CONTACT, c), "contact", f"c{c}@fjord.example", 2) for c in parties]
        for at, (person, kind, address, role) in enumerate(everybody):
            self.rows["dataverse/activityparty"].append((guid(PARTY, number * 1_000_000 + at), guid(EMAIL, number), person,
                                                         kind, address, role))

    def message(self, number, recipients):
        to = [{"emailAddress": {"name": None, "address": f"c{c}@fjord.example"}} for c in recipients]
        sender = {"emailAddress": {"name": "Ann", "address": "ann@nordwind.example"}}
        self.rows["exchange/messages"].append((f"m{number}", f"<m{number}@nordwind.example>", "2026-03-02T09:00:00Z",
                                               "Hello", sender, to, False, "u1", "t"))

    def write(self, folder):
        for table, columns in COLUMNS.items():
            files = self.email_files if table == "dataverse/email" else 1
            write(folder, table, columns, self.rows[table], files)


def people_of_one_account(n):
    lake = Lake()
    for number in range(n):
        lake.contact(number)
    for number in range(n // 10):
        lake.email(number, [number], later=number)
    return lake


def deals_of_one_contact(n):
    lake = Lake()
    lake.contact(0)
    for number in range(n):
        lake.deal(number, 0)
    for number in range(200):
        lake.email(number, [0], later=number * 3600)
    return lake


def recipients_of_one_email(n):
    lake = Lake()
    for number in range(n):
        lake.contact(number)
    lake.email(0, range(n))
    return lake


def recipients_of_one_message(n):
    lake = Lake()
    for number in range(n):
        lake.contact(number)
    lake.message(0, range(n))
    return lake


def recipients_of_many_emails(n):
    lake = Lake()
    for number in range(n):
        lake.contact(number)
    for number in range(100):
        lake.email(number, range(n), later=number)
    return lake


def replies_of_one_thread(n):
    lake = Lake()
    lake.contact(0)
    for number in range(n):
        lake.email(number, [0], reply_to=number - 1 if number else None, later=number)
    return lake


def replies_in_reverse_order(n):
    lake = Lake()
    lake.contact(0)
    for number in range(n):
        lake.email(number, [0], reply_to=number - 1 if number else n - 1, later=n - number)
    return lake


def contacts_with_one_address(n):
    lake = Lake()
    for number in range(n):
        lake.rows["dataverse/contact"].append((guid(CONTACT, number), f"Contact {number}", "info@fjord.example", ACCOUNT,
                                               "account", 0, DAY))
    for number in range(200):
        lake.email(number, [], later=number)
        lake.rows["dataverse/activityparty"].append((guid(PARTY, number * 1_000_000 + 1), guid(EMAIL, number), None, None,
                                                     "info@fjord.example", 2))
    return lake


def files_of_one_table(n):
    lake = Lake()
    lake.contact(0)
    lake.email_files = n
    for number in range(2 * n):
        lake.email(number, [0], later=number)
    return lake


NO_LIMIT = {recipients_of_one_email, recipients_of_one_message, recipients_of_many_emails}
SHAPES = {
    people_of_one_account: 100_000,
    deals_of_one_contact: 10_000,
    recipients_of_one_email: 40_000,
    recipients_of_one_message: 40_000,
    recipients_of_many_emails: 2_000,
    replies_of_one_thread: 100_000,
    replies_in_reverse_order: 100_000,
    contacts_with_one_address: 20_000,
    files_of_one_table: 10_000,
}
JOBS = ["relationship_kpis", "who_knows_whom"]


def make(shape, size, folder):
    """Makes a lake in a process of its own: the peak memory of a program is at least that of who started it."""
    maker = multiprocessing.get_context("fork").Process(target=lambda: shape(size).write(folder))
    maker.start()
    maker.join()
    if maker.exitcode != 0:
        sys.exit(f"{shape.__name__} could not be made")


def measure(rapport, job, settings, folder):
    """CPU seconds and peak memory in MiB of one run."""
    command = [rapport, "run", job, "--input", str(folder / "lake"), "--output", str(folder / "out"), "--as-of",
               "2026-03-31", "--quiet"]
    for setting in ['company_domains=["nordwind.example"]', "consent=true", 'default_country="FI"', *settings]:
        command += ["--set", setting]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}:\n{said}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rapport", default="target/release/rapport")
    arguments.add_argument("--only", help="one shape")
    arguments.add_argument("--runs", type=int, default=3, help="the fastest of so many counts")
    arguments.add_argument("--limit", type=float, default=2.8)
    arguments = arguments.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    grew = []
    print("| shape | job | n | CPU s, MiB at n | at 2n | ratio |\n|---|---|---|---|---|---|")
    for shape, n in SHAPES.items():
        if arguments.only not in (None, shape.__name__):
            continue
        found = {job: [] for job in JOBS}
        for size in (n, 2 * n):
            with tempfile.TemporaryDirectory() as folder:
                folder = Path(folder)
                make(shape, size, folder / "lake")
                settings = ['max_recipients="none"'] if shape in NO_LIMIT else []
                for job in JOBS:
                    runs = [measure(arguments.rapport, job, settings, folder) for _ in range(arguments.runs)]
                    found[job].append(min(runs))
        for job, ((one, memory), (two, more)) in found.items():
            ratio = two / one
            if ratio > arguments.limit:
                grew.append(f"{shape.__name__}, {job}")
            print(f"| {shape.__name__.replace('_', ' ')} | {job} | {n:,} | {one:.2f}, {memory:.0f} | "
                  f"{two:.2f}, {more:.0f} | {ratio:.1f} |", flush=True)
    if grew:
        sys.exit("grows faster than its input: " + "; ".join(grew))


if __name__ == "__main__":
    main()
