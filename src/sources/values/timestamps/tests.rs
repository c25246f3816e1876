use super::*;

fn micros(text: &str) -> i64 {
    parse(text, false).expect("valid").expect("an instant")
}

#[test]
fn spellings_of_one_instant() {
    let instant = micros("2026-03-31T09:00:00Z");
    for text in ["2026-03-31 09:00:00", "2026-03-31T11:00:00+02:00", "2026-03-31T09:00:00.0000000", "2026-03-31T09:00Z"]
        .into_iter()
        .chain([
            "2026-03-31 09:00:00 GMT",
            "2026-03-31 09:00:00 +00:00",
            "2026-03-31T09:00:00 Z",
            "2026-03-31 04:00:00.000 -0500",
        ])
    {
        assert_eq!(micros(text), instant, "{text}");
    }
    assert_eq!(micros("2026-02-28T23:59:58Z"), micros("2026-03-01T00:59:58+01:00"));
    assert_eq!(parse("0001-01-01T00:00:00Z", false), Ok(None));
    for no_time in ["2026-02-29T09:00:00Z", "2026-02-28T25:00:00Z", "2026-02-28T09:00:0xZ", "2026-02-28 09:00;00Z"] {
        assert!(parse(no_time, false).is_err(), "{no_time}");
    }
    assert_eq!(parse(" ", false), Ok(None));
    assert!(parse("yesterday", false).is_err());
}

#[test]
fn years_beyond_four_digits_are_far_and_not_missing() {
    let far = micros("9999-12-31T00:00:00Z");
    for text in ["+12026-03-02T09:00:00Z", "99999-01-01T00:00:00Z", "+10000-02-29", "999999-12-31T00:00:00+01:00"] {
        assert_eq!(micros(text), far, "{text}");
    }
    assert_eq!(micros("-002026-03-02T09:00:00Z"), micros("0001-01-02T00:00:00Z"));
    assert_eq!(micros("+2026-03-31T09:00:00Z"), micros("2026-03-31T09:00:00Z"));
    assert_eq!(micros("+002026-03-31T09:00:00Z"), micros("2026-03-31T09:00:00Z"));
    for none in ["20260302", "1234567-01-01", "+226-01-01", "12026-13-01", "+", "--2026-01-01"] {
        assert!(parse(none, false).is_err(), "{none}");
    }
    let unknown = UnknownZones::default();
    let local = local_to_utc("+12026-03-02T09:00:00", Some("Europe/Stockholm"), false, &unknown);
    assert_eq!(local, Ok(Some(far)));
}

#[test]
fn calendar_times_are_local_to_windows_and_iana_zones() {
    let unknown = UnknownZones::default();
    let utc = |zone| local_to_utc("2026-03-13T10:00:00.0000000", Some(zone), false, &unknown);
    assert_eq!(utc("W. Europe Standard Time"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
    assert_eq!(utc("Europe/Stockholm"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
    for zone in ["w. europe standard time", "europe/stockholm", "+01:00", "UTC+1", "gmt+0100"] {
        assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T09:00:00Z"))), "{zone}");
    }
    assert_eq!(utc("UTC-03:30"), Ok(Some(micros("2026-03-13T13:30:00Z"))));
    assert_eq!(utc("Z"), Ok(Some(micros("2026-03-13T10:00:00Z"))));
    for zone in [
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        "W. Europe Daylight Time",
        "/freeassociation.sourceforge.net/Europe/Stockholm",
        "\"Europe/Stockholm\"",
        "CET",
        "Etc/GMT-1",
    ] {
        assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T09:00:00Z"))), "{zone}");
    }
    for zone in ["tzone://Microsoft/Utc", "TZONE://MICROSOFT/UTC", "(UTC) Coordinated Universal Time"] {
        assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T10:00:00Z"))), "{zone}");
    }
    assert!(unknown.names().is_empty(), "{:?}", unknown.names());
    assert_eq!(utc("Middle Earth Time"), Ok(Some(micros("2026-03-13T10:00:00Z"))));
    assert_eq!(utc("(UTC+01:00) Middle Earth"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
    assert_eq!(unknown.names(), ["(UTC+01:00) Middle Earth", "Middle Earth Time"]);
    for nothing in [None, Some(""), Some(" "), Some("null")] {
        let unknown = UnknownZones::default();
        let local = local_to_utc("2026-03-13T10:00:00", nothing, false, &unknown);
        assert_eq!(local, Ok(Some(micros("2026-03-13T10:00:00Z"))));
        assert_eq!(unknown.names(), [NO_ZONE], "{nothing:?}");
    }
}

#[test]
fn clock_changes_repeat_and_skip_an_hour() {
    let unknown = UnknownZones::default();
    let utc = |text| local_to_utc(text, Some("Europe/Stockholm"), false, &unknown);
    assert_eq!(utc("2025-10-26T02:30:00"), Ok(Some(micros("2025-10-26T00:30:00Z"))));
    assert_eq!(utc("2026-03-29T02:30:00"), Ok(Some(micros("2026-03-29T01:30:00Z"))));
}

#[test]
fn times_as_they_are_written_in_the_us() {
    let us = |text| parse(text, true).expect("a time").expect("an instant");
    for (text, iso) in [
        ("3/31/2026 9:00:00 AM", "2026-03-31T09:00:00Z"),
        ("03/01/2026 12:05:09 am", "2026-03-01T00:05:09Z"),
        ("12/1/2026 12:00 PM", "2026-12-01T12:00:00Z"),
        ("12/1/2026 11:59:59.25\u{202F}PM", "2026-12-01T23:59:59.25Z"),
        ("12/31/2026 23:00:00", "2026-12-31T23:00:00Z"),
        ("1/2/2026", "2026-01-02T00:00:00Z"),
        ("2026-03-31T09:00:00Z", "2026-03-31T09:00:00Z"),
    ] {
        assert_eq!(us(text), micros(iso), "{text}");
    }
    for no_time in
        ["31/3/2026", "3/31/26", "3/31/2026 13:00 PM", "3/31/2026 0:30 AM", "3/31/2026 9 AM", "3/31/2026 9:00 XM"]
    {
        assert!(parse(no_time, true).is_err(), "{no_time}");
    }
    assert_eq!(parse("1/1/0001 12:00:00 AM", true), Ok(None));
    assert!(parse("3/31/2026 9:00:00 AM", false).is_err());
    let times = WrittenTimes { us_dates: true, ..WrittenTimes::default() };
    assert_eq!(parse_day("3/31/2026 12:00:00 AM", times), parse_day("2026-03-31", WrittenTimes::default()));
    let unknown = UnknownZones::default();
    let local = local_to_utc("3/13/2026 10:00:00 AM", Some("Europe/Stockholm"), true, &unknown);
    assert_eq!(local, Ok(Some(micros("2026-03-13T09:00:00Z"))));
}
