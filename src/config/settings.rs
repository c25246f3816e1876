//! The switches of the rules, and what each profile sets them to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::config::{AttentionSettings, Introductions, PageSettings};
use crate::language::Language;
use crate::time::WorkingHours;

/// A set of defaults that job files name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What we recommend.
    Default,
    /// The documentation of Dynamics 365 Sales to the letter.
    Dynamics,
}

/// Which interactions count for a deal (L2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOpportunities {
    /// Those that regard it, and those of its contacts with its colleagues.
    Participants,
    /// Only those that regard it.
    RegardingOnly,
}

/// What the strength of a connection is made of (W1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionProfile {
    /// The number of interactions in Dataverse.
    Basic,
    /// How often and how lately, over Dataverse and Exchange.
    Enhanced,
}

/// How often a relationship that is well is expected to be in touch (H2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedContact {
    /// Once a day.
    Daily,
    /// Once in three days.
    EveryFewDays,
    /// Once a week.
    Weekly,
    /// Once in two weeks.
    EveryCoupleOfWeeks,
    /// Once a month.
    Monthly,
}

impl ExpectedContact {
    /// All of them, the most frequent first.
    pub const ALL: [ExpectedContact; 5] = [
        ExpectedContact::Daily,
        ExpectedContact::EveryFewDays,
        ExpectedContact::Weekly,
        ExpectedContact::EveryCoupleOfWeeks,
        ExpectedContact::Monthly,
    ];

    /// Its name in job files and tables.
    pub fn name(self) -> &'static str {
        ["daily", "every_few_days", "weekly", "every_couple_of_weeks", "monthly"][self as usize]
    }

    /// Days between two contacts.
    pub fn days(self) -> f64 {
        [1.0, 3.0, 7.0, 14.0, 30.0][self as usize]
    }
}

/// What health is measured by (H1, H2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthSettings {
    /// Weights of email, meeting, call and task, 3 to 9; 6 is neutral.
    pub weights: [u32; 4],
    /// None: found from the lake.
    pub expected_contact: Option<ExpectedContact>,
    /// Accounts have health too, of their people.
    pub accounts: bool,
    /// Score from which health is good.
    pub good_from: u32,
    /// Score from which health is fair.
    pub fair_from: u32,
}

/// Which custom columns deals are compared by (S3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomColumns {
    /// Every usable one.
    Auto,
    /// Those named, as `opportunity.new_segment` or `account.new_tier`.
    Named(Vec<String>),
}

/// Switches of the similar won deals.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarDeals {
    /// Won deals per open one (S1).
    pub list_length: u32,
    /// How long ago a deal may have been won to be listed (S1).
    pub window_days: u32,
    /// Less similar ones are not listed (S1).
    pub minimum_similarity: f64,
    /// S3
    pub custom_columns: CustomColumns,
}

/// From where on what was found in the lake is warned about, and from where on it is an error; shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityLimits {
    /// Least share of emails that count for a record.
    pub warn_mail_with_record_below: f64,
    /// The same, below which the run fails.
    pub fail_mail_with_record_below: f64,
    /// Greatest share of contacts that have an address in common with another.
    pub warn_duplicate_contacts_above: f64,
    /// The same, above which the run fails.
    pub fail_duplicate_contacts_above: f64,
}

impl Default for QualityLimits {
    fn default() -> QualityLimits {
        QualityLimits {
            warn_mail_with_record_below: 0.05,
            fail_mail_with_record_below: 0.0,
            warn_duplicate_contacts_above: 0.5,
            fail_duplicate_contacts_above: 1.0,
        }
    }
}

/// What is asked about how well relationships are covered, and about what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// From how many interactions on people are missing who never wrote themselves (W6).
    pub missing_people_from: u32,
    /// Ids or addresses of colleagues who leave, besides those who are disabled (W8).
    pub leaving_colleagues: Vec<String>,
    /// How many days earlier the day is with which a day is compared (W9).
    pub compare_days: u32,
    /// The day with which all are compared instead (W9).
    pub compare_to: Option<NaiveDate>,
}

impl Default for Coverage {
    fn default() -> Coverage {
        Coverage { missing_people_from: 2, leaving_colleagues: Vec::new(), compare_days: 1, compare_to: None }
    }
}

/// What is counted and how: the settings of a job, each with the rule that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The defaults that hold where the job file says nothing.
    pub profile: Profile,
    /// Times in texts may be written as in the US (I3).
    pub us_dates: bool,
    /// Reporting time zone (T1).
    pub timezone: Tz,
    /// Lower case (P2).
    pub company_domains: Vec<String>,
    /// Exchange rows may be used (C1).
    pub consent: bool,
    /// The day consent was asked for (C1).
    pub enabled_on: Option<NaiveDate>,
    /// Names or ids of security roles; empty selects everyone (C2).
    pub selected_roles: Vec<String>,
    /// Supported countries, ISO 3166-1 alpha-2 (C2).
    pub regions: Vec<String>,
    /// The country of mailboxes whose country is unknown (C2).
    pub default_country: Option<String>,
    /// Mailbox (address or id, lower case) to country, before anything else (C2).
    pub mailbox_countries: BTreeMap<String, String>,
    /// N1
    pub past_scheduled_is_held: bool,
    /// N9
    pub emails_need_external_party: bool,
    /// N10
    pub exclude_automated: bool,
    /// How subjects of automatic mail begin, besides those that are known (N10).
    pub automated_subjects: Vec<String>,
    /// N11; none: no limit.
    pub max_recipients: Option<u32>,
    /// N11
    pub exclude_all_day: bool,
    /// An external organizer links a meeting to records (L2).
    pub organizers_link: bool,
    /// Days before its creation from which an opportunity takes part (L4); none: unlimited.
    pub opportunity_lead_days: Option<u32>,
    /// L3
    pub link_opportunities: LinkOpportunities,
    /// K3
    pub response_horizon_days: u32,
    /// K12
    pub freshness_hours: u32,
    /// Where records are opened in Dataverse, without a slash at the end (O2).
    pub dataverse_url: Option<String>,
    /// K8
    pub publish_subjects: bool,
    /// How many levels of managers above its owner may read a record; 0 for none (C7).
    pub manager_levels: u32,
    /// K5; none: elapsed time.
    pub working_hours: Option<WorkingHours>,
    /// W1
    pub connection_profile: ConnectionProfile,
    /// Calls connect, as emails and meetings do (W1).
    pub calls_connect: bool,
    /// Strength from which a connection is called strong (W3).
    pub strong_from: u32,
    /// Strength from which a connection is called good (W3).
    pub good_from: u32,
    /// Who knows whom suggests everybody, one-way and very weak connections too (W5).
    pub suggest_all: bool,
    /// W5
    pub introductions: Introductions,
    /// W6 to W9
    pub coverage: Coverage,
    /// H1 to H4
    pub health: HealthSettings,
    /// S1 to S5
    pub similar_deals: SimilarDeals,
    /// Languages of summaries, ISO 639-1 (K11).
    pub languages: Vec<String>,
    /// Limits of what results can be trusted for (K12).
    pub quality: QualityLimits,
    /// What needs attention (K13).
    pub attention: AttentionSettings,
    /// Pages of a report.
    pub pages: PageSettings,
}

/// EMEA, APAC and Americas as C2 lists them, sorted.
const SUPPORTED_COUNTRIES: &[&str] =
    &["AT", "BR", "CL", "FI", "FR", "GB", "HK", "IE", "JP", "KR", "MY", "NL", "SG", "US"];

impl Settings {
    /// The defaults of a profile.
    pub fn of_profile(profile: Profile) -> Settings {
        let ours = profile == Profile::Default;
        Settings {
            profile,
            us_dates: false,
            timezone: Tz::UTC,
            company_domains: Vec::new(),
            consent: false,
            enabled_on: None,
            selected_roles: Vec::new(),
            regions: SUPPORTED_COUNTRIES.iter().map(|c| c.to_string()).collect(),
            default_country: None,
            mailbox_countries: BTreeMap::new(),
            past_scheduled_is_held: ours,
            emails_need_external_party: ours,
            exclude_automated: ours,
            automated_subjects: Vec::new(),
            max_recipients: ours.then_some(50),
            exclude_all_day: ours,
            organizers_link: ours,
            opportunity_lead_days: ours.then_some(14),
            link_opportunities: LinkOpportunities::Participants,
            response_horizon_days: 14,
            freshness_hours: 48,
            dataverse_url: None,
            publish_subjects: false,
            manager_levels: 0,
            working_hours: None,
            connection_profile: ConnectionProfile::Enhanced,
            calls_connect: ours,
            strong_from: 50,
            good_from: 30,
            suggest_all: !ours,
            introductions: Introductions::default(),
            coverage: Coverage::default(),
            health: HealthSettings {
                weights: [6; 4],
                expected_contact: (!ours).then_some(ExpectedContact::Weekly),
                accounts: ours,
                good_from: 60,
                fair_from: 40,
            },
            similar_deals: SimilarDeals {
                list_length: 10,
                window_days: 730,
                minimum_similarity: 0.5,
                custom_columns: CustomColumns::Auto,
            },
            languages: Language::CODES.iter().map(|language| language.to_string()).collect(),
            quality: QualityLimits::default(),
            attention: AttentionSettings::default(),
            pages: PageSettings::default(),
        }
    }
}
