//! A short name for a configuration: equal when the results it leads to are computed alike.

use xxhash_rust::xxh3::xxh3_64;

use super::{
    AttentionSettings, ConnectionProfile, Coverage, HealthSettings, JobKind, LinkOpportunities, Profile, QualityLimits,
    Settings, working_hours,
};

/// Paths, the schedule and the choice of tables are left out: they change no number.
pub(super) fn of(kind: JobKind, settings: &Settings) -> String {
    format!("{:016x}", xxh3_64(canonical(kind, settings).as_bytes()))
}

/// One line per setting. Taken apart without `..`, so that a new setting cannot be forgotten here.
fn canonical(kind: JobKind, settings: &Settings) -> String {
    let Settings {
        profile,
        us_dates,
        timezone,
        company_domains,
        consent,
        enabled_on,
        selected_roles,
        regions,
        default_country,
        mailbox_countries,
        past_scheduled_is_held,
        emails_need_external_party,
        exclude_automated,
        automated_subjects,
        max_recipients,
        exclude_all_day,
        organizers_link,
        opportunity_lead_days,
        link_opportunities,
        response_horizon_days,
        freshness_hours,
        dataverse_url,
        publish_subjects,
        manager_levels,
        working_hours,
        connection_profile,
        calls_connect,
        strong_from,
        good_from,
        suggest_all,
        introductions,
        coverage,
        health,
        similar_deals,
        languages,
        quality,
        attention,
        pages,
    } = settings;

    let mailboxes: Vec<String> =
        mailbox_countries.iter().map(|(mailbox, country)| format!("{mailbox:?}={country}")).collect();
    let profile = match profile {
        Profile::Default => "default",
        Profile::Dynamics => "dynamics",
    };
    let link_opportunities = match link_opportunities {
        LinkOpportunities::Participants => "participants",
        LinkOpportunities::RegardingOnly => "regarding_only",
    };
    let connection_profile = match connection_profile {
        ConnectionProfile::Basic => "basic",
        ConnectionProfile::Enhanced => "enhanced",
    };
    let connections = [
        ("connection_profile", connection_profile.to_string()),
        ("calls_connect", calls_connect.to_string()),
        ("strong_from", strong_from.to_string()),
        ("good_from", good_from.to_string()),
        ("suggest_all", suggest_all.to_string()),
        ("introduction_language", introductions.language.code().to_string()),
        ("introduction", format!("{:?}", introductions.templates[introductions.language as usize])),
    ];
    let HealthSettings {
        weights,
        expected_contact,
        accounts,
        good_from: health_good_from,
        fair_from: health_fair_from,
    } = health;
    let health = [
        ("weights", format!("{weights:?}")),
        ("expected_contact", expected_contact.map_or("auto", |level| level.name()).to_string()),
        ("accounts", accounts.to_string()),
        ("health_good_from", health_good_from.to_string()),
        ("health_fair_from", health_fair_from.to_string()),
    ];
    let automated = match automated_subjects.as_slice() {
        [] => exclude_automated.to_string(),
        further => format!("{exclude_automated} {further:?}"),
    };
    let profile = if *us_dates { format!("{profile} us_dates") } else { profile.to_string() };
    let lines = [
        ("job", kind.name().to_string()),
        ("profile", profile),
        ("timezone", timezone.name().to_string()),
        ("company_domains", format!("{company_domains:?}")),
        ("consent", consent.to_string()),
        ("enabled_on", or_none(enabled_on)),
        ("selected_roles", format!("{selected_roles:?}")),
        ("regions", format!("{regions:?}")),
        ("default_country", or_none(default_country)),
        ("mailbox_countries", mailboxes.join(",")),
        ("past_scheduled_is_held", past_scheduled_is_held.to_string()),
        ("emails_need_external_party", emails_need_external_party.to_string()),
        ("exclude_automated", automated),
        ("max_recipients", or_none(max_recipients)),
        ("exclude_all_day", exclude_all_day.to_string()),
        ("organizers_link", organizers_link.to_string()),
        ("opportunity_lead_days", or_none(opportunity_lead_days)),
        ("link_opportunities", link_opportunities.to_string()),
        ("response_horizon_days", response_horizon_days.to_string()),
        ("freshness_hours", freshness_hours.to_string()),
        ("publish_subjects", publish_subjects.to_string()),
        ("working_hours", or_none(&working_hours.as_ref().map(working_hours::write))),
    ];
    let of_kind = match kind {
        JobKind::RelationshipKpis => {
            let summaries = ("summaries", format!("{languages:?} {similar_deals:?}"));
            let limits = (*quality != QualityLimits::default()).then(|| ("quality", format!("{quality:?}")));
            // Settings left as they are keep the hash of before there were any.
            let url = dataverse_url.as_ref().map(|url| ("dataverse_url", url.clone()));
            let managers = (*manager_levels > 0).then(|| ("manager_levels", manager_levels.to_string()));
            let coverage = (*coverage != Coverage::default()).then(|| ("coverage", format!("{coverage:?}")));
            let attention =
                (*attention != AttentionSettings::default()).then(|| ("attention", format!("{attention:?}")));
            // The same of connections, which were not always looked at here.
            let usual = Settings::of_profile(settings.profile);
            let limits_of = |of: &Settings| (of.connection_profile, of.calls_connect, of.strong_from, of.good_from);
            let own = (limits_of(settings) != limits_of(&usual)).then(|| &connections[..4]);
            let own = own.into_iter().flatten().cloned();
            health
                .into_iter()
                .chain([summaries])
                .chain(limits)
                .chain(url)
                .chain(managers)
                .chain(coverage)
                .chain(own)
                .chain(attention)
                .collect()
        }
        JobKind::WhoKnowsWhom => connections.to_vec(),
        JobKind::SimilarWonDeals => vec![("similar_deals", format!("{similar_deals:?}"))],
        JobKind::Report => vec![("pages", format!("{pages:?}"))],
    };
    let lines = lines.into_iter().chain(of_kind);
    lines.map(|(name, value)| format!("{name}={value}\n")).collect()
}

fn or_none<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(|| "none".to_string(), T::to_string)
}
