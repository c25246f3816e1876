#!/usr/bin/env python3
"""Can what a seller reads be believed? States of health, sentences, reasons, suggestions and chances of whole lakes.

    python3 benches/believable.py [LAKE …] [--rapport target/release/rapport] [--dates 10] [--work FOLDER] [--rivals]

At dates spread evenly over a lake's mail, from a year after its beginning to two months before its end, each the Sunday before so
that similar won deals are those of the day, `rapport run` publishes what sellers read. Printed are, over all dates together,

- the states of health by record type, of relationships in touch within 90 days and of all others with a score;
- of all sentences that compare, the share that a significance test rejects: the numbers are read from the sentence, and tested
  anew (coin, Fisher, ranks of the published response times, counts and rates of similar deals against the published means);
- of all reasons of health, in four languages, the share that the columns of their row contradict;
- of the first suggestions of who_knows_whom, the share of those where one side never wrote, met or called;
- of the chances contact_chance_30d and two_way_chance_28d the expected calibration error: ten ranges of chances, how far the
  mean is from the share that came true 30 or 28 days later, by the tables published then.

Exit code 1 where a sentence, a reason or a suggestion is not as it should be; each of these is printed. `--rivals` also runs
`cargo bench --bench foretell` on the same lakes: AUC, NDCG@5 and chances under both truths, beside the formulas of others.
A lake is any folder in the input format; company domains are read from a line `company domains:` of its README, else they
are those of the job files. By default the bundled sample and the lakes beside the repository. Needs the Python package duckdb.
"""
import argparse
import datetime as dt
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

import duckdb

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLE = os.path.join(REPOSITORY, "sample_data", "lake")
BESIDE = os.path.join(REPOSITORY, "..", "shared", "data", "lakes")
TYPES = ["account", "contact", "lead", "opportunity"]
STATES = ["good", "fair", "poor", "dormant"]
DAILY = [f"{one}_kpis" for one in TYPES] + ["relationship_health", "summaries", "interactions", "interaction_records"]
KINDS = {"email": ("emails_sent", "emails_received"), "meeting": ("meetings_sent", "meetings_received"),
         "call": ("phone_calls_made", "phone_calls_received")}
SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def binomial(hits, cases, share):
    """Twice the smaller tail."""
    hits, cases = int(hits), int(cases)
    log = [math.lgamma(cases + 1) - math.lgamma(k + 1) - math.lgamma(cases - k + 1) + k * math.log(share)
           + (cases - k) * math.log1p(-share) for k in range(cases + 1)]
    return 2 * min(sum(map(math.exp, log[: hits + 1])), sum(map(math.exp, log[hits:])))


def fisher(a, m, b, n):
    """Fisher's exact test of a of m against b of n, twice the smaller tail."""
    def chance(k):
        return math.comb(m, k) * math.comb(n, a + b - k) / math.comb(m + n, a + b)
    least, most = max(a + b - n, 0), min(a + b, m)
    return 2 * min(sum(chance(k) for k in range(least, a + 1)), sum(chance(k) for k in range(a, most + 1)))


def ranks(ours, theirs):
    """Standard deviations between the ranks of two samples, as Mann and Whitney have it, ties not corrected for."""
    place, below = {}, 0
    for value, count in sorted(Counter(ours + theirs).items()):
        place[value] = below + (count + 1) / 2
        below += count
    m, n = len(ours), len(theirs)
    return abs(sum(place[value] for value in ours) - m * (m + n + 1) / 2) / math.sqrt(m * n * (m + n + 1) / 12)


def number(text):
    return SMALL.index(text) if text in SMALL else float(text.replace(",", ""))


def rates(text):
    return [int(found.replace(",", "")) for pair in re.findall(r"\(([\d,]+) of ([\d,]+)\)", text) for found in pair]


def rejected(text, row, hours, similar):
    """Whether a test says that the difference in a sentence may be chance; None where nothing is compared, or nothing that the
    published tables can tell (times of single similar deals)."""
    if found := re.search(r" more (?:email|meeting|call)s? than .*\(([\d,]+) against ([\d,]+)\)\.$", text):
        more, less = map(number, found.groups())
        return binomial(more, more + less, 0.5) > 0.05
    if re.search(r"^We answer (faster|more slowly) than (?!in similar)", text):
        return min(map(len, hours)) < 5 or ranks(*hours) < 1.96
    if text.startswith("When we write,") and "similar won deals" not in text:
        a, m, b, n = rates(text)
        return min(m, n) < 5 or fisher(a, m, b, n) > 0.05
    if found := re.search(r"^So far there ha(?:s|ve) been ([\w,]+) (\w+); similar won deals had .*\(([\d,]+) deals\)\.$", text):
        here, deals = number(found[1]), int(number(found[3]))
        means = [similar[f"similar_mean_{column}"] for column in KINDS[found[2].rstrip("s")]] if similar else [None]
        if None in means:
            return None
        return deals < 6 or binomial(here, here + round(deals * sum(means)), 1 / (deals + 1)) > 0.05
    if text.startswith("When we write,"):
        (hits, cases), share = rates(text), similar and similar["similar_mean_response_rate_by_them"]
        return None if share is None else binomial(hits, cases, min(max(share, 0.01), 0.99)) > 0.05
    if found := re.search(r"contact on ([\d,]+) days? in that time, on ([\d,]+) in the four weeks before\.$", text):
        recent, before = map(number, found.groups())
        return binomial(recent, recent + before, 0.5) > 0.05
    return None


def contradicted(row):
    """What a reason says that its row does not."""
    code, contact, expected = row["main_reason_code"], row["contact_days"], row["expected_contact_days"]
    received, sent, silence = row["days_since_received"], row["days_since_sent"], row["days_since_contact"]
    never = 10 ** 6
    holds = {
        "awaiting_customer": received is not None and received > (-1 if sent is None else sent) and received > expected,
        "awaiting_us": sent is not None and sent > (-1 if received is None else received) and sent > expected,
        "no_reply": received is None, "no_outreach": sent is None, "too_rare": contact * expected < 90,
        "dormant": silence > (row["dormant_after_days"] or never) and row["health_state"] == "dormant",
        "on_rhythm": row["health_state"] == "good" and None not in (received, sent) and max(received, sent) <= max(expected, 14), "silent": received == sent,
    }.get(code, True)
    said = {"awaiting_customer": received, "awaiting_us": sent, "dormant": silence, "on_rhythm": silence, "silent": silence}.get(code)
    for column in ["main_reason", "main_reason_de", "main_reason_fr", "main_reason_sv"]:
        clause, _, counted = row[column].rpartition("; ")
        days, counts = ([int(digits) for digits in re.findall(r"\d+", part)] for part in (clause, counted))
        if contact == 0:
            counts.insert(0, 0)
        if not holds or (days and days[0] != said) or counts[:2] != [contact, 90] or counts[2:3] not in ([], [expected]):
            return f"{code}: {row[column]}"
    return None


def calibration_error(cases):
    bins = defaultdict(float)
    for chance, came_true in cases:
        bins[min(int(chance * 10), 9)] += chance - came_true
    return sum(map(abs, bins.values())) / max(len(cases), 1)


class Study:
    def __init__(self, args, lake, work):
        self.rapport, self.lake, self.name = os.path.abspath(args.rapport), os.path.abspath(lake), os.path.basename(lake.rstrip("/"))
        self.name = "sample" if os.path.abspath(lake) == SAMPLE else self.name
        self.output, self.con, self.faults = os.path.join(work, self.name), duckdb.connect(), []
        self.con.execute("set TimeZone = 'UTC'")
        readme = os.path.join(lake, "README.md")
        found = os.path.exists(readme) and re.search(r"company domains: (.*)", open(readme, encoding="utf-8").read())
        self.set = ["company_domains=" + json.dumps([one.strip() for one in found[1].split(",")])] if found else []
        newest = dt.date.today() - dt.timedelta(1)
        self.publish("relationship_kpis", newest, ["interactions", "interaction_records"])
        first, last = self.con.sql(f"""select quantile_disc(occurred_at::date, 0.0025), quantile_disc(occurred_at::date, 0.9975) from
            '{self.file("interactions", newest)}' semi join '{self.file("interaction_records", newest)}' using (interaction_id)
            where status = 'held' and kind = 'email'""").fetchall()[0]
        begin, end = first + dt.timedelta(365), last - dt.timedelta(61)
        dates = [begin + (end - begin) * step / max(args.dates - 1, 1) for step in range(args.dates)]
        self.dates = sorted({date - dt.timedelta((date.weekday() + 1) % 7) for date in dates})
        self.states, self.sentences, self.reasons, self.suggestions = defaultdict(Counter), Counter(), Counter(), Counter()
        self.chances = {"contact_chance_30d": [], "two_way_chance_28d": []}

    def file(self, table, date):
        week = date.strftime("week=%G-W%V")
        paths = [f"{self.output}/{table}/{part}/{table}.parquet" for part in (f"as_of_date={date}", week)]
        return next((path for path in paths if os.path.exists(path)), paths[0])

    def publish(self, job, date, tables):
        if all(os.path.exists(self.file(table, date)) for table in tables):
            return
        overrides = [f"tables={json.dumps(tables)}", *self.set]
        subprocess.run([self.rapport, "run", job, "--input", self.lake, "--output", self.output, "--as-of", str(date), "--quiet",
                        *(word for one in overrides for word in ("--set", one))], check=True, cwd=REPOSITORY)

    def rows(self, query):
        found = self.con.sql(query)
        return [dict(zip(found.columns, row)) for row in found.fetchall()]

    def table(self, table, date, where="true"):
        # Instants are not needed, and need one more package.
        return self.rows(f"select columns(lambda c: c not like '%\\_at' escape '\\') from '{self.file(table, date)}' where {where}")

    def of_date(self, date):
        later = {days: date + dt.timedelta(days) for days in (28, 30)}
        self.publish("relationship_kpis", date, DAILY)
        self.publish("who_knows_whom", date, ["connections", "who_knows_whom"])
        self.publish("similar_won_deals", date, ["opportunity_benchmarks"])
        self.publish("relationship_kpis", later[28], ["relationship_health"])
        self.publish("who_knows_whom", later[30], ["connections"])
        health = {(row["record_type"], row["record_id"]): row for row in self.table("relationship_health", date)}
        for (of_type, _), row in health.items():
            if row["health_score"] is not None:
                self.states[of_type, row["days_since_contact"] <= 90][row["health_state"]] += 1
                self.reasons["all"] += 1
                self.note(self.reasons, date, contradicted(row))
        self.read_sentences(date)
        two_way = {(row["systemuser_id"], row["person_id"]): row["mutuality"] > 0 for row in self.table("connections", date)}
        for row in self.table("who_knows_whom", date, where="rank = 1"):
            self.suggestions["all"] += 1
            known = two_way[row["systemuser_id"], row["person_id"]]
            self.note(self.suggestions, date, None if known else f"one-way: {row['systemuser_id']} knows {row['person_id']}")
        self.foretold("contact_chance_30d", date, f"""select n.contact_chance_30d, coalesce(l.last_interaction_at >= date '{date}' + 1, false)
            from '{self.file("connections", date)}' n left join '{self.file("connections", later[30])}' l
            using (systemuser_id, person_type, person_id)""")
        self.foretold("two_way_chance_28d", date, f"""select n.two_way_chance_28d,
            coalesce(l.days_since_received < 28 and l.days_since_sent < 28, false) from '{self.file("contact_kpis", date)}' n
            left join '{self.file("relationship_health", later[28])}' l on record_type = 'contact' and record_id = contact_id""")

    def foretold(self, chance, date, query):
        self.chances[chance] += [case for case in self.con.sql(query).fetchall() if case[0] is not None]

    def note(self, counts, date, fault):
        if fault:
            counts["faults"] += 1
            self.faults.append(f"{self.name}, {date}: {fault}")

    def read_sentences(self, date):
        kpis = {(of_type, row[f"{of_type}_id"]): row for of_type in TYPES for row in self.table(f"{of_type}_kpis", date)}
        similar = {row["opportunity_id"]: row for row in self.table("opportunity_benchmarks", date, where="state = 'similar'")}
        hours = defaultdict(lambda: ([], []))
        for row in self.rows(f"""select record_type, record_id, direction, response_hours from '{self.file("interactions", date)}'
                join '{self.file("interaction_records", date)}' using (interaction_id) where response_hours is not null"""):
            hours[row["record_type"], row["record_id"]][row["direction"] == "outbound"].append(row["response_hours"])
        for row in self.table("summaries", date, where="language = 'en'"):
            key = row["record_type"], row["record_id"]
            wrong = rejected(row["sentence"], kpis[key], hours[key], similar.get(key[1]))
            self.sentences.update(["sentences"] if wrong is None else ["sentences", "all"])
            self.note(self.sentences, date, f"may be chance: {row['sentence']}" if wrong else None)


def share(counts):
    return f"{counts['faults'] / max(counts['all'], 1):.4f} of {counts['all']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lakes", nargs="*")
    parser.add_argument("--rapport", default=os.path.join(REPOSITORY, "target/release/rapport"))
    parser.add_argument("--dates", type=int, default=10)
    parser.add_argument("--work", help="keeps what was published, so that a second study is quick")
    parser.add_argument("--rivals", action="store_true", help="cargo bench --bench foretell, too")
    args = parser.parse_args()
    beside = [os.path.join(BESIDE, name) for name in sorted(os.listdir(BESIDE))] if os.path.isdir(BESIDE) else []
    lakes, work = args.lakes or [SAMPLE, *beside], args.work or tempfile.mkdtemp(prefix="believable-")
    studies = []
    for lake in lakes:
        studies.append(Study(args, lake, work))
        for date in studies[-1].dates:
            studies[-1].of_date(date)
        print(f"{studies[-1].name}: {len(studies[-1].dates)} dates", file=sys.stderr)
    print("| lake | record type | in touch within 90 days | " + " | ".join(STATES) + " | others with a score | " + " | ".join(STATES) + " |")
    print("|---|---|" + "---|" * 10)
    for one in studies:
        for of_type in [*TYPES, "all"]:
            cells = []
            for lively in (True, False):
                counts = sum((one.states[key, lively] for key in (TYPES if of_type == "all" else [of_type])), Counter())
                total = counts.total()
                cells += [str(total)] + [f"{100 * counts[state] / max(total, 1):.0f} %" for state in STATES]
            print(f"| {one.name} | {of_type} | " + " | ".join(cells) + " |")
    print("\n| lake | sentences | comparisons that may be chance | reasons contradicted | first suggestions one-way | "
          "contact_chance_30d: cases, came true, error | two_way_chance_28d: cases, came true, error |\n|---|---|---|---|---|---|---|")
    for one in studies:
        chances = [f"{len(cases)}, {sum(true for _, true in cases)}, {calibration_error(cases):.3f}" if cases else "too young"
                   for cases in one.chances.values()]
        print(f"| {one.name} | {one.sentences['sentences']} | {share(one.sentences)} | {share(one.reasons)} | "
              f"{share(one.suggestions)} | {' | '.join(chances)} |")
    faults = [fault for one in studies for fault in one.faults]
    print("\n".join(["", *faults[:200]]))
    if args.rivals:
        subprocess.run(["cargo", "bench", "--locked", "--bench", "foretell", "--", *map(os.path.abspath, lakes)], check=True, cwd=REPOSITORY)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
