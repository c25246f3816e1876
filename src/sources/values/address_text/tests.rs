use super::*;

#[test]
fn the_address_alone_is_left_of_a_text() {
    for text in [
        "xena@acme.example",
        " XENA@Acme.Example. ",
        "Xena Xu <xena@acme.example>",
        "Xu, Xena <xena@acme.example>",
        "\"Xu, Xena\" <xena@acme.example>",
        "\"Xu <old@acme.example>\" <xena@acme.example>",
        "\"Xena \\\"X\\\" Xu\" <mailto:xena@acme.example>",
        "5\" disk <xena@acme.example>",
        "Xena (Sales <s@acme.example>) <xena@acme.example>",
        "xena@acme.example (Xena Xu)",
        "(Xena (the \\) second)) xena@acme.example",
        "Xena Xu (xena@acme.example)",
        "Xena Xu xena@acme.example",
        "Xena Xu [mailto:xena@acme.example]",
        "Xena Xu [xena@acme.example]",
        "xena@acme.example <xena@acme.example>",
        "'xena@acme.example'",
        "\"xena@acme.example\"",
        "\"'xena@acme.example'\" <xena@acme.example>",
        "Xena 'xena@acme.example'",
        "<<xena@acme.example>>",
        "<SMTP:xena@acme.example>",
        "smtp:<xena@acme.example>",
        "mailto:xena@acme.example?subject=Offer",
        "MAILTO:xena@acme.example?cc=bo@nw.example",
        "<mailto:xena%40acme.example>",
        "Xena Xu &lt;xena@acme.example&gt;",
        "Xena ＜xena＠acme.example＞",
        "«xena@acme.example»",
        "\u{201c}xena@acme.example\u{201d}",
        "\u{201e}Xu, Xena\u{201c} <xena@acme.example>",
        "xena@acme.example。",
        "xena@acme.example|bo@nw.example",
        "xena@acme.example/bo@nw.example",
        "\u{a0}xena@acme.example\u{200b}",
        "\u{feff}Xena\u{a0}Xu\u{2003}<xena@acme.example>\r\n",
        "xena@acme.example;",
        "xena@acme.example; bo@nw.example",
        "Sales: xena@acme.example, bo@nw.example;",
        "<@relay.example,@other.example:xena@acme.example>",
        "Xena <xena@acme.example",
        "\"xena\"@acme.example",
        "Xena Xu <xena@acme.example>, Bo <bo@nw.example>",
        "=?utf-8?Q?Xu=2C_Xena_=3Cold=40acme.example=3E?= <xena@acme.example>",
        "=?utf-8?Q?xena=40acme.example?=",
        "=?iso-8859-1?Q?xena@acme.example?=",
        "=?UTF-8?B?WGVuYSA8eGVuYUBhY21lLmV4YW1wbGU+?=",
        "\"Xena\" =?utf-8?B?PHhlbmFAYWNtZS5leGFtcGxlPg?=",
        "xena@acme.example&nbsp;",
        "&quot;xena@acme.example&quot;",
        "&#60;xena&#64;acme.example&#x3E;",
        "Xena &amp;lt;xena@acme.example&amp;gt;",
        "\u{201d}xena@acme.example\u{201d}",
        "\u{2019}xena@acme.example\u{2019}",
        "\u{201a}xena@acme.example\u{2018}",
        "´xena@acme.example´",
        "`xena@acme.example`",
        "{xena@acme.example}",
        "（xena@acme.example）",
        "営業【xena@acme.example】",
        "xena@acme.example；bo@nw.example",
        "xena@acme.example，bo@nw.example",
        "xena@acme.example、bo@nw.example",
        "SMTP：xena@acme.example",
        "mailto://xena@acme.example/",
        "mailto:Xena%20Xu%20%3Cxena@acme.example%3E",
        "xena%40acme.example",
        "xena@acme.example)",
        "(xena@acme.example",
        "xena @ acme.example",
        "Xena: xena@ acme.example",
        "xena  @acme.example",
        "xena(of Acme)@acme.example",
    ] {
        assert_eq!(named(text), Some(Named::Mail("xena@acme.example".into())), "{text}");
    }
}

#[test]
fn what_belongs_to_an_address_stays() {
    for (text, address) in [
        ("o'brien@acme.example", "o'brien@acme.example"),
        ("Pat <o'brien+crm@acme.example>", "o'brien+crm@acme.example"),
        ("\"Xena Xu\"@acme.example", "\"xena xu\"@acme.example"),
        ("Xena <\"Xena Xu\"@acme.example>", "\"xena xu\"@acme.example"),
        ("Å Öst <Å@ÖST.example>", "å@xn--st-eka.example"),
        ("å@o\u{308}st.example", "å@xn--st-eka.example"),
        ("X <x@[192.0.2.1]>", "x@[192.0.2.1]"),
        ("x@xn--st-eka.example", "x@xn--st-eka.example"),
        ("sip:x@acme.example", "x@acme.example"),
        ("sip:x@acme.example;user=phone", "x@acme.example"),
        ("mailto:x%2Bcrm@acme.example", "x+crm@acme.example"),
        ("50%25@acme.example", "50%25@acme.example"),
        ("r&d@acme.example", "r&d@acme.example"),
        ("r&amp;d@acme.example", "r&d@acme.example"),
        ("O\u{2019}Brien <o\u{2019}brien@acme.example>", "o'brien@acme.example"),
    ] {
        assert_eq!(named(text), Some(Named::Mail(address.into())), "{text}");
    }
}

/// Whatever the text, reading it again finds the same address.
#[test]
fn what_was_read_reads_the_same() {
    let letters: Vec<char> = "<>\"'()[]@@@.,;: ab\\/=+_-?\u{a0}\u{200b}ÅİEXo".chars().collect();
    let mut dice = fastrand::Rng::with_seed(7);
    for _ in 0..200_000 {
        let mut draw = |end: usize| dice.usize(..end);
        let length = 1 + draw(14);
        let text: String = (0..length).map(|_| letters[draw(letters.len())]).collect();
        let Some(found) = named(&text) else { continue };
        assert!(!matches!(&found, Named::Mail(address) if !address.contains('@')), "{text:?}: {found:?}");
        if let Named::Mail(address) = &found {
            assert_eq!(named(address).as_ref(), Some(&found), "{text:?}");
        }
    }
}

#[test]
fn texts_without_an_address_are_words_or_nobody() {
    assert_eq!(named("NORDWIND\\Anna"), Some(Named::Words("nordwind\\anna".into())));
    assert_eq!(named("Anna @ Nordwind"), Some(Named::Words("anna @ nordwind".into())));
    assert_eq!(named("=?utf-8?Q?J=C3=B6rg?="), Some(Named::Words("jörg".into())));
    for nobody in ["", " ", "<>", "\"\"", ";", "undisclosed-recipients:;", "Undisclosed recipients:", "\u{200b}"]
        .into_iter()
        .chain(["unlisted-recipients:; (no To-header on input)", "undisclosed-recipients:;@nw.example"])
        .chain(["null", "NULL", "(null)", "N/A", "\\N", "None", "-"])
    {
        assert_eq!(named(nobody), None, "{nobody}");
    }
}

/// Whoever sends mail writes what stands in it: no text may cost more than its length.
#[test]
fn long_texts_of_nothing_are_read_in_the_time_of_their_length() {
    for part in [
        "&",
        "amp;",
        "&amp;",
        "&#",
        "=?",
        "=?a?q?",
        "=?a?q?b?=",
        "(",
        "((a)",
        "<",
        "<>",
        "[",
        "{",
        "\"",
        "'",
        "`",
        "a@",
        "a@ ",
        "@",
        "a.b,",
        "mailto:",
        "smtp:",
        "ex:",
        "IMCEA",
        "/o=a",
        "%40",
        "\\",
        " ",
        ";",
    ] {
        for text in [part.repeat(600_000 / part.len()), format!("&{}", part.repeat(600_000 / part.len()))] {
            let began = std::time::Instant::now();
            named(&text);
            assert!(began.elapsed().as_secs() < 10, "{part:?}");
        }
        let nested = format!("{}x@acme.example{}", part.repeat(100_000 / part.len()), ")".repeat(100_000));
        let began = std::time::Instant::now();
        named(&nested);
        assert!(began.elapsed().as_secs() < 10, "{part:?}");
    }
}
