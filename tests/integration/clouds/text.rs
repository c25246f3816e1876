//! Files of text in a store give what they give on this machine: CSV with its descriptions, and JSON lines.

use std::fs;

use super::servers::WRITABLE;
use super::store::Store;
use crate::support::csv_lake::{self, Layout};
use crate::support::small_lake::*;

#[test]
fn csv_and_json_lines_are_read_from_a_store() {
    for cloud in WRITABLE {
        for layout in [Layout::Root, Layout::Incremental, Layout::Both] {
            let Some(store) = Store::new(cloud, &format!("text-{layout:?}")) else { continue };
            let lake = SmallLake::new();
            let clean = lake.published(&[]);
            let tables = csv_lake::tables(&lake.root().join("dataverse"));
            fs::remove_dir_all(lake.root().join("dataverse")).unwrap();
            csv_lake::write(&lake.root().join("dataverse"), &tables, layout);
            lake.remove("messages");
            lake.write_text("messages", "a.json", &lines(&exchange("messages")));
            store.upload(&lake.root(), "lake");
            let output = store.command(store.address, "relationship_kpis", &[]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{cloud:?}, {layout:?}: {}", stderr(&output));
            let mut found = store.published("out");
            found.retain(|path, _| path.contains('='));
            assert!(found.keys().eq(clean.keys()), "{cloud:?}, {layout:?}: {:?}", found.keys());
            assert!(found == clean, "{cloud:?}, {layout:?}");
        }
    }
}
