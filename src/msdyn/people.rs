//! `msdyn_mostcontacted`, `msdyn_mostcontactedby` and the tables of who knows whom.

use super::choices::{ACCURACY, ACTIVITY_TYPES, DIRECTION_TEXTS};
use super::column::{DataverseType, Mapped, Origin};
use super::original::{KEY, Original, RowsOf};

const fn text(name: &'static str, longest: u32, own: &'static str) -> Mapped {
    Mapped::new(name, DataverseType::Text(longest), Origin::Column(own))
}

const fn count(name: &'static str, own: &'static str) -> Mapped {
    Mapped::new(name, DataverseType::Integer, Origin::Column(own))
}

const UNDOCUMENTED: Origin = Origin::Unknown("what stands in it is not documented");

/// Both tables of the people that a record was most in touch with.
pub fn most_contacted(side: &'static str) -> Original {
    let is_customers = side == "most_contacted";
    let name = if is_customers { "msdyn_mostcontacted" } else { "msdyn_mostcontactedby" };
    let mut columns = vec![
        Mapped::new(format!("{name}id").leak(), DataverseType::Key, Origin::Column(KEY)),
        text("msdyn_name", 100, "name"),
        text("msdyn_primaryname", 100, "name"),
        text("msdyn_entityid", 100, "person_id"),
        text("msdyn_entityname", 100, "person_type"),
        text("msdyn_regardingentityid", 100, "record_id"),
        text("msdyn_regardingentityname", 100, "record_type"),
        Mapped::new("msdyn_entityimage_url", DataverseType::Text(200), Origin::Unknown("no image is exported")),
        Mapped::named("msdyn_account_regardingobjectid", "account", "account_id", "account_name"),
        Mapped::named("msdyn_contact_regardingobjectid", "contact", "contact_id", "contact_name"),
        Mapped::named("msdyn_lead_regardingobjectid", "lead", "lead_id", "lead_name"),
        Mapped::named("msdyn_opportunity_regardingobjectid", "opportunity", "opportunity_id", "opportunity_name"),
        count("msdyn_numberofemails", "emails"),
        count("msdyn_numberofmeetings", "meetings"),
        count("msdyn_numberofphonecalls", "phone_calls"),
        Mapped::new("msdyn_numberofinmails", DataverseType::Integer, Origin::Number(0)),
        text("msdyn_lastcontactedon", 100, "last_contact_text"),
    ];
    if is_customers {
        columns.push(text("msdyn_lastcontactedby", 100, "last_contacted_by"));
    }
    columns.push(Mapped::new("msdyn_kpidatajson", DataverseType::Text(1000), UNDOCUMENTED));
    if is_customers {
        columns.push(Mapped::new(
            "msdyn_relationshiphealthscorevalue",
            DataverseType::Integer,
            Origin::Times("person_health_score", 1.0),
        ));
        columns.push(Mapped::new("msdyn_relationshiphealthscorecolor", DataverseType::Text(100), UNDOCUMENTED));
    }
    columns.push(ACCURACY);
    let grain = match is_customers {
        true => "account, lead or opportunity and customer person, the first three",
        false => "account, lead or opportunity and colleague, the first three",
    };
    Original { name, grain, rows: RowsOf::TopContacts(side), columns }
}

/// What both tables of introducers have.
fn introducers(key: &'static str, introduced: &'static str) -> Vec<Mapped> {
    vec![
        Mapped::new(key, DataverseType::Key, Origin::Column(KEY)),
        text("msdyn_introduced_entity_id", 100, introduced),
        text("msdyn_introducer_emailaddress", 200, "colleague_address"),
        Mapped::named("msdyn_introducer_systemuserid", "systemuser", "systemuser_id", "colleague_name"),
        // From 0 to 100; the scale of the original is not documented.
        Mapped::new("msdyn_score", DataverseType::Decimal(2), Origin::Times("strength", 1.0)),
        Mapped::new("msdyn_last_interaction_datetime", DataverseType::DateTime, Origin::Column("last_interaction_at")),
        Mapped::new(
            "msdyn_last_interaction_type",
            DataverseType::Text(100),
            Origin::Spelled("last_interaction_kind", ACTIVITY_TYPES),
        ),
        Mapped::new(
            "msdyn_last_interaction_dataflow",
            DataverseType::Text(100),
            Origin::Spelled("last_interaction_direction", DIRECTION_TEXTS),
        ),
    ]
}

/// Colleagues who know a contact or lead.
pub fn colleagues_for_contact() -> Original {
    let mut columns = introducers("msdyn_wkwcolleaguesforcontactid", "person_id");
    columns.push(ACCURACY);
    Original {
        name: "msdyn_wkwcolleaguesforcontact",
        grain: "contact or lead and colleague, the first five",
        rows: RowsOf::WhoKnowsWhom,
        columns,
    }
}

/// Colleagues who know an account.
pub fn colleagues_for_company() -> Original {
    Original {
        name: "msdyn_wkwcolleaguesforcompany",
        grain: "account and colleague",
        rows: RowsOf::AccountConnections,
        columns: introducers("msdyn_wkwcolleaguesforcompanyid", "account_id"),
    }
}

/// What makes deals similar.
pub fn feature_importance() -> Original {
    Original {
        name: "msdyn_similarentitiesfeatureimportance",
        grain: "factor that deals are compared by",
        rows: RowsOf::Factors,
        columns: vec![
            Mapped::new("msdyn_similarentitiesfeatureimportanceid", DataverseType::Key, Origin::Column(KEY)),
            Mapped::new("msdyn_entitytype", DataverseType::Text(100), Origin::Word("opportunity")),
            text("msdyn_featureimportance", 100, "factor_json"),
        ],
    }
}
