#!/usr/bin/env python3
"""What the similarity of deals foretells, beside logistic regression and plain Gower distance.

    python3 benches/similar_deals/study.py --deals ../shared/data/deals/maven
    python3 benches/similar_deals/study.py --deals bids.csv --closed "Deal Date" --outcome Status --won Won --value Cost

Deals are a folder with the four tables of the Maven CRM sales set, or one CSV or Parquet file with a
row per closed deal: columns `id`, `created`, `closed` (dates), `won` (or an outcome), `value`, each of
which can be named otherwise by an option and of which only a date and the outcome are needed; every
other column is a factor. The deals that closed first (70 %) are history, the others are foretold.

Needs polars, numpy, pandas, scikit-learn and gower. Runs the engine through cargo.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import polars as pl

HERE = pathlib.Path(__file__).resolve().parent
GIVEN = ["id", "created", "closed", "won", "value"]


def maven(folder):
    read = lambda name: pl.read_csv(folder / f"{name}.csv")
    deals = read("sales_pipeline").with_columns(pl.col("product").replace("GTXPro", "GTX Pro"))
    deals = deals.filter(pl.col("deal_stage").is_in(["Won", "Lost"]))
    for table, key in [("accounts", "account"), ("products", "product"), ("sales_teams", "sales_agent")]:
        deals = deals.join(read(table), on=key, how="left", maintain_order="left")
    won = pl.col("deal_stage") == "Won"
    return deals.select(
        id="opportunity_id",
        created=pl.col("engage_date").str.to_date(),
        closed=pl.col("close_date").str.to_date(),
        won=won,
        value=pl.when(won).then("close_value").cast(pl.Float64),
        *["sales_agent", "product", "account", "sector", "office_location", "subsidiary_of", "series", "manager"],
        *["regional_office", "year_established", "revenue", "employees", "sales_price"],
    )


def simple(path, options):
    deals = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    closed = date(deals[options.closed])
    created = date(deals[options.created]) if options.created in deals.columns else pl.Series([None] * len(deals), dtype=pl.Date)
    outcome = deals[options.outcome]
    won = outcome if outcome.dtype == pl.Boolean else outcome.cast(pl.String).str.strip_chars().str.to_lowercase() == options.won.lower()
    value = deals[options.value].cast(pl.Float64, strict=False) if options.value in deals.columns else [None] * len(deals)
    ids = deals[options.id].cast(pl.String) if options.id in deals.columns else [f"{n:09}" for n in range(len(deals))]
    named = pl.DataFrame({"id": ids, "created": created, "closed": closed, "won": won, "value": value}, schema_overrides={"value": pl.Float64})
    used = [options.id, options.created, options.closed, options.outcome] + options.leave_out
    # What a deal was worth in the end is no factor; a value that is known from the start is one.
    used += [] if options.value_is_factor else [options.value]
    factors = deals.select([name for name in deals.columns if name not in used])
    factors = factors.rename({name: f"{name}_" for name in factors.columns if name in GIVEN})
    return named.hstack(factors).filter(pl.col("closed").is_not_null())


def date(series):
    if series.dtype == pl.String:
        for pattern in ["%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%m/%d/%Y", "%d.%m.%Y"]:
            parsed = series.str.strip_chars().str.to_date(pattern, strict=False)
            if parsed.null_count() <= series.null_count() + len(series) // 100:
                return parsed
        sys.exit(f"column {series.name}: no dates such as 2026-03-31")
    return series.cast(pl.Date)


def engine(deals, folder, history):
    deals.write_parquet(folder / "deals.parquet")
    command = ["cargo", "run", "--quiet", "--release", "--example", "similar_deals_study", "--"]
    if history.binary:
        command = [history.binary]
    command += ["--deals", folder / "deals.parquet", "--out", folder / "forecasts.parquet"]
    command += ["--distances", folder / "distances.parquet", "--history", str(history.history)]
    subprocess.run(command, check=True, cwd=HERE.parent.parent)
    return pl.read_parquet(folder / "forecasts.parquet"), pl.read_parquet(folder / "distances.parquet")


def split(deals, share):
    deals = deals.sort(["closed", "created", "id"], maintain_order=True)
    day = deals["closed"][int(len(deals) * share)]
    return deals.filter(pl.col("closed") < day), deals.filter(pl.col("closed") >= day)


def kinds(deals):
    factors = [name for name in deals.columns if name not in GIVEN]
    numbers = [name for name in factors if deals[name].dtype.is_numeric()]
    return numbers, [name for name in factors if name not in numbers]


def logistic(history, test):
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers, choices = kinds(history)
    prepare = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), choices), (StandardScaler(), numbers))
    medians = {name: history[name].median() or 0 for name in numbers}
    frame = lambda deals: deals.select(
        *[pl.col(name).cast(pl.Float64).fill_null(medians[name]) for name in numbers],
        *[pl.col(name).cast(pl.String).fill_null("unknown") for name in choices],
    ).to_pandas()
    model = make_pipeline(prepare, LogisticRegression(max_iter=5000)).fit(frame(history), history["won"].to_numpy())
    return model.predict_proba(frame(test))[:, 1]


def gower_difference(deals, history, test, distances):
    """Greatest difference between our unweighted distances and those of Python's gower."""
    from gower import gower_dist

    numbers, choices = kinds(deals)
    full = deals.filter(pl.all_horizontal(pl.col(numbers).is_not_null())) if numbers else deals
    if len(full) < len(deals):
        return None  # gower has no distance to what is unknown
    number = lambda frame: frame.select(pl.col(numbers).cast(pl.Float64)).to_numpy()
    choice = lambda frame: frame.select(pl.col(choices).cast(pl.String).fill_null("unknown")).to_numpy()
    low, high = number(deals).min(0), number(deals).max(0)
    # gower takes its ranges in 32 bits; its own distance function gets them in 64 here.
    scale = np.where(high > low, high - low, 1)
    a_cat, b_cat = choice(history).astype(object), choice(test[: distances.width]).astype(object)
    a_num, b_num = (number(history) - low) / scale, (number(test[: distances.width]) - low) / scale
    weights = np.ones(len(numbers) + len(choices))
    worst = 0.0
    for at in range(distances.width):
        theirs = gower_dist.gower_get(
            b_cat[at], b_num[at], a_cat, a_num, weights[: len(choices)], weights[: len(numbers)],
            weights.sum(), None, np.ones(len(numbers)), np.ones(len(numbers)),
        )
        worst = max(worst, np.abs(theirs.astype(float) - distances[str(at)].to_numpy()).max())
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=pathlib.Path, required=True)
    for name in ["id", "created", "closed", "value"]:
        parser.add_argument(f"--{name}", default=name, metavar="COLUMN")
    parser.add_argument("--outcome", default="won", metavar="COLUMN")
    parser.add_argument("--won", default="true", metavar="VALUE", help="what the outcome of a won deal is")
    parser.add_argument("--value-is-factor", action="store_true", help="the value is known from the start")
    parser.add_argument("--leave-out", action="append", default=[], metavar="COLUMN")
    parser.add_argument("--history", type=float, default=0.7)
    parser.add_argument("--binary", help="the engine's example, when it is built already")
    options = parser.parse_args()
    from sklearn.metrics import roc_auc_score

    deals = maven(options.deals) if options.deals.is_dir() else simple(options.deals, options)
    # A number is a measure to all contenders, whatever its type.
    deals = deals.with_columns(pl.selectors.numeric().cast(pl.Float64))
    history, test = split(deals, options.history)
    with tempfile.TemporaryDirectory() as folder:
        found, distances = engine(deals, pathlib.Path(folder), options)
    won = found["won"].to_numpy()
    assert found["id"].to_list() == test["id"].to_list()
    print(f"{len(history)} deals of history ({history['won'].mean():.3f} won), {len(test)} foretold, from {test['closed'][0]} on\n")
    counts = [10, 25, 50, 100, 200]
    heads = " | ".join(map(str, counts[1:]))
    print(f"| AUC of the outcome | number chosen on history | share of won among {counts[0]} | {heads} |")
    print("|---|---|" + "---|" * len(counts))
    for name, label in [("learned", "similarity as learned"), ("gower", "plain Gower")]:
        auc = {k: f"{roc_auc_score(won, found[f'{name}_share_{k}']):.4f}" for k in counts}
        chosen = found[f"{name}_chosen"][0]
        print(f"| {label} | {chosen}: {auc[chosen]} | " + " | ".join(auc.values()) + " |")
    print(f"| logistic regression | {roc_auc_score(won, logistic(history, test)):.4f} |" + " |" * len(counts))

    similar = found.filter("won")
    for column, label in [("value", "value"), ("days", "days to close")]:
        known = similar.filter(pl.col(column).is_not_nan())
        if len(known) == 0:
            continue
        earlier = history.filter("won")
        truth = known[column].to_numpy()
        all_won = earlier["value"] if column == "value" else (earlier["closed"] - earlier["created"]).dt.total_days()
        print(f"\n| mean absolute error of the {label} | median of {counts[0]} won | {heads} |\n|---|" + "---|" * len(counts))
        error = lambda forecast: f"{np.nanmean(np.abs(forecast - truth)):.2f}"
        for name, method in [("learned", "similarity as learned"), ("gower", "plain Gower")]:
            print(f"| {method} | " + " | ".join(error(known[f"{name}_{column}_{k}"].to_numpy()) for k in counts) + " |")
        print(f"| all won deals | {error(all_won.median())} |" + " |" * (len(counts) - 1))
    difference = gower_difference(deals, history, test, distances)
    if difference is not None:
        print(f"\nUnweighted distances differ from Python's gower by at most {difference:.1e}")


if __name__ == "__main__":
    main()
