//! Signals for programs under test.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// The command heeds every signal, though whoever started the tests ignores some, as `nohup` does, and shells do for what
/// they start in the background: a program that inherits that is right not to be stopped by them.
#[expect(unsafe_code, reason = "only C says which signals a child heeds")]
pub fn heeding_all(command: &mut Command) -> &mut Command {
    let heed = || {
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
            // SAFETY: signal() is among the functions that may be called between fork and exec.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        Ok(())
    };
    // SAFETY: it calls nothing else, and takes no memory.
    unsafe { command.pre_exec(heed) }
}
