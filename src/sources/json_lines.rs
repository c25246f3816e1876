//! Files of JSON lines as exports and copy pipelines leave them (rule I11): plain or gzip, with or without a
//! byte order mark, whatever their ending says.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use polars::prelude::Schema;

use super::contract::SourceTable;
use super::files;
use crate::error::{Error, Result};

const GZIP: &[u8] = &[0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How deep a line may be nested: the reader calls itself for every level, and its stack is limited. What Graph
/// exports has less than ten levels.
const DEEPEST: usize = 100;

/// The text of a file, decompressed and without byte order mark.
///
/// # Errors
/// What the system says of the file, and a compressed file that breaks off.
pub fn text(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    if !file.fill_buf()?.starts_with(GZIP) {
        return without_mark(file);
    }
    without_mark(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
}

fn without_mark(mut text: impl BufRead + 'static) -> io::Result<Box<dyn BufRead>> {
    if text.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
        text.consume(BYTE_ORDER_MARK.len());
    }
    Ok(Box::new(text))
}

/// Whether a file holds nothing but white space.
///
/// # Errors
/// As of [`text`].
pub fn is_blank(path: &Path) -> io::Result<bool> {
    let mut text = text(path)?;
    loop {
        let bytes = text.fill_buf()?;
        if bytes.is_empty() {
            return Ok(true);
        }
        if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
            return Ok(false);
        }
        let length = bytes.len();
        text.consume(length);
    }
}

/// The text of a file that the engine does not read as it lies there; none of a plain one.
///
/// # Errors
/// As of [`text`].
pub fn unwrapped(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 3];
    let length = File::open(path)?.take(3).read(&mut head)?;
    let head = &head[..length];
    if head.starts_with(GZIP) || head == BYTE_ORDER_MARK { whole(path).map(Some) } else { Ok(None) }
}

/// The whole text of a file.
///
/// # Errors
/// As of [`text`].
pub fn whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    text(path)?.read_to_end(&mut whole)?;
    Ok(whole)
}

/// Refuses a file with a line that is nested deeper than any row, in whichever column.
///
/// # Errors
/// The first such line by its number, and a file that cannot be read.
pub fn check_depth(table: &SourceTable, path: &Path) -> Result<()> {
    let unreadable = |error| files::unreadable(table, path, error);
    let mut text = text(path).map_err(unreadable)?;
    let mut depth = Depth { line: 1, ..Depth::default() };
    loop {
        let bytes = text.fill_buf().map_err(unreadable)?;
        if bytes.is_empty() {
            return Ok(());
        }
        if bytes.iter().any(|&byte| depth.is_exceeded_by(byte)) {
            return Err(Error::Input {
                table: table.name.into(),
                column: None,
                file: Some(path.display().to_string()),
                message: format!("line {} is nested more than {DEEPEST} levels deep", depth.line),
                remedy: "no row of a data set is; copy or export the file again".into(),
            });
        }
        let length = bytes.len();
        text.consume(length);
    }
}

/// How deep the text so far is nested.
#[derive(Default)]
struct Depth {
    line: u64,
    levels: usize,
    in_string: bool,
    is_escaped: bool,
}

impl Depth {
    fn is_exceeded_by(&mut self, byte: u8) -> bool {
        if byte == b'\n' {
            // Every line stands for itself, also after one that breaks off.
            *self = Depth { line: self.line + 1, ..Depth::default() };
        } else if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = byte == b'\\' && !self.is_escaped;
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.levels += 1,
                b'}' | b']' => self.levels = self.levels.saturating_sub(1),
                _ => {}
            }
        }
        self.levels > DEEPEST
    }
}

/// Of all that a file's lines hold, what a table needs: whatever is in other columns cannot refuse it (rule I4).
pub fn needed(schema: &Schema, needed: &dyn Fn(&str) -> bool) -> Schema {
    schema.iter().filter(|(name, _)| needed(name)).map(|(name, dtype)| (name.clone(), dtype.clone())).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::contract::MESSAGES;
    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("compressed");
        encoder.finish().expect("compressed")
    }

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bytes).expect("written");
        file
    }

    #[test]
    fn a_wrapped_file_is_its_text() {
        let marked = [BYTE_ORDER_MARK, b"{}"].concat();
        let members = [gzip(b"{}\n"), gzip(b"{}")].concat();
        for (bytes, text) in [(marked.clone(), "{}"), (gzip(b"{}"), "{}"), (gzip(&marked), "{}"), (members, "{}\n{}")] {
            let unwrapped = unwrapped(file(&bytes).path()).expect("readable");
            assert_eq!(unwrapped.as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(unwrapped(file(b"{}").path()).expect("readable"), None);
        let half = gzip(&[b'x'; 1000]);
        assert!(unwrapped(file(&half[..half.len() - 5]).path()).is_err());
        assert!(is_blank(file(&gzip(b" \n")).path()).expect("readable"));
        assert!(!is_blank(file(&gzip(b" {")).path()).expect("readable"));
    }

    #[test]
    fn deep_lines_are_refused_by_number() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let refused = |text: String| check_depth(&MESSAGES, file(text.as_bytes()).path()).err().map(|e| e.to_string());
        assert_eq!(refused(format!("{}\n{}", deep(DEEPEST), deep(DEEPEST))), None);
        let said = refused(format!("{{}}\n{}", deep(3000))).expect("refused");
        assert!(said.contains("line 2"), "{said}");
        assert_eq!(refused(format!("\"{}\\\"{}\"", "[".repeat(200), "{".repeat(200))), None);
    }
}
