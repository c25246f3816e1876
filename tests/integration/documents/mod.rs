//! The documents of the repository are held to the code: rules, formulas, tables, links.

mod formulas;
mod links;
mod rule_catalog;
mod tables;
