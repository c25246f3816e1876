//! People type several addresses into one field of a contact, a lead or a colleague: each is theirs (rules P1, P3, C4).

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::support::small_lake::*;

const ARGUMENTS: [&str; 2] = ["--set", "consent=true"];
/// Dora, who writes from the second.
const ADDRESSES: [&str; 2] = ["dora@kund.example", "dora.private@mail.example"];

/// A lake in which nothing but Dora's contact tells of her second address.
fn lake(first: &str, second: Option<&str>) -> SmallLake {
    let lake = SmallLake::new();
    lake.remove("aliases");
    lake.change("contact", |mut frame| {
        let firsts = frame.column("emailaddress1").unwrap().str().unwrap().iter();
        let firsts: StringChunked =
            firsts.map(|text| if text == Some(ADDRESSES[0]) { Some(first) } else { text }).collect();
        let seconds = firsts.iter().map(|text| second.filter(|_| text == Some(first))).collect::<StringChunked>();
        frame.with_column(firsts.with_name("emailaddress1".into()).into_column()).unwrap();
        frame.with_column(seconds.with_name("emailaddress2".into()).into_column()).unwrap();
        frame
    });
    lake
}

fn erase(lake: &SmallLake, kind: &str, principal: &str) {
    lake.change("erasures", |frame| {
        let columns = frame.columns().iter().map(|column| match column.name().as_str() {
            "kind" => Column::new("kind".into(), [kind]),
            "principal" => Column::new("principal".into(), [principal]),
            _ => column.head(Some(1)),
        });
        DataFrame::new(1, columns.collect()).unwrap()
    });
}

fn published(lake: &SmallLake) -> BTreeMap<String, Vec<u8>> {
    lake.published(&ARGUMENTS)
}

#[test]
fn addresses_in_one_field_are_as_good_as_in_two() {
    let two = lake(ADDRESSES[0], Some(ADDRESSES[1]));
    let apart = published(&two);
    assert!(published(&lake(ADDRESSES[0], None)) != apart, "the second address makes no difference");
    let forms = ["{}; {}", "{},{}", "{} / {}", "{}|{}", "Dora <{}>; \"Kund, Dora\" <{}>"];
    let field = |form: &str| ADDRESSES.iter().fold(form.to_string(), |text, address| text.replacen("{}", address, 1));
    for form in forms {
        assert!(published(&lake(&field(form), None)) == apart, "{form}");
    }
    let one = lake(&field(forms[0]), None);
    published(&one);
    for (kind, principal) in [("address", ADDRESSES[1]), ("contact", &guid(12))] {
        for lake in [&one, &two] {
            erase(lake, kind, principal);
            let forget = lake.command("forget", &["--quiet"]).output().unwrap();
            assert_eq!(forget.status.code(), Some(0), "{}", stderr(&forget));
        }
        assert!(published_in(&one.output()) == published_in(&two.output()), "what forget left, by {kind}");
        let (one, two) = (published(&one), published(&two));
        assert!(one == two && one != apart, "what a run publishes, by {kind}");
    }
}

#[test]
fn a_colleague_with_two_addresses_in_one_field_is_found_by_both() {
    let anna = |address: &str, name: Option<&str>| {
        let lake = SmallLake::new();
        lake.change("systemuser", |mut frame| {
            frame.with_column(Column::new("internalemailaddress".into(), [address, "bo@nordwind.example"])).unwrap();
            frame.with_column(Column::new("domainname".into(), [name, None])).unwrap();
            frame
        });
        published(&lake)
    };
    let apart = anna("a.nordwind@nordwind.example", Some("anna@nordwind.example"));
    let together = anna("a.nordwind@nordwind.example; anna@nordwind.example", None);
    let alone = anna("a.nordwind@nordwind.example", None);
    assert!(alone != apart, "the second address makes no difference");
    let differing = |one: &BTreeMap<String, Vec<u8>>| {
        let names = apart.iter().filter(|(name, bytes)| one.get(*name) != Some(bytes)).map(|(name, _)| name.clone());
        names.collect::<Vec<String>>()
    };
    // By what a colleague signs in is another column, and shown where there is one.
    assert!(differing(&together).iter().all(|name| name.contains("record_access")), "{:?}", differing(&together));
}
