//! The tables of the lake as frames, one function per table.

pub mod activityparty;
pub mod appointment;
pub mod calendar_view;
pub mod calls;
pub mod columns;
pub mod connections;
pub mod control;
pub mod email;
mod headers;
pub mod messages;
pub mod records;
pub mod staff;
