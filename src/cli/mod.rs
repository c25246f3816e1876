//! The command line: what can be asked for, and the only place that reads the clock
//! and the environment.

mod args;
mod forget;
mod log;
mod lost_input;
mod places;
mod reporter;
mod run;
mod show;
mod signals;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use self::args::{Arguments, Command};
use self::log::Log;
use crate::error::Result;

/// Runs the program; the exit code says how it went.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nowhere is left to say that the message could not be written.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let log = Log::new(arguments.log_format, arguments.quiet);
    log.take_panics();
    match dispatch(&arguments.command, log) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            log.failure(&error, &[]);
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(command: &Command, log: Log) -> Result<u8> {
    match command {
        Command::Run(options) => run::run(options, log),
        Command::Backfill(options) => run::backfill(options, log),
        Command::Forget(options) => forget::forget(options, log),
        Command::Check(options) => show::check(options, log),
        Command::List(options) => show::list(options),
        Command::Tables(options) => show::tables(options),
    }
}

/// Results go to stdout. A reader that has closed it (`| head`) has seen enough.
fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}
