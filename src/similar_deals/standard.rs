//! The columns of Dataverse that deals may be compared by, and those that they never are (rule S3).

use crate::sources::contract::{SourceColumn, ValueKind};

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// By difference.
    AsNumber,
    /// By whether it is the same.
    AsChoice,
    /// By whether it is there at all.
    AsPresence,
    /// By the days from creation to it; a plan, and so known also while it lies ahead.
    AsPlannedDay,
    /// Not at all: it is there for other columns' sake.
    Not,
}

const fn column(name: &'static str, kind: ValueKind, compared: Compared) -> (SourceColumn, Compared) {
    (SourceColumn { name, kind, required: false }, compared)
}

use Compared::{AsChoice, AsNumber, AsPlannedDay, AsPresence, Not};

/// Of deals. Owner and customer come from the records themselves.
pub const OPPORTUNITY: [(SourceColumn, Compared); 18] = [
    column("actualvalue", ValueKind::Number, Not),
    column("actualvalue_base", ValueKind::Number, Not),
    column("estimatedvalue_base", ValueKind::Number, Not),
    column("estimatedvalue", ValueKind::Number, AsNumber),
    column("estimatedclosedate", ValueKind::Date, AsPlannedDay),
    column("transactioncurrencyid", ValueKind::Text, AsChoice),
    column("opportunityratingcode", ValueKind::Text, AsChoice),
    column("purchasetimeframe", ValueKind::Text, AsChoice),
    column("purchaseprocess", ValueKind::Text, AsChoice),
    column("budgetstatus", ValueKind::Text, AsChoice),
    column("budgetamount", ValueKind::Number, AsNumber),
    column("need", ValueKind::Text, AsChoice),
    column("prioritycode", ValueKind::Text, AsChoice),
    column("salesstagecode", ValueKind::Text, AsChoice),
    column("initialcommunication", ValueKind::Text, AsChoice),
    column("pricelevelid", ValueKind::Text, AsChoice),
    column("campaignid", ValueKind::Text, AsChoice),
    column("originatingleadid", ValueKind::Text, AsPresence),
];

/// Of their customers.
pub const ACCOUNT: [(SourceColumn, Compared); 5] = [
    column("industrycode", ValueKind::Text, AsChoice),
    column("revenue", ValueKind::Number, AsNumber),
    column("numberofemployees", ValueKind::Number, AsNumber),
    column("address1_country", ValueKind::Text, AsChoice),
    column("customertypecode", ValueKind::Text, AsChoice),
];

/// Columns that say how a deal ended, or are only set or kept current by its end. They never enter,
/// also when a job names them.
pub const FORBIDDEN: [&str; 20] = [
    "actualclosedate",
    "actualvalue",
    "actualvalue_base",
    "closeprobability",
    "completefinalproposal",
    "finaldecisiondate",
    "lastonholdtime",
    "modifiedby",
    "modifiedon",
    "modifiedonbehalfby",
    "onholdtime",
    "processid",
    "sinkcreatedon",
    "sinkmodifiedon",
    "stageid",
    "statecode",
    "statuscode",
    "stepid",
    "stepname",
    "traversedpath",
];

/// Prefixes of what Microsoft adds itself: scores and forecasts made of the outcome, among others.
const MICROSOFT: [&str; 5] = ["msdyn_", "msdynmkt_", "msdyncrm_", "adx_", "mspp_"];

/// Whether a column must not be compared.
pub fn is_forbidden(column: &str) -> bool {
    FORBIDDEN.contains(&column) || MICROSOFT.iter().any(|prefix| column.starts_with(prefix))
}

/// Whether a column is an organisation's own: named with its publisher's prefix, as all of these are.
/// Companions that Dataverse derives (base currency, lookup types and names) are not.
pub fn is_custom(column: &str) -> bool {
    let Some((prefix, rest)) = column.split_once('_') else { return false };
    let derived = ["_base", "_entitytype", "_entitylogicalname"].iter().any(|end| column.ends_with(end));
    let prefixed = (2..=8).contains(&prefix.len()) && prefix.chars().all(|c| c.is_ascii_alphanumeric());
    let address =
        prefix.starts_with("address") || matches!(prefix, "msft" | "estimatedvalue" | "budgetamount" | "revenue");
    prefixed && !rest.is_empty() && !derived && !address && !is_forbidden(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisations_own_columns_are_told_by_their_prefix() {
        for column in ["new_segment", "cr4f2_tier", "nw_product"] {
            assert!(is_custom(column), "{column}");
        }
        for column in [
            "statecode",
            "msdyn_opportunityscore",
            "ownerid_entitytype",
            "new_amount_base",
            "address1_city",
            "estimatedvalue_base",
            "msft_datastate",
        ] {
            assert!(!is_custom(column), "{column}");
        }
    }
}
