//! Results on their way to a store are mapped. One that is cut short meanwhile, as by a disk that fails, ends the run
//! with 75 and one line, not with SIGBUS and silence.

use std::fs::File;
use std::path::Path;

use super::kills::Before;
use super::proxy::Fate;
use super::servers::WRITABLE;
use super::store::Store;
use crate::support::small_lake::*;

fn cut_all(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            cut_all(&path);
        } else {
            File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
        }
    }
}

#[test]
fn a_result_that_is_cut_short_on_its_way_ends_with_75_and_one_line() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "lost-spool") else { continue };
        let before = Before::new(store);
        before.again();
        let temporary = tempfile::TempDir::new().unwrap();
        let spool = temporary.path().to_path_buf();
        let mut written = None;
        // The answer to the first write is lost, so the run asks what lies there, and compares it with what it has.
        before.proxy.begin(move |asked| {
            let object = asked.target.split('?').next().unwrap_or_default().to_string();
            if asked.write == Some(0) {
                written = Some(object);
                return Fate::Unanswered;
            }
            if asked.method == "GET" && written.as_ref() == Some(&object) {
                cut_all(&spool);
            }
            Fate::Answered
        });
        let run = before.command(&[]).env("TMPDIR", temporary.path()).output().unwrap();
        let said = stderr(&run);
        assert_eq!(run.status.code(), Some(75), "{cloud:?}: {} {said}", run.status);
        assert!(said.contains("it changed, or its disk failed, while it was being read"), "{cloud:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{cloud:?}: {said}");
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "{cloud:?}: the spool is left");
    }
}
