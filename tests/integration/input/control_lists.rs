//! The administrator's lists fail closed: what is not read is told, what cannot be read ends the run.

use std::fs;
use std::os::unix::fs::symlink;

use polars::prelude::*;

use crate::clouds::servers::WRITABLE;
use crate::clouds::store::Store;
use crate::support::small_lake::*;

/// What a run and a check say, which must be the same warnings, and what `forget` says of the folder.
#[track_caller]
fn warned(lake: &SmallLake, parts: &[&str]) {
    let run = lake.run(&["--quiet"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let check = lake.command("check", &[]).output().unwrap();
    let forget = lake.command("forget", &["--quiet"]).output().unwrap();
    let checked = String::from_utf8_lossy(&check.stdout).into_owned();
    for said in [stderr(&run), checked, stderr(&forget)] {
        for part in parts {
            let told = said.lines().any(|line| line.contains("warning") && line.contains(part));
            assert!(told, "no warning with {part:?} in: {said}");
        }
    }
}

#[test]
fn whatever_is_not_read_beside_the_lists_is_told() {
    for (from, to, remedy) in [
        ("opt_outs", "optouts", "Did you mean opt_outs?"),
        ("erasures", "Erasures", "Did you mean erasures?"),
        ("erasures", "erasure", "Did you mean erasures?"),
        ("aliases", "archive", "The control tables are aliases, opt_outs, erasures, group_members"),
        ("opt_outs", "_opt_outs", "Did you mean opt_outs?"),
    ] {
        let lake = SmallLake::new();
        fs::rename(lake.folder(from), lake.root().join("control").join(to)).unwrap();
        warned(&lake, &[&format!("the folder '{to}' is no control table and is not read"), remedy]);
    }
    for (file, remedy) in [
        ("opt_outs.csv", "The control table opt_outs is Parquet"),
        ("opt-outs.parquet", "Did you mean opt_outs?"),
        ("readme.md", "The control tables are"),
    ] {
        let lake = SmallLake::new();
        fs::write(lake.root().join("control").join(file), "x").unwrap();
        warned(&lake, &[&format!("the file '{file}' is no control table and is not read"), remedy]);
    }
}

#[test]
fn marks_of_writers_and_systems_are_no_lists() {
    let lake = SmallLake::new();
    let control = lake.root().join("control");
    for name in [".DS_Store", "_SUCCESS", "._opt_outs", ".erasures.parquet.crc"] {
        fs::write(control.join(name), "x").unwrap();
    }
    fs::create_dir(control.join("_delta_log")).unwrap();
    let run = lake.run(&["--quiet"]);
    assert_eq!((run.status.code(), stderr(&run)), (Some(0), String::new()));
}

#[test]
fn a_folder_that_is_named_must_be_there() {
    let lake = SmallLake::new();
    let elsewhere = lake.root().join("nowhere").display().to_string();
    for named in ["nope", "nope/", elsewhere.as_str(), "../lake/nope"] {
        for command in ["run", "check", "forget"] {
            let output = lake.command(command, &["--set", &format!("control={named}")]).output().unwrap();
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{command} {named}: {message}");
            assert!(message.contains("input.control") && message.contains("nobody has opted out"), "{message}");
            assert!(!lake.output().exists());
        }
    }
    for named in ["control", "control/", "./control"] {
        let output = lake.run(&["--quiet", "--set", &format!("control={named}")]);
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{named}");
    }
}

#[test]
fn a_folder_that_is_named_for_exchange_must_be_there() {
    let lake = SmallLake::new();
    let elsewhere = lake.root().join("nowhere").display().to_string();
    for named in ["nope", "nope/", elsewhere.as_str()] {
        for command in ["run", "check"] {
            let output = lake.command(command, &["--set", &format!("exchange={named}")]).output().unwrap();
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{command} {named}: {message}");
            assert!(message.contains("input.exchange") && message.contains("only what Dataverse holds"), "{message}");
            assert!(!lake.output().exists());
        }
    }
    fs::rename(lake.root().join("exchange"), lake.root().join("mail")).unwrap();
    let output = lake.run(&["--quiet", "--set", "exchange=mail"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn a_folder_with_nearly_the_usual_name_is_told() {
    for name in ["Control", "controls", "contol"] {
        let lake = SmallLake::new();
        fs::rename(lake.root().join("control"), lake.root().join(name)).unwrap();
        warned(&lake, &[&format!("'{name}' beside it is not read"), "nobody has opted out"]);
    }
    let lake = SmallLake::new();
    for list in ["opt_outs", "erasures", "aliases"] {
        lake.remove(list);
    }
    warned(&lake, &["holds none of the control tables"]);
}

#[test]
fn lists_that_cannot_be_read_end_the_run() {
    let broken = |damage: &dyn Fn(&SmallLake), parts: &[&str]| {
        let lake = SmallLake::new();
        damage(&lake);
        lake.refused(3, parts);
        let check = lake.command("check", &[]).output().unwrap();
        assert_eq!(check.status.code(), Some(3), "{}", stderr(&check));
    };
    for (list, column) in
        [("opt_outs", "principal"), ("erasures", "kind"), ("erasures", "principal"), ("aliases", "address")]
    {
        let renamed = |lake: &SmallLake| {
            lake.change(list, |mut frame| frame.rename(column, "Principals".into()).unwrap().clone());
        };
        broken(&renamed, &[&format!("table {list}"), &format!("column {column}")]);
        broken(&|lake| lake.write_text(list, "part-0.parquet", "no Parquet"), &[list, "no readable Parquet"]);
        broken(&|lake| lake.write_text(list, "part-0.parquet", ""), &[list, "is empty"]);
        broken(&|lake| lake.write_text(list, "more.csv", "principal\n"), &[list, "no Parquet"]);
        broken(&|lake| fs::remove_file(lake.file(list)).unwrap(), &[list, "holds no data file"]);
        let dangling = |lake: &SmallLake| {
            lake.remove(list);
            symlink("nowhere", lake.folder(list)).unwrap();
        };
        broken(&dangling, &[list, "a link to nothing"]);
    }
    let numbers = |lake: &SmallLake| {
        lake.write(
            "opt_outs",
            "part-0.parquet",
            &df!("principal" => [[1.5f64].as_slice()].map(|list| Series::new("".into(), list))).unwrap(),
        );
    };
    broken(&numbers, &["opt_outs", "principal"]);
    broken(
        &|lake| {
            fs::remove_dir_all(lake.root().join("control")).unwrap();
            fs::write(lake.root().join("control"), "").unwrap();
        },
        &["control"],
    );
}

/// Messages and events that are not used because of an opt-out.
#[track_caller]
fn opted_out(lake: &SmallLake, set: &[&str]) -> usize {
    lake.published(set);
    let dropped = lake.output().join(format!("dropped_activities/as_of_date={AS_OF}/dropped_activities.parquet"));
    let reasons = read_parquet(&dropped).column("reason").unwrap().str().unwrap().clone();
    reasons.iter().filter(|reason| *reason == Some("opted_out")).count()
}

#[test]
fn an_opt_out_holds_whatever_names_the_mailbox() {
    let box_of_bo = guid(22);
    let opt_out = |lake: &SmallLake, principal: &str| {
        lake.write("opt_outs", "part-0.parquet", &df!("principal" => [principal]).unwrap());
    };
    let everywhere = ["--set", "default_country=FI"];
    let lake = SmallLake::new();
    opt_out(&lake, "bo@nordwind.example");
    let expected = opted_out(&lake, &everywhere);
    assert!(expected > 0);
    for principal in [box_of_bo.to_uppercase(), format!("{{{box_of_bo}}}"), guid(2), " BO@nordwind.example ".into()] {
        opt_out(&lake, &principal);
        assert_eq!(opted_out(&lake, &everywhere), expected, "{principal}");
    }
    // A mailbox whose user Dataverse does not have, and one whose user nobody lists.
    let lake = SmallLake::new();
    lake.change("systemuser", |frame| frame.head(Some(1)));
    for principal in ["bo@nordwind.example", box_of_bo.as_str()] {
        opt_out(&lake, principal);
        assert_eq!(opted_out(&lake, &everywhere), expected, "{principal}");
    }
    lake.remove("users");
    opt_out(&lake, &box_of_bo);
    assert_eq!(opted_out(&lake, &everywhere), expected);
}

#[test]
fn opt_outs_and_roles_may_name_groups() {
    let lake = SmallLake::new();
    lake.write("opt_outs", "part-0.parquet", &df!("principal" => ["bo@nordwind.example"]).unwrap());
    let expected = opted_out(&lake, &[]);
    lake.write("opt_outs", "part-0.parquet", &df!("principal" => ["works council"]).unwrap());
    let members = df!("group" => ["Works Council", "Board"], "principal" => ["Board", "bo@nordwind.example"]).unwrap();
    lake.write("group_members", "part-0.parquet", &members);
    assert_eq!(opted_out(&lake, &[]), expected);

    lake.remove("opt_outs");
    let without_role = |set: &[&str]| {
        lake.published(set);
        let dropped = lake.output().join(format!("dropped_activities/as_of_date={AS_OF}/dropped_activities.parquet"));
        let reasons = read_parquet(&dropped).column("reason").unwrap().str().unwrap().clone();
        reasons.iter().filter(|reason| *reason == Some("role_not_selected")).count()
    };
    let nobody = without_role(&["--set", "selected_roles=[\"Nobody\"]"]);
    let group = without_role(&["--set", "selected_roles=[\"Board\"]"]);
    assert!(0 < group && group < nobody, "{group} {nobody}");
}

#[test]
fn check_says_what_each_list_takes_out() {
    let lake = SmallLake::new();
    let erasures = df!(
        "kind" => ["contact", "address", "address", "customer"],
        "principal" => [guid(12).as_str(), "carl@kund.example", "nobody@kund.example", "x"]
    );
    lake.write("erasures", "part-0.parquet", &erasures.unwrap());
    lake.write(
        "opt_outs",
        "part-0.parquet",
        &df!("principal" => ["bo@nordwind.example", "b@nordwind.example"]).unwrap(),
    );
    let check = lake.command("check", &["--set", "default_country=FI"]).output().unwrap();
    let found = String::from_utf8(check.stdout).unwrap();
    for line in [
        "opt_outs: 2 entries, 1 of which match; taken out: 2 messages, 0 calendar events",
        "erasures: 4 entries, 2 of which match; taken out: 2 contacts, 0 leads, 0 colleagues",
        "aliases: 1 entries, 1 of which match",
        "warning: erasures: 1 of 4 rows name an address that the lake does not have",
        "warning: opt_outs: 1 of 2 rows name no colleague or mailbox of the lake",
    ] {
        assert!(found.contains(line), "{line:?} is not in: {found}");
    }
    assert!(!found.contains("nobody@"), "{found}");
}

#[test]
fn an_erasure_under_a_kind_that_does_not_fit_erases_all_the_same() {
    let published = |kind: &str, principal: &str| {
        let lake = SmallLake::new();
        lake.write("erasures", "part-0.parquet", &df!("kind" => [kind], "principal" => [principal]).unwrap());
        lake.published(&[])
    };
    let expected = published("contact", &guid(11));
    for (kind, principal) in [
        ("address", guid(11).as_str()),
        ("person", guid(11).as_str()),
        ("", "Carl@kund.example"),
        ("contact", "carl@kund.example"),
        ("address", "somebody@kund.example; Kund, Carl <carl@kund.example>"),
        ("address", "somebody@kund.example,carl@kund.example"),
    ] {
        assert!(published(kind, principal) == expected, "{kind} {principal}");
    }
    assert!(published("contact", &guid(99)) != expected);
}

#[test]
fn lists_in_a_store_fail_closed_as_well() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "control-lists") else { continue };
        let lake = SmallLake::new();
        fs::rename(lake.folder("opt_outs"), lake.root().join("control/optouts")).unwrap();
        fs::write(lake.root().join("control/_SUCCESS"), "").unwrap();
        store.upload(&lake.root(), "lake");
        let job = "relationship_kpis";
        let run = store.command(store.address, job, &[]).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        assert!(
            stderr(&run).contains("the folder 'optouts' is no control table")
                && stderr(&run).contains("Did you mean opt_outs?"),
            "{}",
            stderr(&run)
        );
        assert!(!stderr(&run).contains("_SUCCESS"), "{}", stderr(&run));
        for named in ["nope", "control/optouts/deeper/", &store.url("lake/nope")] {
            let run = store.command(store.address, job, &["--set", &format!("control=\"{named}\"")]).output().unwrap();
            assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
            assert!(stderr(&run).contains("input.control"), "{}", stderr(&run));
        }
        let run = store.command(store.address, job, &["--set", "control=control/"]).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        fs::rename(lake.root().join("control"), lake.root().join("Control")).unwrap();
        store.upload(&lake.root(), "without");
        let (from, to) = (store.url("without"), store.url("out"));
        let run = store.command_on(store.address, job, (&from, &to), &[]).output().unwrap();
        assert!(run.status.success() && stderr(&run).contains("'Control' beside it is not read"), "{}", stderr(&run));
    }
}

#[test]
fn a_mistyped_column_of_a_list_is_refused() {
    let lake = SmallLake::new();
    lake.change("opt_outs", |mut frame| frame.rename("effective_from", "effective_form".into()).unwrap().clone());
    lake.refused(3, &["table opt_outs", "column effective_form", "Did you mean effective_from?"]);
}
