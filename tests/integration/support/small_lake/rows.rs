//! The rows of the small lake's Dataverse and control tables.

use polars::prelude::*;

pub fn guid(number: u32) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

/// Microseconds in UTC, as exports write them; an empty text is null.
pub fn instants(name: &str, texts: &[&str]) -> Column {
    let micros = |text: &&str| chrono::DateTime::parse_from_rfc3339(text).ok().map(|t| t.timestamp_micros());
    let column = Column::new(name.into(), texts.iter().map(micros).collect::<Vec<_>>());
    column.cast(&DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))).unwrap()
}

fn texts(name: &str, texts: &[&str]) -> Column {
    Column::new(name.into(), texts.iter().map(|text| (!text.is_empty()).then_some(*text)).collect::<Vec<_>>())
}

fn ids(name: &str, numbers: &[u32]) -> Column {
    Column::new(name.into(), numbers.iter().map(|&n| (n > 0).then(|| guid(n))).collect::<Vec<_>>())
}

fn ints(name: &str, numbers: &[i32]) -> Column {
    Column::new(name.into(), numbers)
}

/// Adds the export's columns; the last row was deleted when `deleted` says so.
fn table(columns: Vec<Column>, deleted: bool) -> DataFrame {
    let rows = columns[0].len();
    let modified = vec!["2026-03-31T20:00:00Z"; rows];
    let mut all = vec![columns[0].clone().with_name("Id".into()), instants("SinkModifiedOn", &modified)];
    all.push(Column::new("versionnumber".into(), (1..=rows as i64).collect::<Vec<_>>()));
    let flags: Vec<Option<bool>> = (1..=rows).map(|row| (deleted && row == rows).then_some(true)).collect();
    all.push(Column::new("IsDelete".into(), flags));
    all.splice(0..0, columns);
    DataFrame::new(rows, all).unwrap()
}

/// Colleagues 1 and 2; account 10; contacts 11 and 12; lead 13; opportunities 14 (open) and 15 (won).
pub(super) fn dataverse() -> Vec<(&'static str, DataFrame)> {
    let created = |rows: usize| instants("createdon", &vec!["2025-06-01T08:00:00Z"; rows]);
    vec![
        (
            "account",
            table(
                vec![
                    ids("accountid", &[10]),
                    texts("name", &["Kund AB"]),
                    ids("primarycontactid", &[11]),
                    ids("ownerid", &[1]),
                    created(1),
                ],
                false,
            ),
        ),
        (
            "contact",
            table(
                vec![
                    ids("contactid", &[11, 12, 16]),
                    texts("fullname", &["Carl Kund", "Dora Kund", "Gone Kund"]),
                    texts("emailaddress1", &["carl@kund.example", "dora@kund.example", "gone@kund.example"]),
                    ids("parentcustomerid", &[10, 10, 10]),
                    texts("parentcustomerid_entitytype", &["account"; 3]),
                    ids("ownerid", &[1, 2, 1]),
                    ints("statecode", &[0, 0, 0]),
                    created(3),
                ],
                true,
            ),
        ),
        (
            "lead",
            table(
                vec![
                    ids("leadid", &[13]),
                    texts("fullname", &["Eva Prospekt"]),
                    texts("emailaddress1", &["eva@prospekt.example"]),
                    ids("ownerid", &[2]),
                    ints("statecode", &[0]),
                    created(1),
                ],
                false,
            ),
        ),
        (
            "opportunity",
            table(
                vec![
                    ids("opportunityid", &[14, 15]),
                    texts("name", &["Big deal", "Old deal"]),
                    ids("customerid", &[10, 10]),
                    texts("customerid_entitytype", &["account"; 2]),
                    ids("parentcontactid", &[11, 12]),
                    ids("ownerid", &[1, 2]),
                    ints("statecode", &[0, 1]),
                    texts("actualclosedate", &["", "2026-03-15"]).cast(&DataType::Date).unwrap(),
                    created(2),
                ],
                false,
            ),
        ),
        (
            "systemuser",
            table(
                vec![
                    ids("systemuserid", &[1, 2]),
                    texts("fullname", &["Anna Nordwind", "Bo Nordwind"]),
                    texts("internalemailaddress", &["anna@nordwind.example", "bo@nordwind.example"]),
                    ids("azureactivedirectoryobjectid", &[21, 22]),
                    Column::new("isdisabled".into(), [false, false]),
                ],
                false,
            ),
        ),
        ("role", table(vec![ids("roleid", &[30]), texts("name", &["Salesperson"])], false)),
        (
            "systemuserroles",
            table(vec![ids("systemuserid", &[1, 2]), ids("roleid", &[30, 30])], false).drop("Id").unwrap(),
        ),
        (
            "email",
            table(
                vec![
                    ids("activityid", &[41, 42, 43, 44]),
                    texts(
                        "subject",
                        &["Offer for the winter tyres", "Re: Offer for the winter tyres", "Hello", "Deleted"],
                    ),
                    ints("statecode", &[1, 1, 1, 1]),
                    ints("statuscode", &[3, 4, 3, 3]),
                    Column::new("directioncode".into(), [true, false, true, true]),
                    instants(
                        "senton",
                        &[
                            "2026-03-10T09:00:00Z",
                            "2026-03-10T11:30:00Z",
                            "2026-03-12T08:00:00Z",
                            "2026-03-13T08:00:00Z",
                        ],
                    ),
                    instants(
                        "createdon",
                        &[
                            "2026-03-10T09:00:00Z",
                            "2026-03-10T11:30:00Z",
                            "2026-03-12T08:00:00Z",
                            "2026-03-13T08:00:00Z",
                        ],
                    ),
                    ids("regardingobjectid", &[14, 0, 0, 0]),
                    texts("regardingobjectid_entitytype", &["opportunity", "", "", ""]),
                    ids("ownerid", &[1, 1, 2, 1]),
                    texts(
                        "messageid",
                        &[
                            "<m1@nordwind.example>",
                            "<m2@kund.example>",
                            "<m3@nordwind.example>",
                            "<m4@nordwind.example>",
                        ],
                    ),
                    texts("inreplyto", &["", "<m1@nordwind.example>", "", ""]),
                    Column::new("isemailfollowed".into(), [true, false, false, false]),
                    ints("opencount", &[2, 0, 0, 0]),
                    ints("replycount", &[1, 0, 0, 0]),
                ],
                true,
            ),
        ),
        (
            "appointment",
            table(
                vec![
                    ids("activityid", &[45, 46]),
                    texts("subject", &["Kick-off", "Follow-up"]),
                    ints("statecode", &[1, 3]),
                    instants("scheduledstart", &["2026-03-20T09:00:00Z", "2026-04-10T09:00:00Z"]),
                    instants("scheduledend", &["2026-03-20T10:00:00Z", "2026-04-10T10:00:00Z"]),
                    ints("scheduleddurationminutes", &[60, 60]),
                    Column::new("isalldayevent".into(), [false, false]),
                    texts("globalobjectid", &["040000008200E0AA", ""]),
                    ids("regardingobjectid", &[14, 14]),
                    ids("ownerid", &[1, 1]),
                    created(2),
                ],
                false,
            ),
        ),
        (
            "phonecall",
            table(
                vec![
                    ids("activityid", &[47]),
                    texts("subject", &["Call"]),
                    ints("statecode", &[1]),
                    Column::new("directioncode".into(), [true]),
                    instants("actualend", &["2026-03-21T09:20:00Z"]),
                    ints("actualdurationminutes", &[20]),
                    created(1),
                ],
                false,
            ),
        ),
        (
            "task",
            table(
                vec![
                    ids("activityid", &[48]),
                    texts("subject", &["Prepare"]),
                    ints("statecode", &[1]),
                    instants("actualend", &["2026-03-22T09:20:00Z"]),
                    ints("actualdurationminutes", &[30]),
                    ids("regardingobjectid", &[14]),
                    created(1),
                ],
                false,
            ),
        ),
        ("activityparty", parties()),
    ]
}

fn parties() -> DataFrame {
    let rows: [(u32, u32, &str, i32); 12] = [
        (41, 1, "systemuser", 1),
        (41, 11, "contact", 2),
        (42, 11, "contact", 1),
        (42, 1, "systemuser", 2),
        (43, 2, "systemuser", 1),
        (43, 13, "lead", 2),
        (45, 1, "systemuser", 7),
        (45, 12, "contact", 5),
        (46, 1, "systemuser", 7),
        (46, 11, "contact", 5),
        (47, 1, "systemuser", 1),
        (47, 11, "contact", 2),
    ];
    let numbers: Vec<u32> = (101..).take(rows.len()).collect();
    table(
        vec![
            ids("activitypartyid", &numbers),
            ids("activityid", &rows.map(|row| row.0)),
            ids("partyid", &rows.map(|row| row.1)),
            texts("partyid_entitytype", &rows.map(|row| row.2)),
            Column::full_null("addressused".into(), rows.len(), &DataType::String),
            ints("participationtypemask", &rows.map(|row| row.3)),
        ],
        false,
    )
}

pub(super) fn control() -> Vec<(&'static str, DataFrame)> {
    let day = texts("effective_from", &["2026-03-30"]).cast(&DataType::Date).unwrap();
    vec![
        ("opt_outs", DataFrame::new(1, vec![texts("principal", &["bo@nordwind.example"]), day]).unwrap()),
        (
            "erasures",
            DataFrame::new(1, vec![texts("kind", &["address"]), texts("principal", &["gone@kund.example"])]).unwrap(),
        ),
        (
            "aliases",
            DataFrame::new(1, vec![texts("address", &["dora.private@mail.example"]), ids("contactid", &[12])]).unwrap(),
        ),
    ]
}
