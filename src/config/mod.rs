//! Job files: what to compute, from where, to where, with which switches and on which schedule (rule R1).

mod assignment;
mod find;
mod hash;
pub mod introductions;
mod job;
mod keys;
mod load;
mod overrides;
mod schedule;
mod settings;
mod values;
mod working_hours;

pub use find::{find, load_all};
pub use introductions::Introductions;
pub use job::{Input, Job, JobKind, OutputFormat};
pub use load::load;
pub use overrides::parse_override;
pub use settings::{
    ConnectionProfile, CustomColumns, ExpectedContact, HealthSettings, LinkOpportunities, Profile, QualityLimits,
    Settings, SimilarDeals,
};
pub use values::parse_date;
