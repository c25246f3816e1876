//! The order of the house: which module may know which, and what every source file keeps to.

mod checks;
mod source_files;

use std::collections::BTreeMap;

use source_files::Files;

/// The modules from the ground up. A module may import from those of earlier lines, never from its own line or a later
/// one. The tables of KPIs, health, connections and similar deals do not know each other: jobs join them. What they share
/// of KPIs, the definitions and their evaluator, lies below them.
const LAYERS: [&[&str]; 16] = [
    &["decay", "guard", "language", "memory", "plain", "rules", "suggest"],
    &["error"],
    &["frames", "table", "time"],
    &["dictionary", "storage"],
    &["config", "scratch"],
    &["sources"],
    &["people"],
    &["interactions"],
    &["chances", "kpis", "quality"],
    &["context"],
    &["access", "connections", "dimensions", "health", "kpi_tables", "similar_deals"],
    &["attention", "changes", "coverage", "publish", "summaries"],
    &["forget"],
    &["bi", "diff", "explain", "jobs", "msdyn", "report"],
    &["cli"],
    &["main"],
];

/// A file is one thing to read; 310 lines are four screens.
const LINES: usize = 310;

/// Files that are longer, and how long they may be. The list may only shrink.
const LONG_FILES: &[(&str, usize)] = &[("sources/values/automated_subjects.rs", 377)];

#[test]
fn no_module_knows_a_later_one() {
    assert_eq!(checks::arrows(&Files::of_this_repository(), &LAYERS), [""; 0]);
}

#[test]
fn a_name_stands_for_one_type() {
    let several = checks::names_of_several_types(&Files::of_this_repository());
    assert!(several.is_empty(), "give these types names of their own: {several:?}");
}

#[test]
fn files_do_not_need_each_other() {
    assert_eq!(checks::cycles(&Files::of_this_repository()), [[""; 0]; 0]);
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    let files = Files::of_this_repository();
    assert_eq!(checks::without_description(&files), [""; 0]);
    let long: BTreeMap<String, usize> = checks::long(&files, LINES).into_iter().collect();
    let known: BTreeMap<String, usize> = LONG_FILES.iter().map(|(path, lines)| (path.to_string(), *lines)).collect();
    let new: Vec<_> = long.iter().filter(|(path, lines)| known.get(*path).is_none_or(|known| *lines > known)).collect();
    assert!(new.is_empty(), "part these files: {new:?}");
    let gone: Vec<_> = known.keys().filter(|path| !long.contains_key(*path)).collect();
    assert!(gone.is_empty(), "take these off the list of long files: {gone:?}");
}

#[test]
fn names_say_what_is_in_a_file() {
    assert_eq!(checks::abstract_names(&Files::of_this_repository()), [""; 0]);
}

#[test]
fn only_the_command_line_reads_clock_and_environment() {
    let words = ["Utc::now", "Local::now", "SystemTime::now", "env::var", "env::args"];
    // Whether a file changed so lately that its times cannot tell a further change: no result depends on it.
    let allowed = ["cli/", "storage/states.rs"];
    assert_eq!(checks::saying(&Files::of_this_repository(), &words, &allowed), [""; 0]);
}

#[test]
fn nothing_panics_on_purpose() {
    let words = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("];
    assert_eq!(checks::saying(&Files::of_this_repository(), &words, &[]), [""; 0]);
}

#[test]
fn the_map_of_the_library_lists_every_module() {
    assert_eq!(checks::not_in_the_map(&Files::of_this_repository()), [""; 0]);
}

/// A library of two floors: people on sources.
fn planted(files: &[(&str, &str)]) -> Files {
    let lib = ("lib.rs", "//! People, see [`people`].\n\npub mod people;\npub mod sources;\n");
    let sources = ("sources/mod.rs", "//! Sources.\n\npub mod ids;\n\npub use ids::Id;\n");
    let ids = ("sources/ids.rs", "//! Ids.\n\npub struct Id;\n");
    let all = [lib, sources, ids].into_iter().filter(|(path, _)| files.iter().all(|(other, _)| other != path));
    Files::of(all.chain(files.iter().copied()).map(|(path, text)| (path.to_string(), text.to_string())).collect())
}

const FLOORS: [&[&str]; 2] = [&["sources"], &["people"]];

#[test]
fn arrows_that_point_back_or_aside_are_found() {
    let people = ("people/mod.rs", "//! People.\n\nuse crate::sources::{ids::{self}, Id as Key};\n");
    assert_eq!(checks::arrows(&planted(&[people]), &FLOORS), [""; 0]);
    for back in
        ["use crate::people::{self};\n", "use crate::{people::Person, plain};\n", "fn f() { crate::people::f() }\n"]
    {
        let ids = ("sources/ids.rs", &*format!("//! Ids.\n\n{back}"));
        let faults = checks::arrows(&planted(&[people, ids]), &FLOORS);
        assert!(faults.contains(&"sources/ids.rs: sources comes before people".to_string()), "{back}: {faults:?}");
    }
    let commented =
        ("sources/ids.rs", "//! Ids of [`crate::people`].\n\n#[cfg(test)]\nmod tests {\n    use crate::people;\n}\n");
    assert_eq!(checks::arrows(&planted(&[people, commented]), &FLOORS), [""; 0]);
    assert_eq!(
        checks::arrows(&planted(&[people]), &[&["sources", "people"]]),
        ["people/mod.rs: people must not know sources"]
    );
    assert_eq!(checks::arrows(&planted(&[people]), &[&["sources"]]), ["people/mod.rs: no layer has the module people"]);
    assert_eq!(
        checks::arrows(&planted(&[people]), &[&["sources"], &["people", "plain"]]),
        ["there is no module plain"]
    );
}

#[test]
fn cycles_of_files_are_found() {
    let people = ("people/mod.rs", "//! People.\n\nmod rank;\n\nuse rank::Rank;\n\npub struct Person(Rank);\n");
    let rank = |text: &'static str| ("people/rank.rs", text);
    assert_eq!(checks::cycles(&planted(&[people, rank("//! Ranks.\n\npub struct Rank;\n")])), [[""; 0]; 0]);
    let back = rank("//! Ranks.\n\nuse super::Person;\n\npub struct Rank;\n");
    assert_eq!(checks::cycles(&planted(&[people, back])), [["people/mod.rs", "people/rank.rs"]]);
    // What a module only hands on is no need of its own.
    let sibling = ("people/customers.rs", "//! Customers.\n\nuse super::Rank;\n");
    let handing_on = (
        "people/mod.rs",
        "//! People.\n\nmod customers;\nmod rank;\n\npub use rank::Rank;\npub use customers::find;\n",
    );
    let found = checks::cycles(&planted(&[handing_on, sibling, rank("//! Ranks.\n\nuse super::customers;\n")]));
    assert_eq!(found, [["people/customers.rs", "people/rank.rs"]]);
}

#[test]
fn names_of_several_types_are_found() {
    let one =
        ("people/mod.rs", "//! People.\n\npub mod rank;\nmod own;\n\npub use own::Handed;\n\npub struct Person;\n");
    let rank = ("people/rank.rs", "//! Ranks.\n\npub enum Rank {}\n\n/// pub struct Id;\nstruct Id;\n");
    let own = ("people/own.rs", "//! Own.\n\npub struct Handed;\npub struct Id;\n");
    let several = |files: &[(&str, &str)]| {
        let found = checks::names_of_several_types(&planted(files));
        found.into_iter().map(|(name, paths)| format!("{name}: {paths:?}")).collect::<Vec<_>>()
    };
    // A private type, and one that only its own folder can name, do not get into the way of others.
    assert_eq!(several(&[one, rank, own]), [""; 0]);
    let ids = ("sources/ids.rs", "//! Ids.\n\npub struct Id;\npub(crate) type Handed<'a> = &'a Id;\n");
    assert_eq!(several(&[one, rank, own, ids]), [r#"Handed: {"people/own.rs", "sources/ids.rs"}"#]);
    let rank = ("people/rank.rs", "//! Ranks.\n\npub enum Rank {}\n\npub struct Id(u8);\n");
    assert_eq!(several(&[one, rank, own]), [r#"Id: {"people/own.rs", "people/rank.rs", "sources/ids.rs"}"#]);
}

#[test]
fn other_faults_of_files_are_found() {
    let files = planted(&[
        (
            "people/utils.rs",
            "use std::env;\n\nfn f() {\n    let _ = env::var(\"HOME\").unwrap();\n}\n\n#[cfg(test)]\nmod tests {\n    fn g() {\n        panic!();\n    }\n}\n",
        ),
        ("cli/mod.rs", "//! Arguments.\n\nfn f() {\n    let _ = env::var(\"HOME\");\n}\n"),
    ]);
    assert_eq!(checks::without_description(&files), ["people/utils.rs"]);
    assert_eq!(checks::abstract_names(&files), ["people/utils.rs"]);
    assert_eq!(checks::long(&files, 10), [("people/utils.rs".to_string(), 12)]);
    assert_eq!(
        checks::saying(&files, &["env::var", ".unwrap()", "panic!("], &["cli/"]),
        ["people/utils.rs: env::var", "people/utils.rs: .unwrap()"]
    );
    assert_eq!(checks::not_in_the_map(&files), ["sources"]);
}
