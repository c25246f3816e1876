//! Files of text as their writers leave them: plain or gzip, in UTF-8 or UTF-16, with or without a mark
//! of byte order. What a file is says its beginning, not its name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

const GZIP: [u8; 2] = [0x1F, 0x8B];
const UTF_8: [u8; 3] = [0xEF, 0xBB, 0xBF];
/// Bytes that tell what a file is.
const FIRST: usize = 4;
const BUFFER: usize = 256 << 10;

/// A file's text in UTF-8, without the mark at its beginning.
pub type Input = Box<dyn BufRead + Send>;

/// Whether a file is compressed, by its first bytes.
pub fn is_gzip(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    File::open(path)?.take(2).read_to_end(&mut first)?;
    Ok(first == GZIP)
}

/// Opens a file of text.
pub fn open(path: &Path) -> io::Result<Input> {
    let compressed = is_gzip(path)?;
    let file = BufReader::with_capacity(BUFFER, File::open(path)?);
    // Tools that append leave several compressed files in one.
    let plain: Box<dyn Read + Send> = if compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut plain = BufReader::with_capacity(BUFFER, plain);
    let mut first = Vec::with_capacity(FIRST);
    (&mut plain).take(FIRST as u64).read_to_end(&mut first)?;
    Ok(match first.as_slice() {
        [0xFF, 0xFE, rest @ ..] => Box::new(utf_16(rest.to_vec(), plain, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Box::new(utf_16(rest.to_vec(), plain, u16::from_be_bytes)),
        // Without a mark the zeros beside the first two letters tell: no text in UTF-8 has any.
        [1..=0xFF, 0, 1..=0xFF, 0] => Box::new(utf_16(first, plain, u16::from_le_bytes)),
        [0, 1..=0xFF, 0, 1..=0xFF] => Box::new(utf_16(first, plain, u16::from_be_bytes)),
        [0xEF, 0xBB, 0xBF, rest @ ..] => Box::new(io::Cursor::new(rest.to_vec()).chain(plain)),
        _ => Box::new(io::Cursor::new(first).chain(plain)),
    })
}

/// Whether a file of text holds nothing but space.
pub fn is_blank(path: &Path) -> io::Result<bool> {
    let mut input = open(path)?;
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(true);
        }
        if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
            return Ok(false);
        }
        let length = bytes.len();
        input.consume(length);
    }
}

/// `line` without space around it and without the mark that files leave in the middle when they are put
/// together.
pub fn bare(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    line.strip_prefix(&UTF_8).map_or(line, |line| line.trim_ascii())
}

fn utf_16(first: Vec<u8>, rest: impl Read + Send, unit: fn([u8; 2]) -> u16) -> BufReader<impl Read + Send> {
    BufReader::with_capacity(
        BUFFER,
        Utf16 { input: io::Cursor::new(first).chain(rest), unit, high: None, text: Vec::new(), at: 0 },
    )
}

/// Turns UTF-16 into UTF-8. What is no character becomes the sign for that.
struct Utf16<R> {
    input: R,
    unit: fn([u8; 2]) -> u16,
    /// The first half of a character whose second half is still to come.
    high: Option<u16>,
    text: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf16<R> {
    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(BUFFER);
        (&mut self.input).take(BUFFER as u64).read_to_end(&mut bytes)?;
        let is_last = bytes.len() < BUFFER;
        let units = bytes.chunks_exact(2).map(|pair| (self.unit)([pair[0], pair[1]]));
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        if !is_last {
            self.high = units.pop_if(|unit| (0xD800..0xDC00).contains(unit));
        }
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        (self.text, self.at) = (text.into_bytes(), 0);
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.refill()?;
        }
        let some = into.len().min(self.text.len() - self.at);
        into[..some].copy_from_slice(&self.text[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn text_of(bytes: &[u8]) -> io::Result<String> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        let mut text = String::new();
        open(file.path())?.read_to_string(&mut text)?;
        Ok(text)
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("bytes in memory");
        encoder.finish().expect("bytes in memory")
    }

    #[test]
    fn one_text_in_every_form() {
        let text = "{\"a\":\"\u{1F600}ä\"}\r\n\n{}";
        let marked = [&UTF_8[..], text.as_bytes()].concat();
        let units = |bytes: fn(u16) -> [u8; 2]| {
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
        };
        let halves = [packed(&marked[..9]), packed(&marked[9..])].concat();
        let forms = [
            text.as_bytes().to_vec(),
            marked.clone(),
            packed(text.as_bytes()),
            packed(&marked),
            halves,
            units(u16::to_le_bytes),
            units(u16::to_be_bytes),
            units(u16::to_le_bytes)[2..].to_vec(),
            units(u16::to_be_bytes)[2..].to_vec(),
            packed(&units(u16::to_le_bytes)),
        ];
        for (at, form) in forms.iter().enumerate() {
            assert_eq!(text_of(form).expect("readable"), text, "form {at}");
        }
        let cut = &forms[2][..forms[2].len() - 9];
        assert_eq!(text_of(cut).expect_err("cut off").kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn characters_of_two_units_survive_the_seam_of_two_buffers() {
        let text: String = "x".to_string() + &"\u{1F600}".repeat(BUFFER);
        let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert!(text_of(&bytes).expect("readable") == text);
    }
}
