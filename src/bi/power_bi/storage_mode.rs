//! How a model of Power BI comes by its data.

/// How a model holds its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageMode {
    /// Copies of the files of `current/`, refreshed by Power BI.
    Import,
    /// The Delta tables of a lakehouse in OneLake, read as they are.
    DirectLake,
}
