//! Relationship intelligence for a sales organisation's own data lake.
//!
//! Batch jobs read what Dynamics 365 and Exchange export into a lake, and publish dated tables. What is counted is in
//! `jobs/RULES.md`, whose codes (K3, N5) are cited everywhere; every published column is in `jobs/TABLES.md`.
//!
//! # The way of the data
//!
//! Each step is a folder, and takes what the steps before it made:
//!
//! 1. [`sources`] reads the tables of the lake: current rows, in known types (rules I1 to I12).
//! 2. [`people`] says who is who at a date: colleagues, contacts, leads, whose mailboxes may be used (P, C).
//! 3. [`interactions`] merges copies into one email, meeting, call or task each, drops what does not count, and links
//!    the rest to records (N, L).
//! 4. [`quality`] measures how new and how complete all of this is (K12); [`kpis`] defines the KPIs and evaluates them.
//! 5. [`dimensions`] has the people, records and days that all other tables are joined to; [`kpi_tables`], [`health`],
//!    [`connections`] and [`similar_deals`] compute what is published (K, H, W, S), and do not know each other;
//!    [`summaries`] puts KPIs into sentences (K11), [`attention`] says what needs somebody and why (K13), [`coverage`] says
//!    whom nobody knows (W6), [`access`] who may see what (C7), and [`changes`] compares all of it with an earlier day
//!    (W9).
//! 6. [`publish`] replaces partitions, whole or not at all (O). [`forget`] takes people out of published ones, and
//!    exports what these hold of somebody (C4, C6).
//! 7. [`report`] makes pages to look at of what is published; [`diff`] says what differs between days, outputs and
//!    configurations; [`explain`] says how a value came about; [`msdyn`] fills the tables of Dynamics 365 Sales, and compares
//!    with what that has computed; [`bi`] describes the tables to reporting tools.
//!
//! [`jobs`] wires these steps for each kind of job, and [`cli`] turns arguments into a [`config::Job`] and its days.
//!
//! # What holds everywhere
//!
//! - Only [`cli`] reads the clock and the environment: a result depends on the lake, the configuration and the date.
//! - The same input and configuration give the same bytes (O3): sums run in a fixed order, or are of whole numbers.
//! - Null is not zero (O1). Nothing personal reaches a log (R5). Memory grows with the groups, not with the files, and has a limit (R7).
//! - Results describe relationships, never employees (C5).
//!
//! # What everything stands on
//!
//! | module | what for |
//! |---|---|
//! | [`config`] | job files, their keys and defaults |
//! | [`context`] | what a run hands down: its id, its output, where to report to, whether to stop |
//! | [`storage`] | local folders and object stores, and the logs of Delta tables in them |
//! | [`scratch`] | tables that are too large for memory, on disk |
//! | [`table`] | what a published table declares, and the check that rows keep it |
//! | [`dictionary`] | the dictionary of tables, made of these declarations |
//! | [`rules`] | the rules by their codes, from `jobs/RULES.md` |
//! | [`time`] | the date of a run, instants, days and the working calendar (T1 to T4, K5) |
//! | [`chances`] | what scores have been worth in the lake's own past: the chances beside them (W4) |
//! | [`decay`] | how the past counts less, for strength and health |
//! | [`frames`] | running plans, rows by number, keys of ids and addresses, typed columns |
//! | [`language`] | the languages of published texts, and how they write days |
//! | [`error`] | errors, what to do about them, and exit codes (R4) |
//! | [`suggest`] | what a mistyped name was probably meant to be |
//! | [`plain`] | texts from outside, made safe to show on a terminal |
//! | [`guard`] | panics while reading files, turned into errors |
//! | [`memory`] | giving freed memory back to the system |
//!
//! # Glossary
//!
//! - **account**: a customer company. **contact**: a customer person. **lead**: a prospect that is not qualified yet.
//!   **opportunity** or **deal**: something that may be sold. All four are **records**.
//! - **colleague**: one of our own people, a `systemuser`. **Internal** people have an address of ours but no user.
//! - **customer person**, or external person: everybody who is neither; matched to a contact or to leads where possible.
//! - **interaction**: one real email, meeting, call or task, however many mailboxes hold a copy of it. It is **held** when it
//!   happened, **planned** when it lies ahead, and a source row that is neither is **dropped** for a **reason**.
//! - **participant**: a person of an interaction, once, with the strongest of their roles.
//! - **record link**: that an interaction counts for a record, because it regards it or because its people took part.
//! - **response run**: consecutive emails in one direction in a thread. It is **due** when it was answered in time, or can no
//!   longer be.
//! - **connection**: a colleague and a contact or lead who were in touch in the past 365 days; its **strength** says how much.
//! - **lake**: the folder of exports that is read. **As of**: the date that is computed; the **cutoff** is the first instant
//!   after it.
//! - **partition**: the rows of a table for one date or week, one file, replaced as a whole.
//! - **profile**: a set of defaults, `default` or `dynamics`; single settings override it.

pub mod access;
pub mod attention;
pub mod bi;
pub mod chances;
pub mod changes;
pub mod cli;
pub mod config;
pub mod connections;
pub mod context;
pub mod coverage;
pub mod decay;
pub mod dictionary;
pub mod diff;
pub mod dimensions;
pub mod error;
pub mod explain;
pub mod forget;
pub mod frames;
pub mod guard;
pub mod health;
pub mod interactions;
pub mod jobs;
pub mod kpi_tables;
pub mod kpis;
pub mod language;
pub mod memory;
pub mod msdyn;
pub mod people;
pub mod plain;
pub mod publish;
pub mod quality;
pub mod report;
pub mod rules;
pub mod scratch;
pub mod similar_deals;
pub mod sources;
pub mod storage;
pub mod suggest;
pub mod summaries;
pub mod table;
pub mod time;
