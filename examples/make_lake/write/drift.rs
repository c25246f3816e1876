//! How the files of one table differ from each other: columns, their order and their types.

use polars::prelude::*;

/// Which of a table's files, counted from 0.
#[derive(Clone, Copy)]
pub enum Files {
    All,
    First,
    Odd,
    /// The third, fifth and so on.
    LaterEven,
}

impl Files {
    pub fn contain(self, ordinal: usize) -> bool {
        match self {
            Files::All => true,
            Files::First => ordinal == 0,
            Files::Odd => ordinal % 2 == 1,
            Files::LaterEven => ordinal > 0 && ordinal.is_multiple_of(2),
        }
    }
}

pub enum Change {
    Reverse,
    Drop,
    /// A column nobody reads.
    Add,
    Upper,
    /// GUIDs in braces, on a third of the rows.
    Braces,
    As(DataType),
    /// Timestamps as ISO-8601 text.
    IsoText,
    /// Timestamps at midnight as the text of a day.
    DayText,
    /// Struct fields in PascalCase.
    Pascal,
    /// Enumerations as `microsoft.graph.<type>'<value>'`.
    Wrap,
}

const MILLIS: DataType = DataType::Datetime(TimeUnit::Milliseconds, None);
const NANOS: DataType = DataType::Datetime(TimeUnit::Nanoseconds, None);
const MONEY: DataType = DataType::Decimal(18, 4);
const SINK: [&str; 2] = ["SinkCreatedOn", "SinkModifiedOn"];
const ENGAGEMENT: &[&str] = &["isemailfollowed", "opencount", "linksclickedcount", "attachmentopencount", "replycount"];
const APPOINTMENT_TIMES: &[&str] =
    &["scheduledstart", "scheduledend", "actualstart", "actualend", "createdon", SINK[0], SINK[1]];
const CALL_TIMES: &[&str] =
    &["actualstart", "actualend", "scheduledstart", "scheduledend", "createdon", SINK[0], SINK[1]];
const PEOPLE: &[&str] = &["sender", "from", "toRecipients", "ccRecipients", "bccRecipients"];

use Change::{Add, As, Braces, DayText, Drop, IsoText, Pascal, Reverse, Upper, Wrap};
use DataType::{Boolean, Date, Int8, Int16, Int32, Int64};

/// Table, files, change, columns.
pub const DRIFT: &[(&str, Files, Change, &[&str])] = &[
    ("account", Files::First, Drop, &["numberofemployees"]),
    ("account", Files::First, Braces, &["primarycontactid", "parentaccountid"]),
    ("account", Files::All, Upper, &["ownerid"]),
    ("account", Files::Odd, Reverse, &[]),
    ("account", Files::Odd, As(Int64), &["industrycode", "statecode"]),
    ("account", Files::Odd, Add, &["msft_datastate"]),
    ("account", Files::LaterEven, As(MILLIS), &["createdon"]),
    ("account", Files::LaterEven, As(MONEY), &["revenue"]),
    ("contact", Files::First, Drop, &["emailaddress3"]),
    ("contact", Files::First, As(MILLIS), &["createdon", SINK[0], SINK[1]]),
    ("contact", Files::All, Upper, &["parentcustomerid"]),
    ("contact", Files::Odd, Reverse, &[]),
    ("contact", Files::Odd, As(Int64), &["statecode"]),
    ("contact", Files::LaterEven, As(NANOS), &["createdon"]),
    ("lead", Files::All, IsoText, &["createdon", SINK[0], SINK[1]]),
    ("lead", Files::Odd, Reverse, &[]),
    ("lead", Files::Odd, As(Int8), &["statecode"]),
    ("opportunity", Files::First, Drop, &["new_segment"]),
    ("opportunity", Files::First, As(Date), &["actualclosedate", "estimatedclosedate"]),
    ("opportunity", Files::LaterEven, DayText, &["actualclosedate", "estimatedclosedate"]),
    ("opportunity", Files::Odd, As(MONEY), &["estimatedvalue", "actualvalue", "budgetamount"]),
    ("opportunity", Files::Odd, As(Int64), &["statecode", "statuscode", "opportunityratingcode"]),
    ("opportunity", Files::Odd, Reverse, &[]),
    ("opportunity", Files::All, Braces, &["customerid"]),
    ("opportunity", Files::All, Upper, &["opportunityid", "Id"]),
    ("systemuserroles", Files::All, Drop, &["Id", "systemuserroleid"]),
    ("systemuser", Files::All, As(Int32), &["isdisabled", "IsDelete"]),
    ("connection", Files::All, Braces, &["record1id"]),
    ("connection", Files::All, Upper, &["record2roleid"]),
    ("connection", Files::All, As(Int64), &["statecode"]),
    ("email", Files::First, Drop, ENGAGEMENT),
    ("email", Files::First, As(NANOS), &["senton"]),
    ("email", Files::Odd, Reverse, &[]),
    ("email", Files::Odd, As(Int32), &["directioncode"]),
    ("email", Files::Odd, As(Int64), &["statecode", "statuscode", "opencount"]),
    ("email", Files::Odd, Add, &["msft_datastate", "PartitionId"]),
    ("email", Files::LaterEven, IsoText, &["senton", "actualend"]),
    ("email", Files::All, Braces, &["regardingobjectid"]),
    ("email", Files::All, Upper, &["ownerid"]),
    ("appointment", Files::First, As(MILLIS), APPOINTMENT_TIMES),
    ("appointment", Files::Odd, Reverse, &[]),
    ("appointment", Files::Odd, As(Int64), &["isalldayevent", "statecode"]),
    ("appointment", Files::All, Upper, &["activityid"]),
    ("phonecall", Files::First, Drop, &["leftvoicemail"]),
    ("phonecall", Files::All, IsoText, CALL_TIMES),
    ("phonecall", Files::All, As(Int64), &["directioncode", "IsDelete"]),
    ("phonecall", Files::LaterEven, As(Boolean), &["directioncode"]),
    ("phonecall", Files::Odd, As(Int64), &["actualdurationminutes"]),
    ("phonecall", Files::Odd, Reverse, &[]),
    ("task", Files::All, As(NANOS), &["actualend", "scheduledend", "createdon"]),
    ("task", Files::Odd, As(Int64), &["actualdurationminutes"]),
    ("activityparty", Files::First, As(Int16), &["participationtypemask"]),
    ("activityparty", Files::LaterEven, As(Int64), &["participationtypemask"]),
    ("activityparty", Files::Odd, Reverse, &[]),
    ("activityparty", Files::All, Braces, &["activityid"]),
    ("activityparty", Files::All, Upper, &["partyid"]),
    ("messages", Files::First, Drop, &["sender"]),
    ("messages", Files::Odd, Pascal, PEOPLE),
    ("messages", Files::Odd, Reverse, &[]),
    ("messages", Files::LaterEven, Upper, &["puser"]),
    ("calendar_view", Files::Odd, Wrap, &["type", "attendees"]),
    ("calendar_view", Files::Odd, Pascal, &["organizer"]),
    ("calendar_view", Files::LaterEven, Pascal, &["attendees", "start", "end"]),
    ("calendar_view", Files::LaterEven, Reverse, &[]),
];
