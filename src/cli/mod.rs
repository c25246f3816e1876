//! The command line: what can be asked for, and the only place that reads the clock
//! and the environment.

mod args;
mod bi;
mod compare;
mod completions;
mod computed;
mod dagster_pipes;
mod demo;
mod diff;
mod diff_options;
mod event_fields;
mod events;
mod explain;
mod explain_options;
mod export;
mod forget;
mod forget_reports;
mod job_files;
mod killed_runs;
mod log;
mod lost_input;
mod memory_limit;
mod msdyn;
mod msdyn_copies;
mod msdyn_options;
mod new;
mod ongoing;
mod open_lineage;
mod options;
mod pages;
mod places;
mod prune;
mod report;
mod reporter;
mod run;
mod session;
mod show;
mod signals;
mod stage;
mod stage_options;
mod stdout;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use self::args::{Arguments, Command};
use self::dagster_pipes::DagsterPipes;
use self::log::Style;
use self::session::Shown;
use crate::error::Result;
use crate::plain;

/// Runs the program; the exit code says how it went.
pub fn main() -> ExitCode {
    plain::keep_secret(places::secrets().into_iter().chain(open_lineage::secrets()));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            say(&error);
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let Arguments { log_format, quiet, verbose, .. } = arguments;
    let (dagster, refused) = match DagsterPipes::from_environment() {
        Ok(dagster) => (dagster, None),
        Err(refused) => (None, Some(refused)),
    };
    let bars = log::start(Style { format: log_format, quiet, verbose }, dagster.clone());
    log::take_panics();
    if let Some(refused) = refused {
        events::general_warning(&format!("Dagster is not told of this run: {refused}"));
    }
    let shown = Shown { bars: bars.as_ref(), quiet };
    let code = dispatch(&arguments.command, &shown).unwrap_or_else(|error| {
        events::failure(None, &error);
        error.exit_code()
    });
    if let Some(dagster) = dagster {
        dagster.close(code);
    }
    ExitCode::from(code)
}

/// Help as it is; of mistaken arguments, which clap quotes, neither keys nor what would act on a terminal.
fn say(error: &clap::Error) {
    /// Characters of a line: what is quoted may be long.
    const LINE: usize = 300;
    // Nowhere is left to say that the message could not be written.
    if !error.use_stderr() {
        let _ = error.print();
        return;
    }
    // Asked again with names that forge no line, it quotes these.
    let arguments = env::args_os().map(|argument| plain::escaped(&argument.to_string_lossy()).into_owned());
    let quoting = Arguments::try_parse_from(arguments).err();
    let text = quoting.as_ref().unwrap_or(error).render().to_string();
    let text = plain::without_keys(&plain::told_lines(&text));
    let lines = text.split('\n').map(|line| plain::cut(line, LINE)).collect::<Vec<_>>().join("\n");
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

fn dispatch(command: &Command, shown: &Shown<'_>) -> Result<u8> {
    match command {
        Command::Run(options) => run::run(options, shown),
        Command::Stage(options) => stage::stage(options, shown),
        Command::Clean(options) => stage::clean(options),
        Command::Backfill(options) => run::backfill(options, shown),
        Command::Forget(options) => forget::forget(options, shown),
        Command::Export(options) => export::export(options, shown),
        Command::Check(options) => show::check(options),
        Command::Report(options) => report::report(options, shown),
        Command::Prune(options) => prune::prune(options),
        Command::Diff(options) => diff::diff(options, shown),
        Command::Msdyn(options) => msdyn::msdyn(options, shown),
        Command::Bi(options) => bi::bi(options, shown),
        Command::Compare(options) => compare::compare(options),
        Command::Demo(options) => demo::demo(options, shown),
        Command::New(options) => new::new(options),
        Command::Schema => new::schema(),
        Command::Completions(options) => completions::completions(options),
        Command::Explain(options) => explain::explain(options, shown),
        Command::List(options) => show::list(options),
        Command::Tables(options) => show::tables(options),
    }
}
