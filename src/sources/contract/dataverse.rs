//! Tables of Dataverse (rules I1 to I6).

use super::ValueKind::{Bool, Date, Instant, Int, Number, Text};
use super::{SourceColumn, SourceTable, System, optional, required};

const fn dataverse(
    name: &'static str,
    primary_key: &'static [&'static str],
    columns: &'static [SourceColumn],
) -> SourceTable {
    let required = matches!(
        name.as_bytes(),
        b"account" | b"contact" | b"opportunity" | b"systemuser" | b"email" | b"activityparty"
    );
    SourceTable { name, system: System::Dataverse, required, primary_key, columns }
}

/// Whether who or what a row of [`ACCOUNT`], [`CONTACT`], [`LEAD`] or [`OPPORTUNITY`] is about is opted out of all this
/// (rule C4).
pub const OPTED_OUT: &str = "msdyn_gdproptout";

/// Columns of [`CONTACT`] and [`LEAD`] that hold their addresses of mail, the main one first.
pub const CUSTOMER_ADDRESSES: [&str; 3] = ["emailaddress1", "emailaddress2", "emailaddress3"];

/// Columns of [`SYSTEMUSER`] that hold addresses: of mail, and the one that signs in.
pub const COLLEAGUE_ADDRESSES: [&str; 2] = ["internalemailaddress", "domainname"];

/// Customer companies.
pub const ACCOUNT: SourceTable = dataverse(
    "account",
    &["accountid"],
    &[
        required("accountid", Text),
        optional("masterid", Text),
        optional("merged", Bool),
        optional("name", Text),
        optional("primarycontactid", Text),
        optional("parentaccountid", Text),
        optional("ownerid", Text),
        optional("websiteurl", Text),
        optional("createdon", Instant),
        optional(OPTED_OUT, Bool),
    ],
);

/// Customer people.
pub const CONTACT: SourceTable = dataverse(
    "contact",
    &["contactid"],
    &[
        required("contactid", Text),
        optional("masterid", Text),
        optional("merged", Bool),
        optional("fullname", Text),
        optional("emailaddress1", Text),
        optional("emailaddress2", Text),
        optional("emailaddress3", Text),
        optional("parentcustomerid", Text),
        optional("parentcustomerid_entitytype", Text),
        optional("ownerid", Text),
        optional("statecode", Int),
        optional("createdon", Instant),
        optional(OPTED_OUT, Bool),
    ],
);

/// Unqualified prospects.
pub const LEAD: SourceTable = dataverse(
    "lead",
    &["leadid"],
    &[
        required("leadid", Text),
        optional("masterid", Text),
        optional("merged", Bool),
        optional("fullname", Text),
        optional("companyname", Text),
        optional("emailaddress1", Text),
        optional("emailaddress2", Text),
        optional("emailaddress3", Text),
        optional("ownerid", Text),
        optional("statecode", Int),
        optional("createdon", Instant),
        optional(OPTED_OUT, Bool),
    ],
);

/// Deals.
pub const OPPORTUNITY: SourceTable = dataverse(
    "opportunity",
    &["opportunityid"],
    &[
        required("opportunityid", Text),
        optional("name", Text),
        optional("customerid", Text),
        optional("customerid_entitytype", Text),
        optional("parentaccountid", Text),
        optional("parentcontactid", Text),
        optional("ownerid", Text),
        required("statecode", Int),
        optional("actualclosedate", Date),
        optional("createdon", Instant),
        optional("estimatedclosedate", Date),
        optional("estimatedvalue", Number),
        optional("estimatedvalue_base", Number),
        optional("actualvalue", Number),
        optional("actualvalue_base", Number),
        optional("transactioncurrencyid", Text),
        optional(OPTED_OUT, Bool),
    ],
);

/// Colleagues.
pub const SYSTEMUSER: SourceTable = dataverse(
    "systemuser",
    &["systemuserid"],
    &[
        required("systemuserid", Text),
        optional("fullname", Text),
        optional("internalemailaddress", Text),
        optional("domainname", Text),
        optional("azureactivedirectoryobjectid", Text),
        optional("isdisabled", Bool),
        optional("parentsystemuserid", Text),
    ],
);

/// Security roles.
pub const ROLE: SourceTable = dataverse(
    "role",
    &["roleid"],
    &[optional("roleid", Text), optional("name", Text), optional("parentrootroleid", Text)],
);

/// Who holds which security role.
pub const SYSTEMUSERROLES: SourceTable = dataverse(
    "systemuserroles",
    &["systemuserid", "roleid"],
    &[optional("systemuserid", Text), optional("roleid", Text)],
);

/// Who belongs to which team.
pub const TEAMMEMBERSHIP: SourceTable = dataverse(
    "teammembership",
    &["teamid", "systemuserid"],
    &[optional("teamid", Text), optional("systemuserid", Text)],
);

/// What is shared with whom: records with colleagues and teams, access teams among them. Only the job that publishes
/// who may read what reads it, for it may be as large as everything else together.
pub const PRINCIPALOBJECTACCESS: SourceTable = dataverse(
    "principalobjectaccess",
    &["principalobjectaccessid"],
    &[
        optional("principalobjectaccessid", Text),
        required("principalid", Text),
        required("objectid", Text),
        required("accessrightsmask", Int),
        optional("inheritedaccessrightsmask", Int),
    ],
);

/// Stakeholder and sales-team links.
pub const CONNECTION: SourceTable = dataverse(
    "connection",
    &["connectionid"],
    &[
        optional("connectionid", Text),
        optional("record1id", Text),
        optional("record2id", Text),
        optional("record2roleid", Text),
        optional("statecode", Int),
    ],
);

/// What a link means.
pub const CONNECTIONROLE: SourceTable = dataverse(
    "connectionrole",
    &["connectionroleid"],
    &[optional("connectionroleid", Text), optional("category", Int)],
);

/// Tracked emails.
pub const EMAIL: SourceTable = dataverse(
    "email",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        optional("statecode", Int),
        required("statuscode", Int),
        optional("directioncode", Bool),
        optional("senton", Instant),
        optional("actualend", Instant),
        optional("createdon", Instant),
        optional("regardingobjectid", Text),
        optional("messageid", Text),
        optional("inreplyto", Text),
        optional("conversationindex", Text),
        optional("isemailfollowed", Bool),
        optional("opencount", Int),
        optional("linksclickedcount", Int),
        optional("attachmentopencount", Int),
        optional("replycount", Int),
    ],
);

/// Meetings.
pub const APPOINTMENT: SourceTable = dataverse(
    "appointment",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualstart", Instant),
        optional("scheduleddurationminutes", Int),
        optional("actualdurationminutes", Int),
        optional("isalldayevent", Bool),
        optional("globalobjectid", Text),
        optional("instancetypecode", Int),
        optional("seriesid", Text),
        optional("regardingobjectid", Text),
        optional("ownerid", Text),
        optional("createdon", Instant),
    ],
);

/// Calls.
pub const PHONECALL: SourceTable = dataverse(
    "phonecall",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("directioncode", Bool),
        optional("actualstart", Instant),
        optional("actualend", Instant),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualdurationminutes", Int),
        optional("regardingobjectid", Text),
        optional("createdon", Instant),
    ],
);

/// Tasks.
pub const TASK: SourceTable = dataverse(
    "task",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("actualend", Instant),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualdurationminutes", Int),
        optional("regardingobjectid", Text),
        optional("createdon", Instant),
    ],
);

/// Participants of tracked activities.
pub const ACTIVITYPARTY: SourceTable = dataverse(
    "activityparty",
    &["activitypartyid"],
    &[
        optional("activitypartyid", Text),
        required("activityid", Text),
        optional("partyid", Text),
        optional("partyid_entitytype", Text),
        optional("addressused", Text),
        required("participationtypemask", Int),
    ],
);
