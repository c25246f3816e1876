//! Requests that go wrong on their way: a run survives them, or ends with 75 and old results that are whole.

use std::collections::HashSet;
use std::process::Output;
use std::time::{Duration, Instant};

use super::kills::Before;
use super::proxy::{Asked, Fate};
use super::servers::WRITABLE;
use super::store::Store;
use crate::support::small_lake::*;

const FATES: [Fate; 7] = [
    Fate::Unavailable,
    Fate::Refused,
    Fate::Delayed(Duration::from_millis(20)),
    Fate::Torn,
    Fate::Unanswered,
    Fate::HalfAnswered,
    Fate::Repeated,
];

/// Runs while requests go wrong as the rule says, and judges how it ended; whether it ended well.
#[track_caller]
fn survives(before: &Before, what: &str, rule: impl FnMut(&Asked) -> Fate + Send + 'static) -> bool {
    before.again();
    before.proxy.begin(rule);
    let output = before.command(&[]).output().unwrap();
    before.proxy.begin(|_| Fate::Answered);
    match output.status.code() {
        Some(0) => assert!(before.store.published("out") == before.new, "{what}: ended well with other results"),
        Some(75) => {
            before.old_or_new(what);
            before.mended(what);
        }
        other => panic!("{what}: ended with {other:?}: {}", stderr(&output)),
    }
    output.status.success()
}

/// Every request meets the fate once; what is sent again passes.
fn once_each(fate: Fate) -> impl FnMut(&Asked) -> Fate + Send + 'static {
    let mut met = HashSet::new();
    move |asked| {
        let new = met.insert((asked.method.clone(), asked.target.clone(), asked.range.clone()));
        if new { fate } else { Fate::Answered }
    }
}

#[test]
fn every_kind_of_fault_at_every_request_is_survived_or_ends_with_75() {
    std::thread::scope(|scope| {
        for cloud in WRITABLE {
            for (at, fate) in FATES.into_iter().enumerate() {
                let Some(store) = Store::new(cloud, &format!("faults-{at}")) else { continue };
                scope.spawn(move || {
                    let before = Before::new(store);
                    // Whoever survives a fault at all requests survives it at each; otherwise one after the other.
                    if survives(&before, &format!("{cloud:?}: {fate:?} everywhere"), once_each(fate)) {
                        println!("{cloud:?}: {fate:?} survived at all requests");
                        return;
                    }
                    let writes = before.undisturbed().iter().filter(|asked| asked.write.is_some()).count();
                    let reading = survives(&before, &format!("{cloud:?}: {fate:?} while reading"), {
                        let mut reads = once_each(fate);
                        move |asked| if asked.write.is_none() { reads(asked) } else { Fate::Answered }
                    });
                    let survived = (0..writes).filter(|number| {
                        let number = *number;
                        let what = format!("{cloud:?}: {fate:?} at write {number}");
                        survives(&before, &what, move |asked| match asked.write == Some(number) {
                            true => fate,
                            false => Fate::Answered,
                        })
                    });
                    let survived = survived.collect::<Vec<_>>();
                    println!("{cloud:?}: {fate:?}: reading survived: {reading}; of {writes} writes {survived:?}");
                });
            }
        }
    });
}

/// How the run ended, and after how long.
fn ended(before: &Before, arguments: &[&str]) -> (Output, Duration) {
    let started = Instant::now();
    let output = before.command(arguments).output().unwrap();
    (output, started.elapsed())
}

#[test]
fn storage_that_stays_away_ends_with_75_in_the_time_that_is_given() {
    let patience = ["--set", "give_up_after_seconds=2", "--set", "request_timeout_seconds=1"];
    // Beside the two seconds: what the last request may take, and the run itself on a busy machine.
    let limit = Duration::from_secs(2 + 1 + 12);
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "away") else { continue };
        let before = Before::new(store);
        // At the start, amid reading, and from the first write on.
        let begins: [fn(&Asked) -> bool; 3] = [|_| true, |asked| asked.number >= 12, |asked| asked.write.is_some()];
        for (begin, fate) in begins.into_iter().zip([Fate::Refused, Fate::Unavailable, Fate::Refused]) {
            before.again();
            let mut away = false;
            before.proxy.begin(move |asked| {
                away |= begin(asked);
                if away { fate } else { Fate::Answered }
            });
            let (output, took) = ended(&before, &patience);
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(75), "{cloud:?}: {message}");
            assert!(message.contains(&before.store.url("")), "{cloud:?}: {message}");
            let words_of_the_client = ["retries", "max_retries", "retry_timeout", "Error performing", "HTTP error"];
            assert!(!words_of_the_client.iter().any(|words| message.contains(words)), "{cloud:?}: {message}");
            assert!(took < limit, "{cloud:?}: {took:?}");
            assert!(before.store.published("out") == before.old, "{cloud:?}: {fate:?}");
        }
        before.mended(&format!("{cloud:?}"));
    }
}

#[test]
fn a_request_that_hangs_is_given_up_and_sent_again() {
    let patience = ["--set", "request_timeout_seconds=1"];
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "hangs") else { continue };
        let before = Before::new(store);
        before.again();
        before.proxy.begin(|asked| match asked.number {
            7 => Fate::Delayed(Duration::from_secs(20)),
            _ => Fate::Answered,
        });
        let (output, took) = ended(&before, &patience);
        assert_eq!(output.status.code(), Some(0), "{cloud:?}: {}", stderr(&output));
        assert!(took < Duration::from_secs(18), "{cloud:?}: {took:?}");
        assert!(before.store.published("out") == before.new);
    }
}

/// A run of a lake at a URL, with nothing in its environment but this.
fn run_with(url: &str, environment: &[(&str, &str)]) -> (Output, Duration) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_rapport"));
    run.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().env("TMPDIR", folder.path());
    run.args(["run", super::kills::JOB, "--as-of", AS_OF, "--quiet", "--input", url, "--output"]);
    run.arg(folder.path().join("out")).envs(environment.iter().copied());
    let started = Instant::now();
    let output = run.output().unwrap();
    (output, started.elapsed())
}

#[test]
fn no_credentials_at_all_are_said_at_once() {
    let lakes = [
        ("s3://lake", "AWS_ACCESS_KEY_ID", &[][..]),
        ("az://lake", "AZURE_STORAGE_ACCOUNT_KEY", &[("AZURE_STORAGE_ACCOUNT_NAME", "lake")]),
        ("gs://lake", "GOOGLE_APPLICATION_CREDENTIALS", &[]),
    ];
    std::thread::scope(|scope| {
        for (url, variable, environment) in lakes {
            scope.spawn(move || {
                let (output, took) = run_with(url, environment);
                let message = stderr(&output);
                assert_eq!(output.status.code(), Some(2), "{message}");
                assert!(message.contains("no credentials were found") && message.contains(variable), "{message}");
                assert!(took < Duration::from_secs(30), "{url}: {took:?}");
            });
        }
    });
}

/// Answers every connection with these bytes, once something was said.
fn endpoint(answer: &'static [u8]) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let _ = client.read(&mut [0; 1024]).and_then(|_| client.write_all(answer));
        }
    });
    address
}

#[test]
fn an_endpoint_that_speaks_the_other_protocol_is_told() {
    let plain = endpoint(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    // An alert of TLS: what is said is no greeting.
    let secure = endpoint(&[0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x16]);
    let keys = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "us-east-1")];
    for (endpoint, said) in [(format!("https://{plain}"), "speaks http"), (format!("http://{secure}"), "speaks https")]
    {
        let environment = [&keys[..], &[("AWS_ENDPOINT_URL", &*endpoint)]].concat();
        let (output, took) = run_with("s3://lake", &environment);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(said) && message.contains("AWS_ENDPOINT_URL"), "{message}");
        assert!(took < Duration::from_secs(30), "{endpoint}: {took:?}");
    }
}

#[test]
fn keys_that_are_wrong_and_buckets_that_are_missing_are_no_reason_to_try_again() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "keys") else { continue };
        store.upload(&SmallLake::new().root(), "lake");
        let mut command = store.command(store.address, super::kills::JOB, &[]);
        command.env("AWS_SECRET_ACCESS_KEY", "wrong").env("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmc=");
        let lake = store.url("lake").replace("//rapport/", "//no-such-bucket/");
        let mut elsewhere = store.command_on(store.address, super::kills::JOB, (&lake, &store.url("out")), &[]);
        for command in [&mut command, &mut elsewhere] {
            let started = Instant::now();
            let output = command.output().unwrap();
            let message = stderr(&output);
            assert!([Some(2), Some(3)].contains(&output.status.code()), "{cloud:?}: {message}");
            assert!(!message.contains("rapport-secret") && !message.contains("Eby8"), "{message}");
            assert!(started.elapsed() < Duration::from_secs(20), "{cloud:?}: tried again and again");
        }
        assert!(store.files("out").is_empty());
    }
}
