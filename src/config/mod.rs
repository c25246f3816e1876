//! Job files: what to compute, from where, to where, with which switches and on which schedule (rule R1).

mod assignment;
mod attention;
mod choices;
mod find;
mod folder;
mod hash;
pub mod introductions;
mod job;
mod keep;
mod keys;
mod load;
mod overrides;
mod pages;
mod schedule;
mod schema;
mod settings;
mod shape;
mod shipped;
mod values;
mod variables;
mod working_hours;

pub use attention::{AttentionReason, AttentionSettings, REASONS};
pub use find::find;
pub use folder::job_files;
pub use introductions::Introductions;
pub use job::{Input, Job, JobKind, OutputFormat};
pub use keep::{Keep, Retention};
pub use load::{Overrides, load};
pub use overrides::parse_override;
pub use pages::PageSettings;
pub use schema::{SCHEMA_FILE, schema};
pub use settings::{
    ConnectionProfile, Coverage, CustomColumns, ExpectedContact, HealthSettings, LinkOpportunities, Profile,
    QualityLimits, Settings, SimilarDeals,
};
pub use shipped::{SHARED, SHARED_TEXT, with_values};
pub use values::parse_date;
pub use variables::Variables;
