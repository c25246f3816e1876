//! Mapped files that go away under the program.
//!
//! Published files that `forget` looks through are mapped into memory by the engine, and so are results on their
//! way to a store. Where one of them is cut short meanwhile, or its disk fails, the system has no bytes to show
//! and sends SIGBUS, by which the program would end without a word. Here it is told in words what happened, and
//! ends with 75. Of the lake what is needed is read into memory first: what changed meanwhile is found out by
//! [`crate::sources`] before it is decoded.

#[cfg(target_os = "linux")]
pub(super) use linux::watch;

/// Elsewhere the system has its say.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_end: impl FnOnce(crate::error::Error) + Send + 'static) -> std::io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{self, ErrorKind, Read};
    use std::mem::zeroed;
    use std::os::fd::IntoRawFd;
    use std::path::PathBuf;
    use std::ptr;
    use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
    use std::thread;

    use libc::{c_int, c_void, siginfo_t};

    use crate::error::Error;

    /// Where the bytes were missing.
    static ADDRESS: AtomicUsize = AtomicUsize::new(0);
    /// Where to write that they were.
    static TOLD: AtomicI32 = AtomicI32::new(-1);

    /// For how long who is told may take to end the program.
    const PATIENCE_MS: c_int = 5_000;
    const LAST_WORDS: &[u8] = b"error: input changed, or its disk failed, while it was being read. Run again\n";
    const EXIT_CODE: c_int = 75;

    /// Has `end` called, from a thread of its own, with what to say; it is to end the program.
    #[expect(
        unsafe_code,
        reason = "signal-hook hands no address on, and one that returns from its handler comes back at once"
    )]
    pub(crate) fn watch(end: impl FnOnce(Error) + Send + 'static) -> io::Result<()> {
        let (mut told, tell) = io::pipe()?;
        TOLD.store(tell.into_raw_fd(), Ordering::Release);
        thread::Builder::new().name("lost-input".to_string()).spawn(move || {
            if told.read_exact(&mut [0]).is_ok() {
                let path = mapped_at(ADDRESS.load(Ordering::Acquire)).unwrap_or_else(|| PathBuf::from("input"));
                let said = "it changed, or its disk failed, while it was being read";
                end(Error::storage(path)(io::Error::new(ErrorKind::ResourceBusy, said)));
            }
        })?;
        // SAFETY: the structure is one of numbers, all of which are set or mean nothing as zero; the handler is a
        // function for the whole life of the program, of the form that SA_SIGINFO asks for, and does only what a
        // handler may.
        let installed = unsafe {
            let mut action: libc::sigaction = zeroed();
            action.sa_sigaction = on_bus_error as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut())
        };
        if installed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// The thread that wanted the bytes cannot go on without them, and waits here for the end. Everything
    /// it calls is safe in handlers of signals, and it never returns to what it interrupted.
    #[expect(unsafe_code, reason = "a handler of a signal")]
    extern "C" fn on_bus_error(signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
        // SAFETY: the system hands over a structure that is filled in for this signal, whose address is valid where
        // the code says BUS_ADRERR. All that is called is safe in handlers (signal-safety(7)) and takes numbers, or
        // constants with their lengths.
        unsafe {
            if (*info).si_code != libc::BUS_ADRERR {
                // Nothing is missing from a file: as if there were no handler.
                libc::signal(signal, libc::SIG_DFL);
                return;
            }
            let address = (*info).si_addr() as usize;
            let _ = ADDRESS.compare_exchange(0, address, Ordering::AcqRel, Ordering::Acquire);
            libc::write(TOLD.load(Ordering::Acquire), b"!".as_ptr().cast(), 1);
            libc::poll(ptr::null_mut(), 0, PATIENCE_MS);
            libc::write(libc::STDERR_FILENO, LAST_WORDS.as_ptr().cast(), LAST_WORDS.len());
            libc::_exit(EXIT_CODE);
        }
    }

    /// The file of which a part is mapped at an address.
    fn mapped_at(address: usize) -> Option<PathBuf> {
        let maps = fs::read_to_string("/proc/self/maps").ok()?;
        maps.lines().find_map(|line| {
            let (range, rest) = line.split_once(' ')?;
            let (from, to) = range.split_once('-')?;
            let number = |text| usize::from_str_radix(text, 16).ok();
            if !(number(from)?..number(to)?).contains(&address) {
                return None;
            }
            // Permissions, offset, device and inode come first.
            let path = rest.split_whitespace().nth(4).and_then(|first| Some(&rest[rest.find(first)?..]))?;
            Some(PathBuf::from(path.trim_end_matches(" (deleted)")))
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_mapped_file_is_found_by_an_address_in_it() {
            let program = std::env::current_exe().unwrap();
            assert_eq!(mapped_at(mapped_at as *const () as usize), Some(program));
            assert_eq!(mapped_at(1), None);
        }
    }
}
