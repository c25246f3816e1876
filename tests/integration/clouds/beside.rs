//! What lies beside the data in a store is told, passed over or refused as it is on this machine.

use std::fs;
use std::path::PathBuf;

use super::servers::WRITABLE;
use super::store::Store;
use crate::support::delta_log::*;
use crate::support::small_lake::*;

const JOB: &str = "relationship_kpis";

#[test]
fn hints_marks_and_unfinished_files_do_no_harm_in_a_store() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "beside") else { continue };
        let lake = SmallLake::new();
        let clean = lake.published(&[]);
        let log = PathBuf::from(emails_as_delta(&lake, &email_commits()));
        for name in ["desktop.ini", "part-0.parquet.md5", "part-1.parquet.tmp", "part-0.parquet.bak"] {
            lake.write_text("contact", name, &"x".repeat(1 << 20));
        }
        for (at, hint) in [r#"{"version":10,"size":4}"#, "", "{"].into_iter().enumerate() {
            fs::write(log.join("_last_checkpoint"), hint).unwrap();
            let (from, to) = (format!("lake-{at}"), format!("out-{at}"));
            store.upload(&lake.root(), &from);
            let mut run = store.rapport(store.address, &["run", JOB, "--as-of", AS_OF]);
            let run = run.args(["--input", &store.url(&from), "--output", &store.url(&to)]).output().unwrap();
            assert_eq!(run.status.code(), Some(0), "{cloud:?}, {hint}: {}", stderr(&run));
            for (name, why) in
                [("part-1.parquet.tmp", "has not finished it"), ("part-0.parquet.bak", "of the file beside it")]
            {
                let file = store.url(&format!("{from}/dataverse/contact/{name}"));
                let told = |line: &str| line.contains(&format!("{file} is not read")) && line.contains(why);
                assert!(stderr(&run).lines().any(told), "{cloud:?}: {}", stderr(&run));
            }
            let mut found = store.published(&to);
            found.retain(|path, _| path.contains('='));
            assert!(found == clean, "{cloud:?}, {hint}");
        }
    }
}

#[test]
fn what_is_refused_here_is_refused_in_a_store() {
    type Put = fn(&SmallLake);
    let lakes: [(Put, [&str; 3]); 3] = [
        (
            |lake| {
                let log = "current/_delta_log/00000000000000000000.json";
                fs::create_dir_all(lake.folder("email").join(log).parent().unwrap()).unwrap();
                lake.write_text("email", log, "{}");
            },
            ["table email", "a table of Delta", "not every file in it counts"],
        ),
        (
            |lake| lake.write_text("opt_outs", "part-1.parquet.tmp", "PAR1"),
            ["table opt_outs", "part-1.parquet.tmp", "Move it out of the table's folder"],
        ),
        (
            |lake| {
                lake.remove("lead");
                fs::write(lake.folder("lead").with_file_name("lead.xlsx"), "x").unwrap();
            },
            ["table lead", "dataverse/lead.xlsx", "in a form that is not read"],
        ),
    ];
    for cloud in WRITABLE {
        for (at, (put, parts)) in lakes.iter().enumerate() {
            let Some(store) = Store::new(cloud, &format!("refused-{at}")) else { continue };
            let lake = SmallLake::new();
            put(&lake);
            store.upload(&lake.root(), "lake");
            let run = store.command(store.address, JOB, &[]).output().unwrap();
            assert_eq!(run.status.code(), Some(3), "{cloud:?}: {}", stderr(&run));
            assert!(parts.iter().all(|part| stderr(&run).contains(part)), "{cloud:?}: {}", stderr(&run));
        }
    }
}
