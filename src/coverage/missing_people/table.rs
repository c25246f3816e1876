//! What the table `missing_people` declares of itself.

use crate::table::ColumnType::{Float64, Int64, Text, Timestamp};
use crate::table::{Column, ColumnType, Table};

const COUNTED: &str = "0 when there were none";
const OF_CONTACTS: &str = "null where finding is missing_person";
const OF_STRANGERS: &str = "null unless finding is missing_person, and where nobody was in touch in the past 365 days";

/// The table `missing_people`.
pub fn table() -> Table {
    let column = |name, dtype: ColumnType, unit, description, empty, example| {
        Column::new(name, dtype, unit, description, empty, "W6", example)
    };
    let text = |name, description, empty, example| column(name, Text, "", description, empty, example);
    let count = |name, description, example| column(name, Int64, "interactions", description, COUNTED, example);
    let at = |name, description, empty, example| column(name, Timestamp, "", description, empty, example);
    Table {
        defined_in: file!(),
        name: "missing_people",
        version: 1,
        grain: "finding and address",
        description: "People outside who are in touch with us and in no contact or lead, and contacts whose address seems \
                      dead: what to add to the CRM system, and what to mend there. Machines, lists and our own people \
                      are left out.",
        key: &["finding", "address"],
        columns: vec![
            text(
                "finding",
                "missing_person: in no record. changed_domain, silent, undeliverable: a contact who writes from another \
                 domain now, has not answered for 180 days though we wrote on three, or to whom mail comes back.",
                "never",
                "missing_person",
            ),
            text("address", "The address, as addresses compare.", "never", "xena@acme.example"),
            column(
                "rank",
                Int64,
                "",
                "1 is the strongest within its finding: by strength, then by interactions, then by the last of them. \
                 Ranks have gaps where somebody was forgotten.",
                "never",
                "1",
            ),
            text("domain", "The domain of the address.", "never", "acme.example"),
            text(
                "domain_kind",
                "account (that of a known account), free_mail (everybody can have an address there), other.",
                "never",
                "account",
            ),
            text(
                "account_id",
                "The account whose website or contacts are in this domain.",
                "null unless domain_kind is account",
                "b0000001-0000-4000-8000-000000000000",
            ),
            text("contact_id", "The contact.", OF_CONTACTS, "c0000001-0000-4000-8000-000000000000"),
            text(
                "other_address",
                "The address from which somebody of the same name writes now.",
                "null unless finding is changed_domain; null where that person was forgotten",
                "xena@beta.example",
            ),
            column(
                "strength",
                Float64,
                "0–100",
                "How strong the strongest connection would be if this person were a contact, by the formula of connections.",
                OF_STRANGERS,
                "48.3",
            ),
            column(
                "colleagues",
                Int64,
                "colleagues",
                "With how many colleagues this person was in touch in the past 365 days.",
                "0 when there were none, and where finding is not missing_person",
                "2",
            ),
            text(
                "strongest_colleague_id",
                "The colleague of that connection; of several the one with the smallest id.",
                OF_STRANGERS,
                "a0000001-0000-4000-8000-000000000000",
            ),
            count(
                "interactions",
                "Held emails, meetings and calls in which this person took part, however long ago.",
                "6",
            ),
            count("emails_received", "Emails of theirs with one of ours in To or Cc.", "3"),
            count("emails_sent", "Emails of ours with this person in To or Cc.", "2"),
            count(
                "emails_beside_us",
                "Emails of other outsiders, and what none of ours took part in, with this person among the others.",
                "1",
            ),
            count("meetings", "Meetings with this person and one of ours.", "0"),
            count("phone_calls", "Calls with this person and one of ours.", "0"),
            at(
                "first_interaction_at",
                "When the first of the interactions was.",
                "null when there were none",
                "2026-02-10 10:00",
            ),
            at("last_interaction_at", "When the last one was.", "null when there were none", "2026-03-20 12:00"),
            at(
                "last_heard_at",
                "When this person was last heard from: an email of theirs, a meeting, a call.",
                "null when never",
                "2026-03-20 12:00",
            ),
            at(
                "since_at",
                "Since when it is so: the first interaction; for contacts the first mail from the other domain, the last that \
                 was heard, the last mail that came back.",
                "never",
                "2026-02-10 10:00",
            ),
        ],
    }
}
