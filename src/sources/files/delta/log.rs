//! Reading a Delta log: commits, checkpoints of either version, compacted commits, deletion vectors.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use delta_kernel::scan::StatsOptions;
use delta_kernel::scan::state::ScanFile;
use delta_kernel::schema::{DataType, MetadataValue, PrimitiveType, StructField};
use delta_kernel::table_features::ColumnMappingMode;
use delta_kernel::{DeltaResult, Engine, Error as LogError, Snapshot};
use object_store::Error as StoreError;

use crate::error::{Error, Result, is_loop};
use crate::guard::guarded;
use crate::sources::contract::ValueKind;
use crate::sources::files::delta::engine::{AnyTypes, Shown, is_checkpoint};
use crate::sources::files::delta::odd_types::odd;
use crate::sources::files::delta::{DeltaColumn, DeltaTable, LiveFile, Mapping};
use crate::storage::delta_folder::system_error;
use crate::storage::{DELTA_LOG, DeltaFolder};

const PHYSICAL_NAME: &str = "delta.columnMapping.physicalName";
const FIELD_ID: &str = "delta.columnMapping.id";

/// The newest version of the table that lies at `place`.
///
/// # Errors
/// A log that cannot be read or has a gap, one that needs features which nobody here knows, and files
/// outside of the table's folder.
pub fn live(place: &DeltaFolder, table: &str) -> Result<DeltaTable> {
    let log = place.log()?;
    let engine = {
        let _inside = place.runtime().enter();
        log.engine(None)
    };
    let engine = |shown| AnyTypes { engine: Arc::clone(&engine), shown };
    let read = guarded(|| match version(place, &engine(Shown::Whole)) {
        // What names the newest checkpoint is a hint, which may be older or younger than what lies there.
        Err(error) if is_about_checkpoints(&error) => version(place, &engine(Shown::WithoutHint)),
        read => read,
    });
    let (mut found, files) = match read {
        Ok(Ok(found)) => found,
        damaged => match commits_alone(place, &engine(Shown::WithoutCheckpoints)) {
            Some(found) => found,
            None => {
                return Err(match damaged {
                    Ok(Err(error)) => unreadable(place, table, error),
                    _ => refuse(place, table, format!("the Delta log cannot be read: {DAMAGED}"), EXPORT),
                });
            }
        },
    };
    for (file, deleted) in files {
        let path = relative(&file.path).map_err(|fault| {
            let message = format!("the Delta log names the file {}, {fault}", file.path);
            refuse(place, table, message, "copy the table as a whole, or export it as plain Parquet")
        })?;
        let size = u64::try_from(file.size).unwrap_or_default();
        // An empty text is null by the protocol of Delta, as a missing value is.
        let values = file.partition_values.into_iter().filter(|(_, value)| !value.is_empty());
        found.files.push(LiveFile { path, size, deleted, partition_values: values.collect::<BTreeMap<_, _>>() });
    }
    found.files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Files as the log has them, with the positions of their deleted rows.
type LoggedFiles = Vec<(ScanFile, Option<Arc<[u64]>>)>;

/// The table without its files, and the files.
fn version(place: &DeltaFolder, engine: &dyn Engine) -> DeltaResult<(DeltaTable, LoggedFiles)> {
    let snapshot = Snapshot::builder_for(place.url().as_str()).build(engine)?;
    begins_well(&snapshot)?;
    let mapping = match snapshot.table_properties().column_mapping_mode {
        None | Some(ColumnMappingMode::None) => Mapping::None,
        Some(ColumnMappingMode::Name) => Mapping::Name,
        Some(ColumnMappingMode::Id) => Mapping::Id,
    };
    let partitioned_by = snapshot.table_configuration().logical_partition_columns().to_vec();
    let columns = snapshot.schema().fields().map(|field| column(field, mapping, &partitioned_by)).collect();
    let scan = snapshot.scan_builder().with_stats(StatsOptions::none()).build()?;
    let mut files = Vec::new();
    for batch in scan.scan_metadata(engine)? {
        files = batch?.visit_scan_files(files, |files, file| files.push(file))?;
    }
    let with_deleted = |file: ScanFile| {
        let deleted = file.dv_info.get_row_indexes(engine, place.url())?;
        Ok((file, deleted.map(Into::into)))
    };
    let files = files.into_iter().map(with_deleted).collect::<DeltaResult<_>>()?;
    Ok((DeltaTable { files: Vec::new(), mapping, columns, checkpoints_are_damaged: false }, files))
}

/// The table as its commits tell, where they are all there beside checkpoints that cannot be read: what is in a
/// checkpoint was in commits before.
fn commits_alone(place: &DeltaFolder, engine: &AnyTypes) -> Option<(DeltaTable, LoggedFiles)> {
    let log = place.url().join(&format!("{DELTA_LOG}/")).ok()?;
    let mut files = engine.engine.storage_handler().list_from(&log).ok()?;
    files.any(|file| file.is_ok_and(|file| is_checkpoint(file.location.path()))).then_some(())?;
    let (mut found, files) = guarded(|| version(place, engine)).ok()?.ok()?;
    found.checkpoints_are_damaged = true;
    Some((found, files))
}

/// A version is whole when the log has its first commit, or a checkpoint of all before: the kernel asks only that
/// commits follow each other.
fn begins_well(snapshot: &Snapshot) -> DeltaResult<()> {
    let log = snapshot.log_segment();
    let first = log.listed.ascending_commit_files.first();
    match first.filter(|first| log.checkpoint_version.is_none() && first.version > 0) {
        Some(first) => Err(LogError::generic(format!(
            "commits before {} are missing, and there is no checkpoint of what they said",
            first.filename
        ))),
        None => Ok(()),
    }
}

fn is_about_checkpoints(error: &LogError) -> bool {
    match error {
        LogError::Backtraced { source, .. } => is_about_checkpoints(source),
        error => matches!(error, LogError::InvalidCheckpoint(_)),
    }
}

fn column(field: &StructField, mapping: Mapping, partitioned_by: &[String]) -> DeltaColumn {
    let partition = partitioned_by.contains(&field.name).then(|| kind(field.data_type()));
    let (stored, field_id) = if mapping == Mapping::None { (field.name.clone(), None) } else { stored_as(field) };
    let inside = inside(field.data_type(), mapping);
    DeltaColumn { name: field.name.clone(), stored, field_id, partition, odd: odd(field), inside }
}

/// Fields of a struct, or of the structs in a list.
fn inside(dtype: &DataType, mapping: Mapping) -> Vec<DeltaColumn> {
    match dtype {
        DataType::Struct(inner) => inner.fields().map(|field| column(field, mapping, &[])).collect(),
        DataType::Array(inner) => inside(inner.element_type(), mapping),
        _ => Vec::new(),
    }
}

fn stored_as(field: &StructField) -> (String, Option<i64>) {
    let name = match field.metadata.get(PHYSICAL_NAME) {
        Some(MetadataValue::String(name)) => name.clone(),
        _ => field.name.clone(),
    };
    let id = match field.metadata.get(FIELD_ID) {
        Some(MetadataValue::Number(id)) => Some(*id),
        _ => None,
    };
    (name, id)
}

/// What values of a partition column mean, all of which are text in the log.
fn kind(dtype: &DataType) -> ValueKind {
    let DataType::Primitive(primitive) = dtype else { return ValueKind::Text };
    match primitive {
        PrimitiveType::Byte | PrimitiveType::Short | PrimitiveType::Integer | PrimitiveType::Long => ValueKind::Int,
        PrimitiveType::Float | PrimitiveType::Double | PrimitiveType::Decimal(_) => ValueKind::Number,
        PrimitiveType::Boolean => ValueKind::Bool,
        PrimitiveType::Date => ValueKind::Date,
        PrimitiveType::Timestamp | PrimitiveType::TimestampNtz => ValueKind::Instant,
        _ => ValueKind::Text,
    }
}

/// The path of a file below the table's folder, or why it has none.
fn relative(encoded: &str) -> std::result::Result<String, &'static str> {
    let scheme = encoded.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    if encoded.starts_with('/') || scheme.is_some_and(is_scheme) {
        return Err("by an absolute path, and only files below the table's folder are read");
    }
    let path = percent_decoded(encoded).ok_or("whose name is not UTF-8")?;
    if path.is_empty() {
        return Err("which has no name");
    }
    if path.split('/').any(|part| part == "..") {
        return Err("outside of the table's folder");
    }
    Ok(path)
}

/// Paths in the log are URL-encoded.
fn percent_decoded(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}

const DAMAGED: &str = "one of its files is damaged, or written in a way that is not known";
const EXPORT: &str = "export the table again, or as plain Parquet";

/// A log that breaks its format is a fault of the input; anything else is trouble of the storage and
/// worth a retry (rule R4).
fn unreadable(place: &DeltaFolder, table: &str, error: LogError) -> Error {
    use io::ErrorKind::{
        InvalidData, InvalidFilename, IsADirectory, NotADirectory, NotFound, PermissionDenied, UnexpectedEof,
    };
    let broken = |said: String| refuse(place, table, format!("the Delta log cannot be read: {said}"), EXPORT);
    let storage = |error: io::Error| match error.kind() {
        NotFound | PermissionDenied | IsADirectory | NotADirectory | InvalidData | InvalidFilename | UnexpectedEof => {
            broken(error.to_string())
        }
        _ if is_loop(&error) => broken(error.to_string()),
        _ => Error::storage(place.shown().join(DELTA_LOG))(error),
    };
    match error {
        LogError::Backtraced { source, .. } => unreadable(place, table, *source),
        LogError::IOError(error) => storage(error),
        LogError::ObjectStore(StoreError::NotFound { path, .. }) => broken(format!("{path} is missing")),
        LogError::ObjectStore(error) => storage(system_error(&error)),
        LogError::Unsupported(feature) => {
            let message = format!("the Delta table needs what is not known here: {feature}");
            refuse(
                place,
                table,
                message,
                "turn that feature off where the table is written, or export it as plain Parquet",
            )
        }
        error => broken(said(error)),
    }
}

/// What the kernel says, for people. Values of a log are not repeated: they may be personal (rule R5).
fn said(error: LogError) -> String {
    // Of a table that a catalog keeps, the catalog alone knows which commits are the newest.
    if matches!(&error, LogError::MaxCatalogVersion(_)) {
        return "its commits are kept by a catalog, which is not asked".into();
    }
    let text = match error {
        LogError::Arrow(_) | LogError::MalformedJson(_) => return "a line of a commit is no action of Delta".into(),
        LogError::Parquet(_) | LogError::JoinFailure(_) | LogError::Utf8Error(_) | LogError::Extract(..) => {
            return DAMAGED.into();
        }
        LogError::ParseError(_, dtype) => return format!("a value in it is not of its column's type, {dtype}"),
        LogError::Generic(text) | LogError::InternalError(text) => text,
        error => error.to_string(),
    };
    let mut names = text.split("filename: \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name);
    if let (Some(before), Some(after)) = (names.next(), names.next()) {
        return format!("commits are missing between {before} and {after}");
    }
    if text == "No files in log segment" {
        return "it holds neither a commit nor a checkpoint".into();
    }
    text.lines().next().unwrap_or_default().to_string()
}

fn refuse(place: &DeltaFolder, table: &str, message: String, remedy: &str) -> Error {
    Error::Input {
        table: table.into(),
        column: None,
        file: Some(place.shown().join(DELTA_LOG).display().to_string()),
        message,
        remedy: remedy.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_decoded_and_stay_in_the_table() {
        assert_eq!(
            relative("PartitionId=2026/live%20one%25.parquet").as_deref(),
            Ok("PartitionId=2026/live one%.parquet")
        );
        assert_eq!(relative("day=2026-01-01 10%3A00/a..b.parquet").as_deref(), Ok("day=2026-01-01 10:00/a..b.parquet"));
        for path in
            ["/lake/a.parquet", "s3://lake/a.parquet", "abfss://a@b/c", "file:/a", "../a", "x/%2e%2e/a", "", "%ff"]
        {
            assert!(relative(path).is_err(), "{path}");
        }
    }
}
