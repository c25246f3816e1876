//! A request for an introduction as a draft: a `mailto:` link for the seller's own mail program, and a file that
//! mail programs open. Nothing is ever sent.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A message to a colleague.
pub struct Draft<'a> {
    pub address: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
}

impl Draft<'_> {
    /// The link that opens the draft. `None` of an address that is none: it could add headers or recipients.
    pub fn mailto(&self) -> Option<String> {
        let address = self.plain_address()?;
        let body = lines(self.body).join("\r\n");
        Some(format!(
            "mailto:{}?subject={}&body={}",
            encoded(address),
            encoded(&one_line(self.subject)),
            encoded(&body)
        ))
    }

    /// The draft as a file; `X-Unsent` makes mail programs open it to be edited. It names no sender and no date.
    pub fn file(&self) -> Option<String> {
        let address = self.plain_address()?;
        let body = STANDARD.encode(lines(self.body).join("\r\n"));
        let body: Vec<&str> = body.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        Some(format!(
            "X-Unsent: 1\r\nTo: {address}\r\nSubject: {}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            header(&one_line(self.subject)),
            body.join("\r\n")
        ))
    }

    fn plain_address(&self) -> Option<&str> {
        let allowed = |character: char| character.is_ascii_alphanumeric() || "@.-_+'&=/!#$%*^`{|}~".contains(character);
        let address = self.address.trim();
        (address.matches('@').count() == 1 && address.len() <= 254 && address.chars().all(allowed)).then_some(address)
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

/// For a link: everything but letters, digits and a few signs by its bytes.
fn encoded(text: &str) -> String {
    let mut link = String::new();
    for byte in text.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) => link.push(char::from(byte)),
            byte => {
                // Writing to a string does not fail.
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
    link
}

/// For a header: words of at most 75 characters, each whole characters in UTF-8 (RFC 2047).
fn header(text: &str) -> String {
    if text.is_ascii() && text.len() <= 60 {
        return text.to_string();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        if word.len() + character.len_utf8() > 45 {
            words.push(std::mem::take(&mut word));
        }
        word.push(character);
    }
    words.push(word);
    let encoded = words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_a_link_and_a_file() {
        let draft = Draft { address: "åsa@x.example", subject: "Hi", body: "a" };
        assert_eq!((draft.mailto(), draft.file()), (None, None), "no plain address");
        let draft = Draft { address: "anna@nordwind.example", subject: "Hallå & hej?", body: "Hi Anna,\n\nthanks!" };
        assert_eq!(
            draft.mailto().unwrap(),
            "mailto:anna@nordwind.example?subject=Hall%C3%A5%20%26%20hej%3F&body=Hi%20Anna%2C%0D%0A%0D%0Athanks%21"
        );
        assert_eq!(
            draft.file().unwrap(),
            "X-Unsent: 1\r\nTo: anna@nordwind.example\r\nSubject: =?utf-8?B?SGFsbMOlICYgaGVqPw==?=\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
             SGkgQW5uYSwNCg0KdGhhbmtzIQ==\r\n"
        );
    }

    #[test]
    fn no_name_or_address_adds_a_header() {
        let draft = Draft { address: "a@b.example\r\nBcc: c@d.example", subject: "x", body: "" };
        assert!(draft.file().is_none() && draft.mailto().is_none());
        assert!(Draft { address: "a@b.example?bcc=c@d.example", ..draft }.mailto().is_none());
        let draft = Draft { address: "a@b.example", subject: "x\r\nBcc: c@d.example", body: "" };
        assert!(!draft.file().unwrap().contains("\r\nBcc"));
    }
}
