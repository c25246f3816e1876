//! `completions`: scripts that make shells complete commands, and the manual page.

use clap::{Command, CommandFactory};
use clap_complete::{Generator, Shell, generate};
use clap_mangen::Man;

use super::args::Arguments;
use super::options::{Completed, CompletionsOptions};
use super::stdout::print;
use crate::error::{Error, Result};

pub(super) fn completions(options: &CompletionsOptions) -> Result<u8> {
    let command = Arguments::command();
    let text = match options.of {
        Completed::Bash => script(Shell::Bash, command),
        Completed::Zsh => script(Shell::Zsh, command),
        Completed::Fish => script(Shell::Fish, command),
        Completed::Elvish => script(Shell::Elvish, command),
        Completed::Powershell => script(Shell::PowerShell, command),
        Completed::Man => manual(&command)?,
    };
    print(&text);
    Ok(0)
}

fn script(shell: impl Generator, mut command: Command) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command, "rapport", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// One page for the program and, behind it, one for each command.
fn manual(command: &Command) -> Result<String> {
    let mut page = Vec::new();
    let commands = command.get_subcommands().map(|of| of.clone().display_name(format!("rapport-{}", of.get_name())));
    for command in std::iter::once(command.clone()).chain(commands) {
        Man::new(command).render(&mut page).map_err(Error::storage("the manual page"))?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}
