//! The README of the sample: settings that fit, tables, and where each awkward case lies.

use std::fmt::Write;

use crate::awkward::FILE_CASES;
use crate::awkward::plants::Plants;
use crate::settings::{COMPANY, COMPANY_DOMAIN};
use crate::write::lake::Lake;

pub fn text(lake: &Lake, plants: &Plants) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(
        out,
        "# Sample lake\n\n\
         Two years of the sales life of {COMPANY}, a company that does not exist: every person, company and mail is\n\
         invented. It ends on 2026-03-31; besides ordinary days it holds every awkward case of the rules.\n\n\
         `jobs/rapport.toml` has its settings: time zone `Europe/Stockholm`, company domain\n\
         `{COMPANY_DOMAIN}`, consent given, mailboxes of everyone (unselected roles show with `selected_roles`). The company's\n\
         seat, SE, is not among the supported regions: its mailboxes are not used unless `regions` says so.\n\n\
         ```sh\n\
         cargo run --release -- run --as-of 2026-03-31\n\
         ```\n\n\
         Lake and README were made by the generator of the benchmarks, and are made again, byte for byte, by\n\n\
         ```sh\n\
         rm -r sample_data/lake\n\
         cargo run --release --example make_lake -- --sample --out sample_data\n\
         ```\n\n\
         ## Tables\n\n\
         | table | files | rows in files |\n|---|---|---|"
    )?;
    for (table, (files, rows)) in &lake.written {
        writeln!(out, "| {table} | {files} | {rows} |")?;
    }
    writeln!(
        out,
        "\n## Cases that whole files show\n\n\
         `opportunity` also has two custom columns, `new_product` and `new_segment`.\n\n\
         | rule | case | where |\n|---|---|---|"
    )?;
    for (rule, what, place) in FILE_CASES {
        writeln!(out, "| {rule} | {what} | {place} |")?;
    }
    writeln!(
        out,
        "\n## Planted cases\n\n\
         Rows carry the case's number in their subject or name (`Case 017`). Most happen in March 2026 between the\n\
         colleagues Pia and Per Prövare and the contacts Rut and Ove Käll of the account Provhamn Handel.\n\n\
         | case | rule | what | where |\n|---|---|---|---|"
    )?;
    for case in &plants.cases {
        writeln!(out, "| {:03} | {} | {} | {} |", case.number, case.rule, case.what, case.place)?;
    }
    Ok(out)
}
