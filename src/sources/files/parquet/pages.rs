//! What pages say of themselves: their checksums, and how many values they hold. Damage that leaves another value of
//! the same length is noticed by nothing else, for the engine does not look at checksums; and where a page says that it
//! holds fewer values than none, the engine asks for more memory than there is, which ends the program.

use flate2::Crc;

use crate::sources::files::parquet::thrift::{Reader, Wire};

/// A page as it lies in a column's chunk.
struct Page<'a> {
    /// CRC-32 of its bytes, where its writer left one, as Spark does.
    checksum: Option<u32>,
    /// How many values it says that it holds.
    values: Option<i64>,
    /// Whether it is a dictionary, of which a column may use a part only.
    is_dictionary: bool,
    /// Its bytes behind the header, as they are stored.
    bytes: &'a [u8],
    /// What follows it.
    behind: &'a [u8],
}

/// What is wrong with the pages of a chunk of so many values: one is not what its writer's checksum says, or holds
/// more values than the chunk. Pages without a checksum count as whole; what is no page is left to the engine.
pub fn fault(mut chunk: &[u8], values: i64) -> Option<&'static str> {
    while let Some(page) = first(chunk) {
        if page.checksum.is_some_and(|checksum| checksum != crc(page.bytes)) {
            return Some("a page is not what its checksum says");
        }
        if page.values.is_some_and(|own| own < 0 || own > values && !page.is_dictionary) {
            return Some("a page has not as many values as it says");
        }
        chunk = page.behind;
    }
    None
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn first(chunk: &[u8]) -> Option<Page<'_>> {
    let mut reader = Reader::new(chunk);
    let (mut length, mut checksum, mut values, mut is_dictionary) = (None, None, None, false);
    reader.fields(|reader, id, wire| {
        match id {
            3 => length = Some(reader.integer::<usize>(wire)?),
            4 => checksum = Some(reader.integer::<i32>(wire)?.cast_unsigned()),
            // Headers of data, of dictionaries and of the second version of data begin with their number of values.
            5 | 7 | 8 if wire == Wire::Struct => {
                is_dictionary = id == 7;
                reader.fields(|reader, id, wire| {
                    if id == 1 {
                        values = Some(reader.integer::<i64>(wire)?);
                    }
                    Some(id == 1)
                })?;
            }
            _ => return Some(false),
        }
        Some(true)
    })?;
    let (bytes, behind) = reader.rest().split_at_checked(length?)?;
    Some(Page { checksum, values, is_dictionary, bytes, behind })
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
        assert_eq!(fault(&chunk, 1), None);
        *chunk.last_mut().expect("a byte") ^= 1;
        assert!(fault(&chunk, 1).is_some());
    }

    #[test]
    fn a_page_holds_no_more_values_than_its_chunk_and_no_fewer_than_none() {
        // The number of values, 1, is the second byte from the end of the header.
        let whole = page(b"anna", None);
        for (number, is_whole) in [(0x02, true), (0x00, true), (0x04, false), (0x01, false)] {
            let mut damaged = whole.clone();
            let at = damaged.len() - b"anna".len() - 3;
            damaged[at] = number;
            assert_eq!(fault(&damaged, 1).is_none(), is_whole, "{number}");
        }
    }

    #[test]
    fn what_has_no_checksum_or_is_no_page_is_left_to_the_engine() {
        for bytes in [&page(b"anna", None)[..], b"", b"no page", &page(b"cut off", Some(0))[..12]] {
            assert_eq!(fault(bytes, 1), None);
        }
    }
}
