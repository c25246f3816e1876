//! What kind of item Exchange takes a message for: its class, `IPM.Note` for mail that somebody wrote (rules N1, N10).

/// Requests, answers, cancellations, and notes that a meeting was forwarded.
const OF_MEETINGS: &str = "IPM.Schedule.Meeting";
/// Reports of mail systems (undeliverable, delivered, read), and what rules of a mailbox answer.
const AUTOMATED: [&str; 2] = ["REPORT.", "IPM.Note.Rules."];

/// Whether an item is a message about a meeting.
pub fn is_about_a_meeting(class: &str) -> bool {
    begins(class, OF_MEETINGS)
}

/// Whether an item is a report or an automatic reply.
pub fn is_automated(class: &str) -> bool {
    AUTOMATED.iter().any(|beginning| begins(class, beginning))
}

fn begins(class: &str, beginning: &str) -> bool {
    class.trim().get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning))
}

#[cfg(test)]
mod tests {
    use super::{is_about_a_meeting, is_automated};

    #[test]
    fn classes_are_known_by_their_beginnings() {
        for (class, meeting, automated) in [
            ("IPM.Note", false, false),
            ("ipm.schedule.meeting.request", true, false),
            ("IPM.Schedule.Meeting.Resp.Neg", true, false),
            ("IPM.Schedule.Meeting.Canceled", true, false),
            ("REPORT.IPM.Note.NDR", false, true),
            ("REPORT.IPM.Schedule.Meeting.Request.IPNRN", false, true),
            ("IPM.Note.Rules.OofTemplate.Microsoft", false, true),
            ("IPM.Note.SMIME.MultipartSigned", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_about_a_meeting(class), is_automated(class)), (meeting, automated), "{class}");
        }
    }
}
