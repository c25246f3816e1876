//! Taking people out of what is already published (rules C4, C6), and telling them what is in it.

mod exported;
mod kept;
mod msdyn;
mod people;
mod refused;
pub mod support;
mod withdrawn;
