//! Lakes and results in stores: real servers on loopback, and what can go wrong on the way to them.
//!
//! Google Cloud Storage is read only here: no server that can be had without a network takes the calls that
//! object_store writes with. Writing to it shares everything but the wire format with the other two.

mod beside;
mod equal;
mod exported;
mod faults;
mod fetched;
mod forgotten;
mod google;
mod http;
mod kills;
mod lost_spool;
mod proxy;
mod races;
mod reading;
pub mod servers;
mod spool;
mod stopped;
pub mod store;
mod text;
