//! The container image that `.ci/image` makes, unpacked and started in a chroot.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::not_tested::not_tested;

fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Whether this machine can make images: root, and two tools of Debian.
fn can_make_images() -> bool {
    let there = |tool: &str| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    // SAFETY: asks for a number.
    #[expect(unsafe_code, reason = "the standard library does not say which user this is")]
    let root = unsafe { libc::geteuid() } == 0;
    let can = root && there("mmdebstrap") && there("umoci");
    if !can {
        let way_out = "Run .ci/servers as root";
        not_tested("cli::image", "an image takes root, mmdebstrap and umoci", way_out);
    }
    can
}

/// The image of this build, unpacked: a folder with `rootfs` and `config.json`.
fn unpacked(folder: &Path) -> String {
    let [stripped, layout, bundle] =
        ["rapport", "layout", "bundle"].map(|name| folder.join(name).to_str().unwrap().to_string());
    run("strip", &["-o", &stripped, env!("CARGO_BIN_EXE_rapport")]);
    run(".ci/image", &[&stripped, &layout, "test"]);
    run("umoci", &["unpack", "--image", &format!("{layout}:test"), &bundle]);
    bundle
}

#[test]
#[ignore = "makes an image of a Debian system"]
fn an_image_made_without_an_engine_runs_the_demo_as_a_user_without_rights() {
    if !can_make_images() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let bundle = unpacked(folder.path());
    let config: Value = serde_json::from_slice(&fs::read(format!("{bundle}/config.json")).unwrap()).unwrap();
    assert_eq!(config["process"]["args"], serde_json::json!(["rapport"]));
    assert_eq!(config["process"]["cwd"], "/rapport");
    assert_eq!(config["process"]["user"]["uid"], 65532);

    let root = format!("{bundle}/rootfs");
    assert!(!Path::new(&root).join("bin/sh").exists(), "a program that runs in the image finds no shell");
    let inside = |arguments: &[&str]| {
        run("chroot", &[&["--userspec=65532:65532", &root, "/usr/bin/rapport"], arguments].concat())
    };
    let version = String::from_utf8(inside(&["--version"]).stdout).unwrap();
    assert!(version.starts_with(concat!("rapport ", env!("CARGO_PKG_VERSION"))), "{version}");
    let jobs = String::from_utf8(inside(&["list", "--jobs", "/rapport/jobs"]).stdout).unwrap();
    assert!(jobs.contains("who_knows_whom"), "{jobs}");
    inside(&["demo", "/tmp/demo", "--quiet"]);
    assert!(Path::new(&root).join("tmp/demo/out/report/index.html").exists());
}
