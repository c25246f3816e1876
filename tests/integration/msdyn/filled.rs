//! Tables of the original: their columns as documented, their values as worked out by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use polars::prelude::*;
use rapport::msdyn;
use rapport::msdyn::page;
use rapport::table::ColumnType;
use serde_json::{Value, json};

use crate::support::installed::python;
use crate::support::lake::Row;
use crate::support::published_golden::{AS_OF, Golden, read};

const ACME: &str = "b0000001-0000-4000-8000-000000000000";
const DEAL: &str = "e0000001-0000-4000-8000-000000000000";
const XENA: &str = "c0000001-0000-4000-8000-000000000000";
const CARL: &str = "c0000002-0000-4000-8000-000000000000";

#[track_caller]
fn holds(row: &Row, expected: Value) {
    for (column, value) in expected.as_object().unwrap() {
        assert_eq!(row.get(column), Some(value), "{column}");
    }
}

/// Name and type of every column, written down from the reference.
fn documented() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("schema.txt");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut table = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => table = name.to_string(),
            None => tables.entry(table.clone()).or_default().push(line.to_string()),
        }
    }
    tables
}

fn type_name(dtype: &DataType) -> &'static str {
    let types = [
        ColumnType::Text,
        ColumnType::Int64,
        ColumnType::Float64,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Timestamp,
        ColumnType::Decimal,
    ];
    types.into_iter().find(|one| one.to_polars() == *dtype).map_or("another type", ColumnType::name)
}

#[test]
fn every_documented_column_is_there_in_type_and_order() {
    let golden = Golden::published(AS_OF);
    let said = golden.ends(0, "msdyn", &[]);
    let documented = documented();
    assert_eq!(documented.len(), 13);
    for (table, columns) in &documented {
        let frame = golden.filled(table);
        let found: Vec<String> =
            frame.columns().iter().map(|one| format!("{} {}", one.name(), type_name(one.dtype()))).collect();
        assert_eq!(&found, columns, "{table}");
        assert!(said.contains(table.as_str()), "{said}");
    }
    assert_eq!(msdyn::tables().len(), documented.len());
}

#[test]
fn kpis_of_an_account_and_of_a_deal_are_those_worked_out_by_hand() {
    let golden = Golden::published(AS_OF);
    golden.ends(0, "msdyn", &[]);
    let account = golden.row("msdyn_accountkpiitem", "Id", ACME);
    holds(
        &account,
        json!({
            "msdyn_accountkpiitemid": ACME, "msdyn_name": "Acme", "msdyn_accountid": ACME,
            "msdyn_accountid_entitytype": "account", "msdyn_accountidname": "Acme", "_msdyn_accountid_value": ACME,
            // The day in Stockholm, in UTC.
            "msdyn_date": "2026-03-30T22:00", "msdyn_acilastupdatetimestamp": "2026-03-31T22:00",
            "msdyn_computationaccuracy": 100_000_000, "msdyn_computationaccuracyname": "Complete",
            "msdyn_emailssent": 9, "msdyn_emailsreceived": 3, "msdyn_meetingssent": 2, "msdyn_meetingsreceived": 1,
            "msdyn_phonecallsmade": 1, "msdyn_phonecallsreceived": 0, "msdyn_liemailssent": 0,
        }),
    );
    holds(
        &account,
        json!({
            // 1 of 3, 1 of 4.
            "msdyn_responseratebyus": 0.33, "msdyn_responseratebythem": 0.25,
            "msdyn_averagefirstresponsetimebyusinhrs": 3.0, "msdyn_averagefirstresponsetimebytheminhrs": 48.0,
            // 274.5 and 199.5 minutes: 4.575 and 3.325 hours.
            "msdyn_timespentbyteam": 275, "msdyn_timespentbycustomer": 200,
            "msdyn_timespentbyteam_calculated": 4.6, "msdyn_timespentbycustomer_calculated": 3.3,
            "msdyn_facetimewithcustomer": 150,
            "msdyn_openedemails": 0.5, "msdyn_emaillinksclicked": 0.0, "msdyn_emailattachmentopens": 0.5,
            // The original has no health of accounts.
            "msdyn_relationshiphealthscorevalue": null, "msdyn_relationshiphealthscorestate": null,
            "msdyn_relationshiphealthscorestatename": null,
            "msdyn_relationshiphealthtrend": 5, "msdyn_relationshiphealthtrendname": "Health not applicable",
            "statecode": 0, "statecodename": "Active", "statuscode": 1, "statuscodename": "Active",
            "createdon": "2026-03-31T22:00", "createdby": null, "PartitionId": "2026", "IsDelete": null,
            "versionnumber": 1_774_994_400_000_000_i64,
        }),
    );
    let deal = golden.row("msdyn_opportunitykpiitem", "msdyn_opportunityid", DEAL);
    holds(
        &deal,
        json!({
            "msdyn_emailssent": 5, "msdyn_timespentbyteam": 255, "msdyn_timespentbyteam_calculated": 4.2,
            "msdyn_lastactivitybyteam": "2026-03-20T12:00", "msdyn_lastactivityid": "f1000005-0000-4000-8000-000000000000",
            "msdyn_lastactivitytype": "email", "msdyn_lastactivitydirection": 1,
            "msdyn_lastactivitydirectionname": "Outgoing",
            "msdyn_nextactivitybyteam": "2026-04-05T10:00", "msdyn_nextactivitytype": "phonecall",
            "msdyn_nextactivitydirectionname": "Outgoing",
        }),
    );
    // Hours of the customer have two digits on contacts, one elsewhere.
    let contact = golden.row("msdyn_contactkpiitem", "Id", XENA);
    holds(&contact, json!({"msdyn_emailssent": 4, "msdyn_numberofopportunities": null}));
    let health = read(&golden.out().join("current/contact_kpis.parquet"));
    let ids = health.column("contact_id").unwrap().str().unwrap();
    let at = ids.iter().position(|id| id == Some(XENA)).unwrap();
    let score = health.column("health_score").unwrap().f64().unwrap().get(at).unwrap();
    assert_eq!(contact["msdyn_relationshiphealthscorevalue"], json!((score + 0.5).floor() as i64));
}

#[test]
fn days_top_contacts_and_introducers_are_those_of_our_tables() {
    let golden = Golden::published(AS_OF);
    golden.ends(0, "msdyn", &[]);
    let days = golden.rows("msdyn_dailycontactkpiitem");
    let day =
        days.iter().find(|row| row["msdyn_contactid"] == CARL && row["msdyn_date"] == "2026-03-13T00:00").unwrap();
    holds(
        day,
        json!({
            "msdyn_emailssent": 0, "msdyn_meetingssent": 1, "msdyn_entityid": CARL,
            "msdyn_entityid_entitytype": "contact", "msdyn_computationaccuracyname": "Complete",
        }),
    );
    let top = golden.rows("msdyn_mostcontacted");
    let first = top
        .iter()
        .find(|row| row["msdyn_regardingentityid"] == ACME && row["msdyn_entityid"] == XENA)
        .expect("Acme's contact is among its first three");
    holds(
        first,
        json!({
            "msdyn_entityname": "contact", "msdyn_regardingentityname": "account",
            "msdyn_account_regardingobjectid": ACME, "msdyn_account_regardingobjectidname": "Acme",
            "msdyn_account_regardingobjectid_entitytype": "account",
            "msdyn_lead_regardingobjectid": null, "msdyn_lead_regardingobjectid_entitytype": null,
            "msdyn_numberofemails": 6, "msdyn_numberofmeetings": 3, "msdyn_numberofphonecalls": 0,
            "msdyn_numberofinmails": 0, "msdyn_lastcontactedon": "2026-03-20T12:00:00Z",
        }),
    );
    let colleagues = golden.rows("msdyn_mostcontactedby");
    assert!(colleagues.iter().all(|row| row["msdyn_entityname"] == "systemuser"));
    assert!(!colleagues.is_empty() && colleagues[0].get("msdyn_lastcontactedby").is_none());

    let known = golden.rows("msdyn_wkwcolleaguesforcontact");
    let strongest = known
        .iter()
        .filter(|row| row["msdyn_introduced_entity_id"] == XENA)
        .max_by(|one, other| one["msdyn_score"].as_f64().unwrap().total_cmp(&other["msdyn_score"].as_f64().unwrap()))
        .unwrap();
    holds(
        strongest,
        json!({
            "msdyn_introducer_systemuserid": "a0000001-0000-4000-8000-000000000000",
            "msdyn_introducer_systemuserid_entitytype": "systemuser",
            "msdyn_last_interaction_datetime": "2026-03-20T12:00", "msdyn_last_interaction_type": "email",
            "msdyn_last_interaction_dataflow": "Outgoing",
        }),
    );
    // Ids of what has none of its own are the same in every run, and no two rows share one.
    let again = Golden::published(AS_OF);
    again.ends(0, "msdyn", &[]);
    for table in ["msdyn_dailycontactkpiitem", "msdyn_mostcontacted", "msdyn_wkwcolleaguesforcompany"] {
        assert_eq!(golden.rows(table), again.rows(table), "{table}");
        let ids: std::collections::BTreeSet<String> =
            golden.rows(table).iter().map(|row| row["Id"].as_str().unwrap().to_string()).collect();
        assert_eq!(ids.len(), golden.rows(table).len());
        assert!(ids.iter().all(|id| id.len() == 36 && &id[14..15] == "8"), "{ids:?}");
    }
}

#[test]
fn a_table_holds_one_day_and_the_same_bytes_again() {
    let golden = Golden::published("2026-03-30");
    golden.ends(0, "msdyn", &[]);
    golden.run(AS_OF);
    golden.ends(0, "msdyn", &[]);
    let folder = golden.out().join("msdyn/msdyn_accountkpiitem");
    let partitions = || -> Vec<String> {
        let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        entries.filter(|name| name.contains('=')).collect()
    };
    assert_eq!(partitions(), [format!("as_of_date={AS_OF}")]);
    let file = golden.out().join("msdyn/current/msdyn_accountkpiitem.parquet");
    let bytes = fs::read(&file).unwrap();
    golden.ends(0, "msdyn", &["--as-of", AS_OF]);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    // Also where an older day is asked for.
    golden.ends(0, "msdyn", &["--as-of", "2026-03-30"]);
    assert_eq!(partitions(), ["as_of_date=2026-03-30"]);
    let row = golden.row("msdyn_accountkpiitem", "Id", ACME);
    assert_eq!(row["msdyn_acilastupdatetimestamp"], "2026-03-30T22:00");
}

#[test]
fn other_programs_read_decimals_and_delta_tables() {
    let golden = Golden::published(AS_OF);
    golden.ends(0, "msdyn", &[]);
    let delta = golden.folder("delta");
    golden.ends(0, "msdyn", &["--set", "format=delta", "--to", delta.to_str().unwrap()]);
    let Some(mut python) = python() else { return };
    let script = "import sys, duckdb, polars\n\
        plain, delta = sys.argv[1:]\n\
        sql = \"select msdyn_timespentbyteam_calculated::varchar, typeof(msdyn_responseratebyus), msdyn_responseratebyus = 0.33 from {} where msdyn_name = 'Acme'\"\n\
        print(duckdb.sql(sql.format(f\"'{plain}'\")).fetchone())\n\
        row = polars.read_delta(delta).filter(polars.col('msdyn_name') == 'Acme')\n\
        print(row['msdyn_responseratebyus'].dtype, row['msdyn_responseratebyus'][0], row.height)\n";
    let plain = golden.out().join("msdyn/current/msdyn_accountkpiitem.parquet");
    let output = python.args(["-c", script]).arg(plain).arg(delta.join("msdyn_accountkpiitem")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        ["('4.600000000000000000', 'DECIMAL(38,18)', True)", "Decimal(precision=38, scale=18) 0.330000000000000000 1"]
    );
}

#[test]
fn what_cannot_be_filled_is_said() {
    let golden = Golden::published(AS_OF);
    let said = golden.ends(0, "msdyn", &["--as-of", AS_OF]);
    assert!(said.starts_with("tables of Dynamics 365 Sales as of 2026-03-31: in "), "{said}");
    golden.ends(2, "msdyn", &["--as-of", "2026-03-01"]);
    let lake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lake/dataverse/more");
    let refused = golden.ends(2, "msdyn", &["--to", lake.to_str().unwrap()]);
    assert!(refused.contains("lie in each other") && !lake.exists(), "{refused}");
    // Without the other jobs their tables are left as they are.
    fs::remove_dir_all(golden.out().join("who_knows_whom")).unwrap();
    let said = golden.ends(0, "msdyn", &["--as-of", AS_OF]);
    let line = "left as it is: msdyn_wkwcolleaguesforcontact, for who_knows_whom is not published as of 2026-03-31";
    assert!(said.contains(line), "{said}");
}

#[test]
fn the_page_is_what_the_code_declares() {
    let originals: Vec<_> = msdyn::tables().iter().map(|filled| filled.original.clone()).collect();
    let written = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/MSDYN.md")).unwrap();
    let hint = "write it anew: rapport msdyn --markdown > jobs/MSDYN.md";
    assert!(written == page::markdown(&originals), "jobs/MSDYN.md is not what the code declares; {hint}");
    let printed = Command::new(env!("CARGO_BIN_EXE_rapport")).args(["msdyn", "--markdown"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&printed.stdout), written);
}
