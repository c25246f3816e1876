//! Incremental updates of Synapse Link in a store: a table's folders among them, and what describes CSV.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Result;
use crate::sources::contract::SourceTable;
use crate::sources::files::formats::is_nearly;
use crate::sources::files::incremental;
use crate::sources::files::mirror::{Mirror, data, lock};
use crate::storage::{FolderContents, Object};

/// What belongs to all tables is kept under a name that none has.
const SHARED: &str = "model.json";

impl Mirror {
    /// Mirrors a table's folders among the incremental updates, and the descriptions of its CSV.
    ///
    /// # Errors
    /// Whatever the store or the disk says.
    pub fn bring_updates(&self, of: &SourceTable) -> Result<()> {
        let FolderContents { folders, objects } = self.here()?;
        // Who bears nearly such a name is refused where rows lie in it, and is brought for that.
        let is_base = |name: &&String| incremental::is_instant(name) || incremental::is_nearly_instant(name);
        let bases: Vec<&String> = folders.iter().filter(is_base).collect();
        let is_csv = |object: &&Object| object.name.to_ascii_lowercase().contains(".csv");
        let below = if bases.is_empty() { None } else { Some(self.below()?) };
        let table = self.table(of.name);
        let mut table = lock(&table);
        let mut brought = Vec::new();
        let (mut described, mut names) = (Vec::<&str>::new(), Vec::new());
        if let Some(below) = &below {
            for (base, name) in bases.iter().flat_map(|base| folders_of(of, base, below)) {
                if table.names.contains(&name) {
                    continue;
                }
                let within = |object: &&Object| object.name.starts_with(&format!("{name}/"));
                let files = data(below.iter().filter(within).cloned().collect());
                if !files.is_empty() {
                    described.push(base);
                }
                brought.extend(files.into_iter().map(|object| (self.root.join(&object.name), object)));
                names.push(name);
            }
        }
        let has_csv =
            brought.iter().any(|(_, object)| is_csv(&object)) || table.files.values().any(|file| is_csv(&&file.object));
        brought.retain(|(path, _)| !table.files.contains_key(path));
        self.keep(brought, &mut table)?;
        // Whoever else asks for the table waits until it is described.
        if has_csv {
            self.bring_descriptions(of, &objects, below, &described)?;
        }
        table.names.extend(names);
        Ok(())
    }

    /// What describes a table in the system's folder and in folders of updates.
    fn bring_descriptions(
        &self,
        of: &SourceTable,
        objects: &[Object],
        below: Option<Arc<Vec<Object>>>,
        bases: &[&str],
    ) -> Result<()> {
        let shared = self.table(SHARED);
        let mut shared = lock(&shared);
        let mut wanted: Vec<Object> = Vec::new();
        let beside = incremental::beside(of);
        // Manifests name further files of this ending.
        let is_cdm = |name: &str| name.ends_with(".cdm.json");
        wanted.extend(objects.iter().filter(|o| beside.contains(&o.name) || is_cdm(&o.name)).cloned());
        let further = [incremental::feed(of), incremental::CURRENT.to_string()];
        match below {
            Some(below) => {
                let in_base = |object: &Object| {
                    let (base, name) = object.name.split_once('/').unwrap_or_default();
                    bases.contains(&base) && (beside.iter().any(|own| own == name) || is_cdm(name))
                };
                wanted.extend(below.iter().filter(|o| in_base(o) || further.contains(&o.name)).cloned());
            }
            None => {
                for name in &further {
                    wanted.extend(self.remote.find(name)?);
                }
            }
        }
        let new = wanted.into_iter().map(|object| (self.root.join(&object.name), object));
        let new: Vec<(PathBuf, Object)> = new.filter(|(path, _)| !shared.files.contains_key(path)).collect();
        // A description within a table's folder came with the table.
        let new = new.into_iter().filter(|(path, _)| !path.exists()).collect();
        self.keep(new, &mut shared)
    }

    /// Whatever is below the system's folder.
    fn below(&self) -> Result<Arc<Vec<Object>>> {
        let mut below = lock(&self.below);
        if let Some(below) = &*below {
            return Ok(Arc::clone(below));
        }
        Ok(Arc::clone(below.insert(Arc::new(self.remote.list()?))))
    }
}

/// The table's folder within one of updates, and others there of nearly its name, with the folder that they are in.
fn folders_of<'a>(of: &SourceTable, base: &'a String, below: &[Object]) -> Vec<(&'a String, String)> {
    let folder = |object: &Object| Some(object.name.strip_prefix(&format!("{base}/"))?.split_once('/')?.0.to_string());
    let alike = below.iter().filter_map(folder).filter(|name| is_nearly(of, name));
    let names: BTreeSet<String> = alike.chain([of.name.to_string()]).collect();
    names.into_iter().map(|name| (base, format!("{base}/{name}"))).collect()
}
