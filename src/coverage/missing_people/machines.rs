//! Addresses that are no person: machines, lists and their keepers, by how they are spelled (rule W6).

use crate::sources::values::email_addresses::is_robot;

/// Local parts, without digits at their end, and without a plus sign and what follows it.
const LOCAL: &str = "\
    abuse alert alerts auto auto-confirm autoconfirm auto-reply autoreply automailer bot bounce bounces \
    calendar-notification calendar-server cron daemon digest do-not-reply do.not.reply do_not_reply donotreply \
    do-not-respond e-news enews enewsletter ezmlm hostmaster jenkins list listmaster lists listserv listproc \
    mail-daemon mailbot maildaemon mailer mailer-daemon mailing mailinglist mailman majordomo nagios news \
    newsletter newsletters no-reply no.reply no_reply nobody noreply notification notifications notifier notify \
    owner postmaster reply robot root scanner subscribe subscription subscriptions unsubscribe updates usenet \
    webmaster wordpress";
/// How local parts of lists and machines begin or end, whatever name of a list or person is beside that.
const BEGINNINGS: &str = "\
    owner- bounce- bounces- bounce+ bounces+ list- listserv- no-reply- noreply- reply+ newsletter- \
    notifications-";
const ENDINGS: &str = "\
    -admin-list -announce -bounce -bounces -bugs -commits -daemon -digest -discuss -help-list -list -lists \
    -mailman -maillist -mailinglist -newsletter -no-reply -noreply -notifications -owner -request -subscribe \
    -unsubscribe -users";
/// First labels of domains, without digits at their end, that hold lists or machines and no people.
const LABELS: &str = "\
    bounce bounces freelists googlegroups groups list listproc lists listserv listserver mailer mailing-list \
    mailinglists mailman newsletter newsletters noreply notifications yahoogroups";
/// So many hex digits in a row, or more, are a number that a machine gave.
const HEX: usize = 16;

/// Whether an address, as it compares, is that of a machine or a list.
pub fn is_machine(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return true };
    let bare = |text: &'_ str| text.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_string();
    let untagged = local.split('+').next().unwrap_or(local);
    let names = [bare(untagged), untagged.to_string()];
    let is_list = |name: &String| {
        let name = name.trim_end_matches(['-', '_', '.']);
        among(LOCAL, |word| name == word) || among(ENDINGS, |end| name.ends_with(end) && name.len() > end.len())
    };
    let mut labels = domain.split('.').map(bare);
    let numbered = local
        .split(|letter: char| !letter.is_ascii_hexdigit())
        .any(|run| run.len() >= HEX && run.bytes().any(|byte| byte.is_ascii_digit()));
    is_robot(address)
        // Addresses of mail systems carry another address, or a number.
        || local.contains('=')
        || numbered
        || among(BEGINNINGS, |beginning| local.starts_with(beginning))
        || names.iter().any(is_list)
        || labels.next().is_some_and(|label| among(LABELS, |word| label == word))
}

/// Whether one of some words is as it should be.
fn among(words: &str, is_it: impl Fn(&str) -> bool) -> bool {
    words.split(' ').any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_and_lists_are_known_by_their_spelling() {
        for address in [
            "no-reply@shop.example",
            "notifications3@tool.example",
            "list70@halden.example",
            "anybody@lists.kernel.example",
            "anybody@lists357.example",
            "usrp-users@ettus.example",
            "owner-users@ettus.example",
            "bounces+41-anna=nw.example@mail.example",
            "reply+aeb4@reply.tool.example",
            "9f86d081884c7d659a2feaa0c55ad015@tool.example",
            "newsletter@news.example",
            "project-commits@forge.example",
        ] {
            assert!(is_machine(address), "{address}");
        }
        for address in [
            "anna.berg@kund.example",
            "anna+news@kund.example",
            "listander@kund.example",
            "l.ister@kund.example",
            "info@kund.example",
            "deadbeef@kund.example",
            "rberg484@mailbox1.example",
            "bo@groupstrategy.example",
        ] {
            assert!(!is_machine(address), "{address}");
        }
    }
}
