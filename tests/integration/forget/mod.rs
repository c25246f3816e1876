//! Taking erased people out of what is already published (rule C4).

mod kept;
mod people;
mod refused;
pub mod support;
