//! Reading values of the compact protocol of Thrift, in which footers of Parquet are written.
//!
//! What nobody asked for is passed over, whatever it is: the libraries that know the format's structs
//! fail at types that were added after them.

/// How deep a value that is passed over may be nested.
const DEPTH: usize = 64;

/// The wire types of Thrift. The value of a boolean field is in its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    True,
    False,
    Byte,
    Integer,
    Double,
    Binary,
    List,
    Map,
    Struct,
}

/// Reads bytes in order; none is what is no Thrift.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A value of a type that [`Wire::Integer`] or [`Wire::Byte`] stand for.
    pub fn integer<T: TryFrom<i64>>(&mut self, wire: Wire) -> Option<T> {
        let value = match wire {
            Wire::Integer => {
                let value = self.varint()?;
                (value >> 1) as i64 ^ -((value & 1) as i64)
            }
            Wire::Byte => i64::from(self.byte()? as i8),
            _ => return None,
        };
        T::try_from(value).ok()
    }

    pub fn binary(&mut self, wire: Wire) -> Option<&'a [u8]> {
        if wire != Wire::Binary {
            return None;
        }
        let length = usize::try_from(self.varint()?).ok()?;
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(value)
    }

    pub fn text(&mut self, wire: Wire) -> Option<&'a str> {
        std::str::from_utf8(self.binary(wire)?).ok()
    }

    /// The elements of a list, each read by `each`.
    pub fn list<T>(&mut self, wire: Wire, mut each: impl FnMut(&mut Self, Wire) -> Option<T>) -> Option<Vec<T>> {
        if wire != Wire::List {
            return None;
        }
        let (element, length) = self.list_header()?;
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(each(self, element)?);
        }
        Some(values)
    }

    /// Every element takes a byte at least, so that no length makes a reader wait or ask for memory.
    fn list_header(&mut self) -> Option<(Wire, usize)> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            short => usize::from(short),
        };
        (length <= self.0.len()).then_some(())?;
        Some((wire(header & 0x0F)?, length))
    }

    /// The fields of a struct by their ids; those of which `each` says that it read nothing are passed over.
    pub fn fields(&mut self, mut each: impl FnMut(&mut Self, i16, Wire) -> Option<bool>) -> Option<()> {
        let mut id = 0i16;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            let wire = wire(header & 0x0F)?;
            id = match header >> 4 {
                0 => self.integer(Wire::Integer)?,
                delta => id.checked_add(i16::from(delta))?,
            };
            if !each(self, id, wire)? {
                self.pass(wire, DEPTH)?;
            }
        }
    }

    fn pass(&mut self, wire: Wire, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match wire {
            Wire::True | Wire::False => {}
            Wire::Byte => drop(self.byte()?),
            Wire::Integer => drop(self.varint()?),
            Wire::Double => self.0 = self.0.get(8..)?,
            Wire::Binary => drop(self.binary(wire)?),
            Wire::List => {
                let (element, length) = self.list_header()?;
                for _ in 0..length {
                    self.pass_element(element, depth)?;
                }
            }
            Wire::Map => {
                let length = usize::try_from(self.varint()?).ok()?;
                if length > 0 {
                    (length <= self.0.len()).then_some(())?;
                    let kinds = self.byte()?;
                    let (key, value) = (self::wire(kinds >> 4)?, self::wire(kinds & 0x0F)?);
                    for _ in 0..length {
                        self.pass_element(key, depth)?;
                        self.pass_element(value, depth)?;
                    }
                }
            }
            Wire::Struct => loop {
                let header = self.byte()?;
                if header == 0 {
                    break;
                }
                if header >> 4 == 0 {
                    self.varint()?;
                }
                self.pass(self::wire(header & 0x0F)?, depth)?;
            },
        }
        Some(())
    }

    /// A boolean is a byte of its own where it is an element.
    fn pass_element(&mut self, wire: Wire, depth: usize) -> Option<()> {
        match wire {
            Wire::True | Wire::False => self.byte().map(drop),
            wire => self.pass(wire, depth),
        }
    }
}

fn wire(code: u8) -> Option<Wire> {
    Some(match code {
        1 => Wire::True,
        2 => Wire::False,
        3 => Wire::Byte,
        4..=6 => Wire::Integer,
        7 => Wire::Double,
        8 => Wire::Binary,
        9 | 10 => Wire::List,
        11 => Wire::Map,
        12 => Wire::Struct,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_passed_over() {
        // Field 1 a list of booleans, 2 a struct with a double, 3 a map of texts, 20 the integer -3.
        let bytes = [
            0x19, 0x21, 1, 2, 0x1C, 0x17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1B, 1, 0x88, 1, b'a', 1, 0xFF, 0x05, 0x28, 5, 0,
        ];
        let mut found = None;
        let read = Reader::new(&bytes).fields(|reader, id, wire| {
            if id == 20 {
                found = Some(reader.integer::<i32>(wire)?);
            }
            Some(id == 20)
        });
        assert_eq!((read, found), (Some(()), Some(-3)));
    }

    #[test]
    fn what_is_no_thrift_is_none() {
        let struct_in_struct = [0x1C; 4096];
        let long_list = [0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F];
        for bytes in [&struct_in_struct[..], &long_list, &[0x18, 0x7F], &[]] {
            assert_eq!(Reader::new(bytes).fields(|_, _, _| Some(false)), None);
        }
    }
}
