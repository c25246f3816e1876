//! Parquet in the physical forms that other writers leave, and in forms that cannot be read (rules I3, I7, R6).

mod broken_texts;
mod checksums;
mod flat;
mod golden_forms;
mod mapped_columns;
mod nested_columns;
mod refused;
mod rewritten;
mod written;
