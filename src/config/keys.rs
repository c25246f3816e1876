//! Every key of a job file: where it stands, what it expects, and what it sets (rule R8).

use toml::Value;

use super::choices::{
    connection_profile, cron, custom_columns, expected_contact, file_mode, format, kind, language, link_opportunities,
    mailbox_countries, page_mode, path, profile, reasons, retention, seconds, summary_language, template, top,
};
use super::settings::{Profile, Settings};
use super::shape::Shape;
use super::values::{
    Read, boolean, country, date, domain, list_of, optional, set_of, share, text, timezone, web_address, whole_number,
};
use super::{JobKind, OutputFormat, REASONS, Retention, working_hours};
use crate::storage::{Location, Timeouts};

pub(super) struct Key {
    /// Empty for the keys above the first section.
    pub section: &'static str,
    pub name: &'static str,
    pub expects: Shape,
    /// A value in TOML.
    pub example: &'static str,
    pub set: fn(&mut Draft, &Value) -> Read<()>,
}

impl Key {
    pub(super) fn path(&self) -> String {
        match self.section {
            "" => self.name.to_string(),
            section => format!("{section}.{}", self.name),
        }
    }
}

/// Where control tables lie unless somebody names another folder. Without any the lake lacks this one.
pub(super) const USUAL_CONTROL: &str = "control";

/// Where the tables of Exchange are, unless a job names another folder.
pub(super) const USUAL_EXCHANGE: &str = "exchange";

/// Where a report goes in the output, unless its job names another folder.
const USUAL_SITE: &str = "report";

/// A job while its keys are being set.
pub(super) struct Draft {
    pub kind: Option<JobKind>,
    pub schedule: Option<String>,
    pub tables: Vec<String>,
    pub root: Option<Location>,
    pub dataverse: String,
    pub exchange: String,
    pub control: String,
    pub output: Option<Location>,
    pub site: String,
    pub format: OutputFormat,
    pub file_mode: Option<u32>,
    pub retention: Retention,
    pub fail_on_partial: bool,
    pub timeouts: Timeouts,
    pub settings: Settings,
}

impl Draft {
    pub(super) fn of_profile(profile: Profile) -> Draft {
        Draft {
            kind: None,
            schedule: None,
            tables: Vec::new(),
            root: None,
            dataverse: "dataverse".to_string(),
            exchange: USUAL_EXCHANGE.to_string(),
            control: USUAL_CONTROL.to_string(),
            output: None,
            site: USUAL_SITE.to_string(),
            format: OutputFormat::Parquet,
            file_mode: None,
            retention: Retention::default(),
            fail_on_partial: false,
            timeouts: Timeouts::default(),
            settings: Settings::of_profile(profile),
        }
    }
}

macro_rules! key {
    ($section:literal, $name:literal, $expects:expr, $example:expr, |$draft:ident, $value:ident| $place:expr => $read:expr) => {
        Key {
            section: $section,
            name: $name,
            expects: $expects,
            example: $example,
            set: |$draft, $value| {
                $place = $read?;
                Ok(())
            },
        }
    };
}

const YES_OR_NO: Shape = Shape::Boolean;
const FOLDER: Shape = Shape::Text("a folder in input.root, or a path or URL of its own");
const SECONDS: Shape = Shape::Whole { of: "seconds", least: 1, most: Some(3_600) };
const TEMPLATE: Shape = Shape::Text("a text with placeholders such as {colleague_first_name} and {person}");
const TEMPLATE_EXAMPLE: &str = "\"Hi {colleague_first_name}, could you introduce me to {person}?\"";
const WEIGHT: Shape = Shape::Whole { of: "", least: 3, most: Some(9) };
const POINTS: Shape = Shape::Whole { of: "", least: 0, most: Some(100) };
const DAYS: Shape = Shape::Whole { of: "days", least: 1, most: Some(3_650) };
const COUNTRY: Shape = Shape::Pattern { words: "a two-letter ISO country code", regex: "^[A-Za-z]{2}$" };
const NAME: Shape = Shape::Text("a name");
const WEB_ADDRESS: Shape =
    Shape::Pattern { words: "an address that begins with https://", regex: "^https://[^\\s\"<>`]+$" };
const KEEP: Shape = Shape::Pattern { words: "how much is kept", regex: "^(all|[1-9][0-9]* days|last [1-9][0-9]*)$" };
const FILE_MODE: Shape = Shape::Pattern {
    words: "an octal mode from \"0600\" to \"0666\" by which its owner may read and write",
    regex: "^0?6[0246][0246]$",
};

#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    key!("", "job", Shape::Choice(&["relationship_kpis", "who_knows_whom", "similar_won_deals", "report"]), "\"relationship_kpis\"",
        |d, v| d.kind => kind(v).map(Some)),
    key!("", "profile", Shape::Choice(&["default", "dynamics"]), "\"default\"",
        |d, v| d.settings.profile => profile(v)),
    key!("", "schedule", Shape::Text("five cron fields (minute, hour, day of month, month, day of week)"), "\"30 2 * * *\"",
        |d, v| d.schedule => cron(v).map(Some)),
    key!("", "tables", Shape::List { words: "a list of table names, empty for all", of: &NAME }, "[\"account_kpis\", \"contact_kpis\"]",
        |d, v| d.tables => list_of(v, text)),

    key!("input", "root", Shape::Path, "\"sample_data/lake\"", |d, v| d.root => path(v).map(Some)),
    key!("input", "dataverse", FOLDER, "\"dataverse\"", |d, v| d.dataverse => text(v)),
    key!("input", "exchange", FOLDER, "\"exchange\"", |d, v| d.exchange => text(v)),
    key!("input", "control", FOLDER, "\"control\"", |d, v| d.control => text(v)),
    key!("input", "us_dates", YES_OR_NO, "false", |d, v| d.settings.us_dates => boolean(v)),
    key!("output", "path", Shape::Path, "\"out\"", |d, v| d.output => path(v).map(Some)),
    key!("output", "format", Shape::Choice(&["parquet", "delta"]), "\"parquet\"", |d, v| d.format => format(v)),
    key!("output", "file_mode", Shape::Or(&FILE_MODE, "umask"), "\"0640\"",
        |d, v| d.file_mode => file_mode(v)),

    key!("output", "keep", Shape::Table { words: "a table from table name, or default, to \"all\", \"30 days\" or \"last 3\"", of: &KEEP }, "{ interactions = \"14 days\" }",
        |d, v| d.retention => retention(v)),

    key!("storage", "request_timeout_seconds", SECONDS, "30",
        |d, v| d.timeouts.request => seconds(v)),
    key!("storage", "give_up_after_seconds", SECONDS, "180",
        |d, v| d.timeouts.give_up_after => seconds(v)),

    key!("reporting", "timezone", Shape::Text("an IANA time zone name"), "\"Europe/Stockholm\"",
        |d, v| d.settings.timezone => timezone(v)),
    key!("reporting", "freshness_hours", Shape::Whole { of: "hours", least: 0, most: Some(87_600) }, "48",
        |d, v| d.settings.freshness_hours => whole_number(v, 0, 87_600)),
    key!("reporting", "fail_on_partial", YES_OR_NO, "true", |d, v| d.fail_on_partial => boolean(v)),
    key!("reporting", "dataverse_url", Shape::Or(&WEB_ADDRESS, "none"), "\"https://contoso.crm4.dynamics.com\"",
        |d, v| d.settings.dataverse_url => optional(v, web_address)),

    key!("quality", "warn_mail_with_record_below", Shape::Share, "0.05",
        |d, v| d.settings.quality.warn_mail_with_record_below => share(v)),
    key!("quality", "fail_mail_with_record_below", Shape::Share, "0.01",
        |d, v| d.settings.quality.fail_mail_with_record_below => share(v)),
    key!("quality", "warn_duplicate_contacts_above", Shape::Share, "0.5",
        |d, v| d.settings.quality.warn_duplicate_contacts_above => share(v)),
    key!("quality", "fail_duplicate_contacts_above", Shape::Share, "0.9",
        |d, v| d.settings.quality.fail_duplicate_contacts_above => share(v)),

    key!("people", "company_domains", Shape::List { words: "a list of mail domains without @", of: &NAME }, "[\"nordwind.example\"]",
        |d, v| d.settings.company_domains => set_of(v, domain)),

    key!("consent", "consent", YES_OR_NO, "true", |d, v| d.settings.consent => boolean(v)),
    key!("consent", "enabled_on", Shape::Or(&Shape::Date, "none"), "2026-01-31",
        |d, v| d.settings.enabled_on => optional(v, date)),
    key!("consent", "selected_roles", Shape::List { words: "a list of names or ids of security roles, empty for all", of: &NAME }, "[\"Salesperson\"]",
        |d, v| d.settings.selected_roles => set_of(v, text)),
    key!("consent", "regions", Shape::List { words: "a list of two-letter ISO country codes", of: &COUNTRY }, "[\"FI\", \"GB\"]",
        |d, v| d.settings.regions => set_of(v, country)),
    key!("consent", "default_country", Shape::Or(&COUNTRY, "none"), "\"FI\"",
        |d, v| d.settings.default_country => optional(v, country)),
    key!("consent", "mailbox_countries", Shape::Table { words: "a table from mailbox to two-letter ISO country code", of: &COUNTRY }, "{ \"anna@nordwind.example\" = \"FI\" }",
        |d, v| d.settings.mailbox_countries => mailbox_countries(v)),

    key!("interactions", "past_scheduled_is_held", YES_OR_NO, "true",
        |d, v| d.settings.past_scheduled_is_held => boolean(v)),
    key!("interactions", "emails_need_external_party", YES_OR_NO, "true",
        |d, v| d.settings.emails_need_external_party => boolean(v)),
    key!("interactions", "exclude_automated", YES_OR_NO, "true",
        |d, v| d.settings.exclude_automated => boolean(v)),
    key!("interactions", "automated_subjects", Shape::List { words: "a list of how subjects begin", of: &NAME }, "[\"[Ticket\"]",
        |d, v| d.settings.automated_subjects => set_of(v, text)),
    key!("interactions", "max_recipients", Shape::Or(&Shape::Whole { of: "people", least: 1, most: None }, "none"), "50",
        |d, v| d.settings.max_recipients => optional(v, |v| whole_number(v, 1, u32::MAX))),
    key!("interactions", "exclude_all_day", YES_OR_NO, "true",
        |d, v| d.settings.exclude_all_day => boolean(v)),
    key!("interactions", "organizers_link", YES_OR_NO, "true",
        |d, v| d.settings.organizers_link => boolean(v)),
    key!("interactions", "link_opportunities", Shape::Choice(&["participants", "regarding_only"]), "\"participants\"",
        |d, v| d.settings.link_opportunities => link_opportunities(v)),
    key!("interactions", "opportunity_lead_days", Shape::Or(&Shape::Whole { of: "days", least: 0, most: Some(36_500) }, "unlimited"), "14",
        |d, v| d.settings.opportunity_lead_days => optional(v, |v| whole_number(v, 0, 36_500))),

    key!("responses", "response_horizon_days", DAYS, "14",
        |d, v| d.settings.response_horizon_days => whole_number(v, 1, 3_650)),
    key!("responses", "working_hours", Shape::Or(&Shape::WorkingHours, "none"), working_hours::EXAMPLE,
        |d, v| d.settings.working_hours => optional(v, working_hours::read)),

    key!("connections", "connection_profile", Shape::Choice(&["basic", "enhanced"]), "\"enhanced\"",
        |d, v| d.settings.connection_profile => connection_profile(v)),
    key!("connections", "calls_connect", YES_OR_NO, "true",
        |d, v| d.settings.calls_connect => boolean(v)),
    key!("connections", "strong_from", POINTS, "50",
        |d, v| d.settings.strong_from => whole_number(v, 0, 100)),
    key!("connections", "good_from", POINTS, "30",
        |d, v| d.settings.good_from => whole_number(v, 0, 100)),
    key!("connections", "suggest_all", YES_OR_NO, "false",
        |d, v| d.settings.suggest_all => boolean(v)),

    key!("introductions", "introduction_language", Shape::Choice(&["en", "sv", "fr", "de"]), "\"en\"",
        |d, v| d.settings.introductions.language => language(v)),
    key!("introductions", "introduction_en", TEMPLATE, TEMPLATE_EXAMPLE, |d, v| d.settings.introductions.templates[0] => template(v)),
    key!("introductions", "introduction_sv", TEMPLATE, TEMPLATE_EXAMPLE, |d, v| d.settings.introductions.templates[1] => template(v)),
    key!("introductions", "introduction_fr", TEMPLATE, TEMPLATE_EXAMPLE, |d, v| d.settings.introductions.templates[2] => template(v)),
    key!("introductions", "introduction_de", TEMPLATE, TEMPLATE_EXAMPLE, |d, v| d.settings.introductions.templates[3] => template(v)),

    key!("health", "email_weight", WEIGHT, "6", |d, v| d.settings.health.weights[0] => whole_number(v, 3, 9)),
    key!("health", "meeting_weight", WEIGHT, "6", |d, v| d.settings.health.weights[1] => whole_number(v, 3, 9)),
    key!("health", "phone_call_weight", WEIGHT, "6", |d, v| d.settings.health.weights[2] => whole_number(v, 3, 9)),
    key!("health", "task_weight", WEIGHT, "6", |d, v| d.settings.health.weights[3] => whole_number(v, 3, 9)),
    key!("health", "expected_contact", Shape::Choice(&["auto", "daily", "every_few_days", "weekly", "every_couple_of_weeks", "monthly"]), "\"auto\"",
        |d, v| d.settings.health.expected_contact => expected_contact(v)),
    key!("health", "health_good_from", POINTS, "60", |d, v| d.settings.health.good_from => whole_number(v, 0, 100)),
    key!("health", "health_fair_from", POINTS, "40", |d, v| d.settings.health.fair_from => whole_number(v, 0, 100)),
    key!("similar_deals", "list_length", Shape::Whole { of: "deals", least: 1, most: Some(1_000) }, "10",
        |d, v| d.settings.similar_deals.list_length => whole_number(v, 1, 1_000)),
    key!("similar_deals", "window_days", DAYS, "730",
        |d, v| d.settings.similar_deals.window_days => whole_number(v, 1, 3_650)),
    key!("similar_deals", "minimum_similarity", Shape::Share, "0.5",
        |d, v| d.settings.similar_deals.minimum_similarity => share(v)),
    key!("similar_deals", "custom_columns", Shape::Or(&Shape::List { words: "a list of columns as table.column", of: &NAME }, "auto"), "[\"opportunity.new_segment\", \"account.new_tier\"]",
        |d, v| d.settings.similar_deals.custom_columns => custom_columns(v)),

    key!("coverage", "missing_people_from", Shape::Whole { of: "interactions", least: 1, most: Some(1_000) }, "2",
        |d, v| d.settings.coverage.missing_people_from => whole_number(v, 1, 1_000)),
    key!("coverage", "leaving_colleagues", Shape::List { words: "a list of ids or addresses of colleagues", of: &NAME }, "[\"anna@nordwind.example\"]",
        |d, v| d.settings.coverage.leaving_colleagues => set_of(v, text)),
    key!("coverage", "compare_days", Shape::Whole { of: "days", least: 1, most: Some(365) }, "7",
        |d, v| d.settings.coverage.compare_days => whole_number(v, 1, 365)),
    key!("coverage", "compare_to", Shape::Or(&Shape::Date, "none"), "2026-01-31",
        |d, v| d.settings.coverage.compare_to => optional(v, date)),

    key!("summaries", "languages", Shape::Words(&["de", "en", "fr", "sv"]), "[\"en\", \"sv\"]",
        |d, v| d.settings.languages => set_of(v, summary_language)),

    key!("attention", "attention_reasons", Shape::Words(&REASONS), "[\"awaiting_us\", \"silent\"]",
        |d, v| d.settings.attention.reasons => reasons(v)),
    key!("attention", "active_days", Shape::Whole { of: "days", least: 1, most: Some(90) }, "90", |d, v| d.settings.attention.active_days => whole_number(v, 1, 90)),
    key!("attention", "waiting_from_hours", Shape::Whole { of: "hours", least: 0, most: Some(720) }, "24",
        |d, v| d.settings.attention.waiting_from_hours => whole_number(v, 0, 720)),
    key!("attention", "waiting_days", Shape::Whole { of: "days", least: 1, most: Some(90) }, "28",
        |d, v| d.settings.attention.waiting_days => whole_number(v, 1, 90)),
    key!("attention", "silent_rhythms", Shape::Whole { of: "", least: 1, most: Some(100) }, "2",
        |d, v| d.settings.attention.silent_rhythms => whole_number(v, 1, 100).map(f64::from)),
    key!("attention", "close_days", Shape::Whole { of: "days", least: 0, most: Some(365) }, "14",
        |d, v| d.settings.attention.close_days => whole_number(v, 0, 365)),

    key!("report", "site", Shape::Text("a folder in output.path, or a path or URL of its own"), "\"report\"",
        |d, v| d.site => text(v)),
    key!("report", "owners", Shape::List { words: "a list of owners by owner_id or address, empty for one report of all", of: &NAME }, "[\"anna@nordwind.example\"]",
        |d, v| d.settings.pages.owners => set_of(v, text)),
    key!("report", "records", Shape::List { words: "a list of ids of records, empty for all", of: &NAME }, "[\"b0000001-0000-4000-8000-000000000000\"]",
        |d, v| d.settings.pages.records => set_of(v, text)),
    key!("report", "top", Shape::Or(&Shape::Whole { of: "records", least: 1, most: Some(1_000_000) }, "all"), "50",
        |d, v| d.settings.pages.top => top(v)),
    key!("report", "page_language", Shape::Choice(&["en", "sv", "fr", "de"]), "\"en\"", |d, v| d.settings.pages.language => language(v)),
    key!("report", "page_mode", FILE_MODE, "\"0640\"", |d, v| d.settings.pages.file_mode => page_mode(v)),

    key!("privacy", "publish_subjects", YES_OR_NO, "false",
        |d, v| d.settings.publish_subjects => boolean(v)),
    key!("privacy", "manager_levels", Shape::Whole { of: "levels", least: 0, most: Some(100) }, "3",
        |d, v| d.settings.manager_levels => whole_number(v, 0, 100)),
];
