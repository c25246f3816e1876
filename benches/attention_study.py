#!/usr/bin/env python3
"""What the table attention foretells: how many of the most severe rows of a day come true, beside three single rules.

    benches/attention_study.py [LAKE …] [--program target/release/rapport] [--dates 10] [--top 20] [--work FOLDER]

At dates spread evenly from a year after the beginning of a lake's mail to two months before its end, `rapport run` publishes
attention, and what happened later is looked up in the interactions of the whole lake. A row comes true when

- its record falls silent: nothing in the 28 days after the date, though it was active before (in touch on two days or more of
  the last 90; `--active 28`: and in the last 28 days), or
- an email that waits for an answer on the date is answered later than the 90th percentile of that record's answers until then
  (five or more, else of all answers of that side), or never.

Rules compared: days since the last contact, emails without an answer, and how much the number of contacts has fallen (the 28
days before the last 28, less the last 28), each over the records that are active. Ties go by the record's id. A record counts
once per date, by its most severe row. Needs duckdb.
"""
import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile

import duckdb

HERE = os.path.dirname(os.path.abspath(__file__))
BESIDE = os.path.join(HERE, "../../shared/data/lakes")


def domains(lake):
    found = re.search(r"company domains: (.*)", open(f"{lake}/README.md").read())
    return json.dumps([name.strip() for name in found.group(1).split(",")])


def publish(program, lake, output, date, tables):
    if not os.path.exists(f"{output}/{tables[0]}/as_of_date={date}"):
        subprocess.run([program, "run", "relationship_kpis", "--input", lake, "--output", output, "--as-of", str(date), "--quiet",
                        "--set", f"company_domains={domains(lake)}", "--set", f"tables={json.dumps(tables)}",
                        "--set", "timezone=UTC"], check=True, cwd=os.path.join(HERE, ".."))


class Study:
    def __init__(self, program, lake, work, dates, active, silence_alone):
        self.program, self.lake, self.active, self.silence_alone = program, lake, active, silence_alone
        self.output = os.path.join(work, os.path.basename(lake.rstrip("/")))
        newest = duckdb.sql(f"select max(senton)::date from read_parquet('{lake}/dataverse/email/**/*.parquet', union_by_name=true) "
                            "where senton < now()").fetchall()[0][0]
        publish(program, lake, self.output, newest, ["interactions", "interaction_records"])
        self.con = duckdb.connect()
        part = f"as_of_date={newest}/*.parquet"
        self.con.execute(f"""create table met as select record_type || '|' || record_id as record, i.interaction_id as id, kind,
            direction, occurred_at at time zone 'UTC' as happened, thread_id, answered_at at time zone 'UTC' as answered_at
            from '{self.output}/interactions/{part}' i join '{self.output}/interaction_records/{part}' r
            using (interaction_id) where status = 'held'""")
        first, last = self.con.sql("select quantile_disc(happened, 0.0025), quantile_disc(happened, 0.9975) from met").fetchall()[0]
        begin, end = first.date() + dt.timedelta(365), last.date() - dt.timedelta(61)
        self.dates = [begin + (end - begin) * step / max(dates - 1, 1) for step in range(dates)]

    def cases(self, date):
        """By active record: what it is scored by, and whether it comes true."""
        publish(self.program, self.lake, self.output, date, ["attention"])
        cut = f"timestamp '{date + dt.timedelta(1)}'"
        sql = self.con.sql
        self.con.execute(f"""create or replace temp table known as select record, count(distinct happened::date) filter (happened >= {cut} - interval 90 day) as days90,
            max(happened) as last, count(*) filter (happened >= {cut} - interval 28 day) as recent,
            count(*) filter (happened < {cut} - interval 28 day and happened >= {cut} - interval 56 day) as before
            from met where happened < {cut} group by record""")
        self.con.execute(f"""create or replace temp table active as select * from known where days90 >= 2
            and last >= {cut} - interval {self.active} day""")
        self.con.execute(f"""create or replace temp table answers as select record, direction, answered_at - happened as took from met
            where answered_at is not null and answered_at < {cut}""")
        self.con.execute("""create or replace temp table limits as select record, direction, quantile_cont(epoch(took), 0.9) as own,
            count(*) as n from answers group by all""")
        self.con.execute("""create or replace temp table usual as select direction, quantile_cont(epoch(took), 0.9) as all_p90
            from answers group by all""")
        self.con.execute(f"""create or replace temp table turns as select *, lag(direction) over (partition by record, thread_id order by happened, id) as before,
            lead(direction) over (partition by record, thread_id order by happened, id) as next from met
            where kind = 'email' and direction is not null and happened < {cut}""")
        self.con.execute(f"""create or replace temp table waits as select record, thread_id, direction, max(happened) filter (before is distinct from direction) as since
            from turns t where direction = (select last(u.direction order by u.happened, u.id) from turns u
                where u.record = t.record and u.thread_id = t.thread_id)
            group by all having max(happened) filter (before is distinct from direction) >= {cut} - interval 28 day""")
        self.con.execute(f"""create or replace temp table late as select w.record, bool_or(
                coalesce((select min(epoch(m.happened - w.since)) from met m where m.record = w.record and m.thread_id = w.thread_id
                    and m.direction <> w.direction and m.happened > w.since), 1e12)
                > case when l.n >= 5 then l.own else u.all_p90 end) as late, count(*) as waiting
            from waits w left join limits l using (record, direction) left join usual u using (direction) group by w.record""")
        self.con.execute(f"""create or replace temp table truth as select record, {not self.silence_alone} and coalesce(late, false) or not exists (
                select 1 from met m where m.record = a.record and m.happened >= {cut} and m.happened < {cut} + interval 28 day) as true_of,
            epoch({cut} - last) as since, coalesce(waiting, 0) as waiting, before - recent as fallen
            from active a left join late using (record)""")
        return sql(f"""select t.*, (select max(severity) from '{self.output}/attention/as_of_date={date}/*.parquet' s
            where s.record_type || '|' || s.record_id = t.record
            and not ({self.silence_alone} and s.reason in ('awaiting_us', 'awaiting_them'))) as severity from truth t""").fetchall()

    def precision(self, top):
        """Per method the share of the top rows that come true, over all dates; the base rate first."""
        names = ["any", "days since contact", "emails unanswered", "falling count", "attention"]
        hits, all_of = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
        for date in self.dates:
            cases = self.cases(date)
            keys = {"any": None, "days since contact": 2, "emails unanswered": 3, "falling count": 4, "attention": 5}
            for name, at in keys.items():
                chosen = cases if at is None else sorted((case for case in cases if case[at] is not None),
                                                         key=lambda case: (-case[at], case[0]))[:top]
                hits[name] += sum(bool(case[1]) for case in chosen)
                all_of[name] += len(chosen)
        return {name: (hits[name] / max(all_of[name], 1), all_of[name]) for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lakes", nargs="*")
    parser.add_argument("--program", default=os.path.join(HERE, "../target/release/rapport"))
    parser.add_argument("--dates", type=int, default=10)
    parser.add_argument("--top", type=int, default=20)
    parser.add_argument("--active", type=int, default=90)
    parser.add_argument("--silence-alone", action="store_true", help="only silence comes true, and waits are no rows")
    parser.add_argument("--work", default=None, help="keeps what was published, so that a second study is quick")
    arguments = parser.parse_args()
    lakes = arguments.lakes or sorted(os.path.join(BESIDE, name) for name in os.listdir(BESIDE))
    work = arguments.work or tempfile.mkdtemp(prefix="attention-")
    print("| lake | any active record | days since contact | emails unanswered | falling count | **attention** | gain | rows |")
    print("|---|---|---|---|---|---|---|---|")
    for lake in lakes:
        found = Study(os.path.abspath(arguments.program), os.path.abspath(lake), work, arguments.dates, arguments.active,
                      arguments.silence_alone).precision(arguments.top)
        shares = {name: share for name, (share, _) in found.items()}
        best = max(shares[name] for name in ("days since contact", "emails unanswered", "falling count"))
        print(f"| {os.path.basename(lake.rstrip('/'))} | {shares['any']:.3f} ({found['any'][1]}) | {shares['days since contact']:.3f} | "
              f"{shares['emails unanswered']:.3f} | {shares['falling count']:.3f} | **{shares['attention']:.3f}** | "
              f"{shares['attention'] - best:+.3f} | {found['attention'][1]} |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
