//! The columns of Dataverse that deals may be compared by, and those that they never are (rule S3).

use crate::sources::contract::{Kind, SourceColumn};

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

const fn column(name: &'static str, kind: Kind, compared: Compared) -> (SourceColumn, Compared) {
    (SourceColumn { name, kind, required: false }, compared)
}

use Compared::{AsChoice, AsNumber, AsPlannedDay, AsPresence, Not};

/// Of deals. Owner and customer come from the records themselves.
pub const OPPORTUNITY: [(SourceColumn, Compared); 18] = [
    column("actualvalue", Kind::Number, Not),
    column("actualvalue_base", Kind::Number, Not),
    column("estimatedvalue_base", Kind::Number, Not),
    column("estimatedvalue", Kind::Number, AsNumber),
    column("estimatedclosedate", Kind::Date, AsPlannedDay),
    column("transactioncurrencyid", Kind::Text, AsChoice),
    column("opportunityratingcode", Kind::Text, AsChoice),
    column("purchasetimeframe", Kind::Text, AsChoice),
    column("purchaseprocess", Kind::Text, AsChoice),
    column("budgetstatus", Kind::Text, AsChoice),
    column("budgetamount", Kind::Number, AsNumber),
    column("need", Kind::Text, AsChoice),
    column("prioritycode", Kind::Text, AsChoice),
    column("salesstagecode", Kind::Text, AsChoice),
    column("initialcommunication", Kind::Text, AsChoice),
    column("pricelevelid", Kind::Text, AsChoice),
    column("campaignid", Kind::Text, AsChoice),
    column("originatingleadid", Kind::Text, AsPresence),
];

/// Of their customers.
pub const ACCOUNT: [(SourceColumn, Compared); 5] = [
    column("industrycode", Kind::Text, AsChoice),
    column("revenue", Kind::Number, AsNumber),
    column("numberofemployees", Kind::Number, AsNumber),
    column("address1_country", Kind::Text, AsChoice),
    column("customertypecode", Kind::Text, AsChoice),
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
