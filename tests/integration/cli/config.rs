//! Job files and overrides: what wins, what is refused, and in which words.

use std::fs;
use std::path::Path;

use rapport::config::{self, CustomColumns, Job, JobKind, Overrides, Profile, Settings};
use rapport::error::Error;
use tempfile::TempDir;

const MINIMAL: &str = r#"
job = "relationship_kpis"
schedule = "30 2 * * *"
[input]
root = "lake"
[output]
path = "out"
"#;

fn shipped(set: &[(&str, &str)]) -> Result<Job, Error> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/relationship_kpis.toml");
    load(&path, &pairs(set), None, None)
}

fn written(text: &str, set: &[(&str, &str)]) -> Result<Job, Error> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("kpis.toml");
    fs::write(&path, text).unwrap();
    load(&path, &pairs(set), None, None)
}

fn load(path: &Path, set: &[(String, String)], input: Option<&str>, output: Option<&str>) -> Result<Job, Error> {
    let text = |text: &str| text.to_string();
    let overrides = Overrides {
        set: set.to_vec(),
        input: input.map(text),
        output: output.map(text),
        variables: [("BUCKET", "s3://results"), ("CONSENT", "false"), ("DOMAINS", "[\"a.example\"]")]
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .into(),
    };
    config::load(path, &overrides)
}

fn pairs(set: &[(&str, &str)]) -> Vec<(String, String)> {
    set.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

#[track_caller]
fn refused(job: Result<Job, Error>, parts: &[&str]) {
    let error = job.unwrap_err();
    assert_eq!(error.exit_code(), 2, "{error}");
    for part in parts {
        assert!(error.to_string().contains(part), "{part:?} is not in: {error}");
    }
}

#[test]
fn the_shipped_job_is_the_default_profile_with_a_company() {
    let job = shipped(&[]).unwrap();
    let expected = Settings {
        timezone: chrono_tz::Europe::Stockholm,
        company_domains: vec!["nordwind.example".to_string()],
        consent: true,
        ..Settings::of_profile(Profile::Default)
    };
    assert_eq!(job.settings, expected);
    assert_eq!(job.name, "relationship_kpis");
    assert_eq!(job.tables.len(), job.kind.tables().len());
}

#[test]
fn every_shipped_job_has_the_settings_of_the_default_profile() {
    let expected = shipped(&[]).unwrap().settings;
    for kind in JobKind::ALL {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("jobs/{}.toml", kind.name()));
        let job = load(&path, &[], None, None).unwrap();
        assert_eq!((job.kind, &job.settings), (*kind, &expected), "{}", kind.name());
    }
}

#[test]
fn the_shipped_weekly_job_counts_as_the_daily_one_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/similar_won_deals.toml");
    let weekly = load(&path, &[], None, None).unwrap();
    assert_eq!(weekly.settings, shipped(&[]).unwrap().settings);
    assert_eq!(weekly.tables, ["similar_won_deals", "similar_won_factors", "opportunity_benchmarks"]);
    let with = |key: &str, value: &str| load(&path, &pairs(&[(key, value)]), None, None);
    let deals = with("custom_columns", "[\"opportunity.New_Segment\"]").unwrap().settings.similar_deals;
    assert_eq!(deals.custom_columns, CustomColumns::Named(vec!["opportunity.new_segment".to_string()]));
    refused(with("custom_columns", "[\"new_segment\"]"), &["as table.column", "new_segment"]);
    refused(with("minimum_similarity", "1.5"), &["from 0 to 1", "found 1.5"]);
    refused(with("languages", "[\"es\"]"), &["\"sv\"", "\"es\""]);
    let hash = |list: &str| with("list_length", list).unwrap().config_hash;
    assert_ne!(hash("10"), hash("11"));
}

#[test]
fn the_profile_can_be_overridden_in_the_shipped_job() {
    let settings = shipped(&[("profile", "dynamics")]).unwrap().settings;
    assert!(!settings.past_scheduled_is_held && !settings.emails_need_external_party);
    assert!(!settings.exclude_automated && !settings.exclude_all_day && !settings.organizers_link);
    assert_eq!((settings.max_recipients, settings.opportunity_lead_days), (None, None));
    assert_eq!(settings.timezone, chrono_tz::Europe::Stockholm);
}

#[test]
fn a_key_wins_over_its_profile_and_the_command_line_over_the_file() {
    let text = format!("profile = \"dynamics\"\n{MINIMAL}[interactions]\nmax_recipients = 20\n");
    let max_recipients = |set| written(&text, set).unwrap().settings.max_recipients;
    assert_eq!(max_recipients(&[]), Some(20));
    assert_eq!(max_recipients(&[("max_recipients", "30")]), Some(30));
    assert_eq!(max_recipients(&[("interactions.max_recipients", "none")]), None);
    assert_eq!(max_recipients(&[("max_recipients", "30"), ("max_recipients", "40")]), Some(40));
    assert_eq!(max_recipients(&[("profile", "default")]), Some(20));
}

#[test]
fn every_form_of_value_is_read() {
    let settings = shipped(&[
        ("timezone", "\"America/New_York\""),
        ("company_domains", "[\"B.example\", \"a.example\", \"b.example\"]"),
        ("enabled_on", "2026-01-31"),
        ("default_country", "fi"),
        ("mailbox_countries", "{ \"Anna@Nordwind.example\" = \"se\" }"),
        ("link_opportunities", "regarding_only"),
        ("opportunity_lead_days", "unlimited"),
        ("working_hours", "{ timezone = \"UTC\", days = [\"fri\", \"mon\"], start = \"09:00\", end = \"17:00\" }"),
    ])
    .unwrap()
    .settings;
    assert_eq!(settings.timezone, chrono_tz::America::New_York);
    assert_eq!(settings.company_domains, ["a.example", "b.example"]);
    assert_eq!(settings.enabled_on.unwrap().to_string(), "2026-01-31");
    assert_eq!(settings.default_country.as_deref(), Some("FI"));
    assert_eq!(settings.mailbox_countries["anna@nordwind.example"], "SE");
    assert_eq!(settings.opportunity_lead_days, None);
    assert_eq!(settings.working_hours.unwrap().days.len(), 2);
}

#[test]
fn unknown_keys_are_refused_with_the_nearest() {
    let people = |line: &str| written(&format!("{MINIMAL}[people]\n{line}"), &[]);
    refused(
        people("company_domain = []"),
        &["kpis.toml", "people.company_domain:", "Did you mean people.company_domains?"],
    );
    refused(people("timezone = \"UTC\""), &["people.timezone", "section [reporting]"]);
    refused(written(&format!("timezone = \"UTC\"\n{MINIMAL}"), &[]), &["timezone", "section [reporting]"]);
    refused(written(&format!("{MINIMAL}[persons]\nx = 1"), &[]), &["persons", "no such key"]);
    refused(shipped(&[("time_zone", "UTC")]), &["--set time_zone", "Did you mean reporting.timezone?"]);
    refused(shipped(&[("people.timezone", "UTC")]), &["--set people.timezone", "Did you mean reporting.timezone?"]);
}

#[test]
fn wrong_values_name_file_key_expectation_and_example() {
    refused(
        written(&format!("{MINIMAL}[consent]\nconsent = \"yes\""), &[]),
        &["kpis.toml", "consent.consent", "expects true or false", "found the text \"yes\"", "consent = true"],
    );
    for (key, value, parts) in [
        ("max_recipients", "0", ["from 1", "found 0"]),
        ("max_recipients", "-1", ["from 1", "found -1"]),
        ("response_horizon_days", "2.5", ["whole number", "found 2.5"]),
        ("timezone", "Europe/Stokholm", ["IANA", "did you mean \"Europe/Stockholm\"?"]),
        (
            "company_domains",
            "nordwind.example",
            ["a list of mail domains", "--set 'company_domains=[\"nordwind.example\"]'"],
        ),
        ("company_domains", "[\"anna@nordwind.example\"]", ["without @", "in the list"]),
        ("regions", "[\"Sweden\"]", ["ISO country", "\"Sweden\""]),
        ("introduction_en", "\"Hi {name}\"", ["placeholders", "{name}"]),
        ("introduction_language", "no", ["\"en\", \"sv\", \"fr\" or \"de\"", "\"no\""]),
        ("enabled_on", "31.01.2026", ["a date", "enabled_on=2026-01-31"]),
        ("profile", "salesforce", ["\"default\" or \"dynamics\"", "salesforce"]),
        ("schedule", "daily", ["five cron fields", "1 fields"]),
        ("company_domains", "[\"a.example\"", ["no TOML value", "Quote it"]),
        ("input.root", "ftp://lake/x", ["found ftp://", "no object store"]),
    ] {
        refused(shipped(&[(key, value)]), &parts);
    }
}

#[test]
fn missing_keys_and_broken_files_are_named() {
    refused(written(&MINIMAL.replace("root = \"lake\"", ""), &[]), &["input.root", "is missing", "root = "]);
    refused(written(&MINIMAL.replace("job =", "#"), &[]), &["job", "is missing"]);
    refused(written("job = ", &[]), &["kpis.toml", "line 1"]);
    refused(load(Path::new("nowhere/kpis.toml"), &[], None, None), &["nowhere/kpis.toml"]);
}

#[test]
fn tables_are_chosen_by_name() {
    let job = shipped(&[("tables", "[\"interactions\", \"account_kpis\"]")]).unwrap();
    assert_eq!(job.tables, ["account_kpis", "interactions"]);
    refused(shipped(&[("tables", "[\"accounts_kpis\"]")]), &["tables", "Did you mean account_kpis?"]);
}

#[test]
fn arguments_win_over_the_file_and_tokens_are_not_repeated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/relationship_kpis.toml");
    let job = load(&path, &[], Some("file:///lake"), Some("results")).unwrap();
    assert_eq!((job.input.root.to_string(), job.output.to_string()), ("/lake".to_string(), "results".to_string()));
    let error = load(&path, &[], Some("s3://lake?sig=secret"), None).unwrap_err().to_string();
    assert!(error.contains("--input") && error.contains("s3://") && !error.contains("secret"), "{error}");
}

#[test]
fn the_hash_follows_the_settings_and_nothing_else() {
    let hash = |set: &[(&str, &str)]| shipped(set).unwrap().config_hash;
    let shipped = hash(&[]);
    for same in [
        ("schedule", "0 5 * * *"),
        ("input.root", "elsewhere"),
        ("output.path", "elsewhere"),
        ("tables", "[\"account_kpis\"]"),
        ("max_recipients", "50"),
        ("company_domains", "[\"NORDWIND.example\", \"nordwind.example\"]"),
        (
            "regions",
            "[\"US\",\"BR\",\"CL\",\"AT\",\"FI\",\"FR\",\"GB\",\"IE\",\"NL\",\"HK\",\"JP\",\"MY\",\"SG\",\"KR\"]",
        ),
    ] {
        assert_eq!(hash(&[same]), shipped, "{same:?}");
    }
    for other in [("profile", "dynamics"), ("consent", "false"), ("max_recipients", "51"), ("timezone", "UTC")] {
        assert_ne!(hash(&[other]), shipped, "{other:?}");
    }
    // Readers compare hashes across versions: this one may change only with the settings themselves.
    assert_eq!(shipped, "47388096e27ae461");
}
