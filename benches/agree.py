#!/usr/bin/env python3
"""Runs rapport and the independent reference (duckdb_peer.py) on many lakes and prints every row in which they differ.

    python3 benches/agree.py --rapport target/debug/rapport                  # golden and real-life lakes, the sample, 20 drawn ones
    python3 benches/agree.py --rapport R --only cases,random --random 500    # the lakes of tests/cases, more drawn ones
    python3 benches/agree.py --rapport R LAKE@2026-03-31 --set consent=true  # lakes of your own, with their day and settings

Lakes of your own, the sample and those of tests/cases are computed with the profile default and with dynamics, drawn ones with
either in turn. Exit code 1 on any difference, 2 when something failed.
Needs the Python packages duckdb and pyarrow.
"""
import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter

import compare
import duckdb_peer
from reference import lakes, nasty

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JOBS = {"relationship_kpis": ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis", "daily_activity", "top_contacts", "interactions",
                              "interaction_records", "dropped_activities"],
        "who_knows_whom": ["connections", "account_connections"]}
WEEKLY = "similar_won_deals"
NOT_COMPARED = ["relationship_health", "strength and its parts in connections and account_connections", "who_knows_whom", "summaries",
                "which deals are alike", "similar_won_factors", "means and medians in opportunity_benchmarks",
                "missing_people", "account_coverage", "handover", "changes", "attention", "score_calibration", "chances", "record_access", "msdyn_gdproptout", "people", "records", "dates", "health columns of the KPI tables", "response times in working hours", "groups of control/group_members", "CSV input", "refusals of broken input"]


def toml(value):
    """A setting as text in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{k}" = {toml(v)}' for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return str(value) if isinstance(value, (int, float, dt.date)) else json.dumps(value, ensure_ascii=False)


def from_toml(text):
    """The value of KEY=VALUE on the command line, where plain text needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


class Comparison:
    def __init__(self, args, work):
        self.args, self.work, self.con = args, work, compare.connect()
        self.lakes = self.failed = 0
        self.rows, self.differing = Counter(), Counter()
        jobs = os.path.join(work, "jobs")
        os.makedirs(jobs)
        for job in [*JOBS, WEEKLY]:
            with open(os.path.join(jobs, job + ".toml"), "w") as file:
                file.write(f'job = "{job}"\nschedule = "30 2 * * *"\n[input]\nroot = "lake"\n[output]\npath = "out"\n')

    def lake(self, name, lake, as_of, settings, profiles=(None, "dynamics")):
        for profile in profiles:
            said = {**settings, **({"profile": profile} if profile else {})}
            label = f"{name} as of {as_of}" + (f", {profile}" if profile else "")
            self.once(label, lake, as_of, said)

    def once(self, label, lake, as_of, settings):
        ours, theirs = os.path.join(self.work, "rapport"), os.path.join(self.work, "reference")
        for folder in (ours, theirs):
            shutil.rmtree(folder, ignore_errors=True)
        self.lakes += 1
        if not all(self.ran(job, label, lake, as_of, {**settings, "tables": tables}, ours) for job, tables in JOBS.items()):
            return
        names = [t for tables in JOBS.values() for t in tables]
        if self.reference(label, lake, as_of, settings, theirs, names):
            self.compared(label, lake, as_of, settings, (ours, theirs), [t for t in names if t in (self.args.tables or t).split(",")])

    def deals(self, label, lake, as_of, settings):
        """The deals that the weekly job calls open and won, and what it says of them."""
        ours, theirs = os.path.join(self.work, "rapport"), os.path.join(self.work, "reference")
        for folder in (ours, theirs):
            shutil.rmtree(folder, ignore_errors=True)
        self.lakes += 1
        day = dt.date.fromisoformat(as_of)
        day -= dt.timedelta(days=day.isoweekday() % 7)
        if self.ran(WEEKLY, label, lake, as_of, settings, ours) and self.reference(label, lake, day.isoformat(), settings, theirs, ["open_deals", "won_deals"]):
            def table(name):
                return f"read_parquet('{ours}/{name}/*/*.parquet', hive_partitioning=false)"
            of_other = "opportunity_id, rank, won_name, state, similarity, factor_1, factor_2, factor_3, value, value_currency_id, value_in_base_currency, alike, different, as_of"
            self.con.execute(f"copy (from {table('opportunity_benchmarks')}) to '{ours}/open_deals.parquet'")
            self.con.execute(f"copy (select distinct * exclude ({of_other}) from {table('similar_won_deals')}) to '{ours}/won_deals.parquet'")
            self.con.execute(f"create or replace temp table listed as select * from '{theirs}/won_deals.parquet' "
                             f"where won_opportunity_id in (select won_opportunity_id from '{ours}/won_deals.parquet')")
            self.con.execute(f"copy listed to '{theirs}/won_deals.parquet'")
            self.compared(label, lake, day, settings, (ours, theirs), ["open_deals", "won_deals"])

    def ran(self, job, label, lake, as_of, settings, out):
        pairs = [f"--set={key}={toml(value)}" for key, value in settings.items()]
        run = subprocess.run([self.args.rapport, "run", job, "--jobs", os.path.join(self.work, "jobs"), "--input", lake, "--output", out,
                              "--as-of", as_of, "--quiet", *pairs], capture_output=True, text=True)
        if run.returncode:
            self.failed += 1
            print(f"{label}: rapport ended with {run.returncode}: {run.stderr.strip().splitlines()[-1:]}")
        return run.returncode == 0

    def reference(self, label, lake, as_of, settings, out, tables):
        try:
            conf = {k: None if v in ("none", "unlimited") else v for k, v in settings.items()}
            conf = {**duckdb_peer.DEFAULTS, **(duckdb_peer.DYNAMICS if conf.get("profile") == "dynamics" else {}), **conf}
            duckdb_peer.compute(lake, dt.date.fromisoformat(as_of), conf, out, tables=tables)
            return True
        except Exception as error:      # one lake that the reference cannot read must not hide the others
            self.failed += 1
            print(f"{label}: the reference failed: {str(error).splitlines()[0]}")
            if self.args.keep:
                raise
            return False

    def compared(self, label, lake, as_of, settings, folders, tables):
        found = compare.compare(self.con, *folders, as_of, tables, self.args.samples)
        different = {table: problems for table, (_, problems) in found.items() if problems}
        self.rows.update({table: counts[0] for table, (counts, _) in found.items()})
        self.differing.update(different.keys())
        if different:
            print(f"{label}: {json.dumps(settings, default=str, ensure_ascii=False)}")
            for table, problems in different.items():
                print(f" {table} (a: rapport, b: reference)", *problems, sep="\n")
            if self.args.keep:
                kept = os.path.join(self.args.keep, f"lake-{self.lakes}")
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(lake, kept)
                print(f"  kept in {kept}")
            sys.stdout.flush()


def golden(comparison):
    folder = os.path.join(REPOSITORY, "tests", "golden")
    for variant in ("main", "no_consent", "consent_pending", "dynamics"):
        with open(os.path.join(folder, variant + ".json")) as file:
            settings = json.load(file)
        comparison.lake(f"golden {variant}", os.path.join(folder, "lake"), "2026-03-31",
                        {k: dt.date.fromisoformat(v) if k == "enabled_on" else v for k, v in settings.items()}, (None,))


def real_life(comparison):
    """The lakes of tests/real_life that are not refused."""
    folder = os.path.join(REPOSITORY, "tests", "real_life")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name, "expect.json")) as file:
            case = json.load(file)
        if case.get("refused"):
            print(f"not compared: {name}, which is refused")
            continue
        settings = {"company_domains": ["nordwind.example"], "consent": True, "default_country": "FI", "timezone": "UTC"}
        lake = os.path.join(folder, name, "lake")
        if case.get("on_top_of_golden"):
            lake = shutil.copytree(os.path.join(REPOSITORY, "tests", "golden", "lake"), os.path.join(comparison.work, "lake"), dirs_exist_ok=True)
            shutil.copytree(os.path.join(folder, name, "lake"), lake, dirs_exist_ok=True)
            with open(os.path.join(REPOSITORY, "tests", "golden", "main.json")) as file:
                settings = json.load(file)
        comparison.lake(name, lake, "2026-03-31", {**settings, **case.get("settings", {})}, (None,))
        shutil.rmtree(os.path.join(comparison.work, "lake"), ignore_errors=True)


def described(comparison):
    """The lakes that tests/cases describes, with the days and settings that they are about."""
    folder = os.path.join(REPOSITORY, "tests", "cases")
    cast = lakes.described(os.path.join(folder, "cast.json"))
    for name in sorted(os.listdir(folder)):
        if not os.path.isdir(os.path.join(folder, name)) or not name.startswith(comparison.args.cases):
            continue
        root = os.path.join(comparison.work, "lake")
        # Records that opted out and what is shared are not in the reference.
        if name in ("c4_opted_out_records", "c7_record_access"):
            print(f"not compared: case {name}")
            continue
        with open(os.path.join(folder, name, "expect.json")) as file:
            case = json.load(file)
        runs = case["runs"]
        own = lakes.Lake(case["lake"]) if "lake" in case else lakes.described(os.path.join(folder, name, "lake.json"))
        own.on_top_of(cast).write(root)
        for as_of, settings in {(r.get("as_of", "2026-03-31"), json.dumps(r.get("settings", {}))): None for r in runs}:
            settings = {k: from_toml(v) if isinstance(v, str) else v for k, v in json.loads(settings).items()}
            if "working_hours" in settings or "W" in as_of:
                print(f"not compared: a run of {name} in working hours or by week")
                continue
            for key in set(settings) - set(duckdb_peer.DEFAULTS):
                settings.pop(key)
            profiles = (None,) if "profile" in settings else (None, "dynamics")
            comparison.lake(f"case {name}", root, as_of, {"company_domains": ["nw.example"], "consent": True, **settings}, profiles)
        shutil.rmtree(root)


def random(comparison):
    for seed in range(comparison.args.seed, comparison.args.seed + comparison.args.random):
        root = os.path.join(comparison.work, "lake")
        lake, as_of, settings = nasty.drawn(seed)
        lake.write(root)
        comparison.lake(f"seed {seed}", root, as_of, settings, (None, "dynamics")[seed % 2:][:1])
        shutil.rmtree(root)


def of_sample():
    with open(os.path.join(REPOSITORY, "jobs", "rapport.toml"), "rb") as file:
        settings = {k: v for group in tomllib.load(file).values() if isinstance(group, dict) for k, v in group.items() if k in duckdb_peer.DEFAULTS}
    return os.path.join(REPOSITORY, "sample_data", "lake"), settings


def sample(comparison):
    lake, settings = of_sample()
    comparison.lake("sample_data", lake, "2026-03-31", settings)


def deals(comparison):
    lake, settings = of_sample()
    for profile in ("default", "dynamics"):
        comparison.deals(f"deals of sample_data, {profile}", lake, "2026-03-31", {**settings, "profile": profile})


SETS = {"golden": golden, "real_life": real_life, "cases": described, "sample": sample, "deals": deals, "random": random}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("lakes", nargs="*", metavar="LAKE@DAY")
    ap.add_argument("--rapport", required=True, help="the program")
    ap.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="settings of the lakes named here")
    ap.add_argument("--only", help=f"of {', '.join(SETS)}, by commas")
    ap.add_argument("--random", type=int, default=20, help="how many lakes to draw")
    ap.add_argument("--seed", type=int, default=1, help="the first of them")
    ap.add_argument("--samples", type=int, default=5, help="how many of the differing rows to print")
    ap.add_argument("--tables", help="compare only these, by commas")
    ap.add_argument("--deals", action="store_true", help="compare what the weekly job says of the lakes named here")
    ap.add_argument("--keep", help="keep differing lakes in this folder")
    ap.add_argument("--cases", default="", help="of the lakes of tests/cases only those whose name begins so")
    args = ap.parse_args()
    args.rapport = os.path.abspath(args.rapport)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        comparison = Comparison(args, work)
        for lake in args.lakes:
            path, _, day = lake.rpartition("@")
            settings = dict((k, from_toml(v)) for k, _, v in (pair.partition("=") for pair in args.set))
            (comparison.deals if args.deals else comparison.lake)(path, path, day, settings)
        for name in [] if args.lakes else (args.only or "golden,real_life,sample,deals,random").split(","):
            SETS[name](comparison)
    for table, rows in comparison.rows.items():
        print(f"{table:<22}{rows:>9} rows, {comparison.differing[table]} runs differ")
    print(f"not compared: {', '.join(NOT_COMPARED)}")
    print(f"{comparison.lakes} runs in {time.monotonic() - started:.0f} s, {comparison.failed} failed, {sum(comparison.differing.values())} tables differ")
    return 2 if comparison.failed or not comparison.lakes else 1 if comparison.differing else 0


if __name__ == "__main__":
    sys.exit(main())
