//! Checksums of pages. Damage that leaves another value of the same length is noticed by nothing else: the engine
//! does not look at them.

use flate2::Crc;

use crate::sources::files::parquet::thrift::Reader;

/// A page as it lies in a column's chunk.
struct Page<'a> {
    /// CRC-32 of its bytes, where its writer left one, as Spark does.
    checksum: Option<u32>,
    /// Its bytes behind the header, as they are stored.
    bytes: &'a [u8],
    /// What follows it.
    behind: &'a [u8],
}

/// Whether the pages of a chunk are what their writer's checksums say. Pages without one count as whole; what is no
/// page is left to the engine.
pub fn are_whole(mut chunk: &[u8]) -> bool {
    while let Some(page) = first(chunk) {
        if page.checksum.is_some_and(|checksum| checksum != crc(page.bytes)) {
            return false;
        }
        chunk = page.behind;
    }
    true
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn first(chunk: &[u8]) -> Option<Page<'_>> {
    let mut reader = Reader::new(chunk);
    let (mut length, mut checksum) = (None, None);
    reader.fields(|reader, id, wire| {
        match id {
            3 => length = Some(reader.integer::<usize>(wire)?),
            4 => checksum = Some(reader.integer::<i32>(wire)?.cast_unsigned()),
            _ => return Some(false),
        }
        Some(true)
    })?;
    let (bytes, behind) = reader.rest().split_at_checked(length?)?;
    Some(Page { checksum, bytes, behind })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of plain values behind a header with its type, lengths, checksum and the number of its values.
    fn page(values: &[u8], checksum: Option<u32>) -> Vec<u8> {
        let varint = |number: i32| {
            let mut rest = ((number << 1) ^ (number >> 31)).cast_unsigned();
            let mut bytes = Vec::new();
            while rest >= 0x80 {
                bytes.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
            bytes
        };
        let length = varint(values.len() as i32);
        let mut page = [&[0x15, 0x00, 0x15][..], &length, &[0x15], &length].concat();
        if let Some(checksum) = checksum {
            page.push(0x15);
            page.extend(varint(checksum.cast_signed()));
        }
        page.extend([if checksum.is_some() { 0x1C } else { 0x2C }, 0x15, 0x02, 0x00, 0x00]);
        page.extend(values);
        page
    }

    #[test]
    fn a_checksum_tells_any_other_byte_from_those_that_were_written() {
        let dictionary = page(b"anna", Some(crc(b"anna")));
        let data = page(b"bo", Some(crc(b"bo")));
        let mut chunk = [dictionary, page(b"no checksum", None), data].concat();
        assert!(are_whole(&chunk));
        *chunk.last_mut().expect("a byte") ^= 1;
        assert!(!are_whole(&chunk));
    }

    #[test]
    fn what_has_no_checksum_or_is_no_page_is_left_to_the_engine() {
        for bytes in [&page(b"anna", None)[..], b"", b"no page", &page(b"cut off", Some(0))[..12]] {
            assert!(are_whole(bytes));
        }
    }
}
