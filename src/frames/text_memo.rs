//! What was made of texts a moment ago: mail repeats few addresses, and to make one comparable takes several
//! times as long as to see that it is one that was met.

/// Texts that are remembered at most; a power of two.
const TEXTS: usize = 1 << 11;

/// What was made of texts, as far as no other text took its place.
pub struct Memo<'a, T>(Vec<(Option<&'a str>, T)>);

impl<'a, T: Copy + Default> Memo<'a, T> {
    /// For so many texts, of which each comes several times.
    pub fn of(texts: usize) -> Memo<'a, T> {
        Memo(vec![(None, T::default()); (texts / 4).next_power_of_two().min(TEXTS)])
    }

    /// What was made of a text; where that is not known, `make` makes it, and says whether the text alone
    /// decides.
    pub fn get(&mut self, text: &'a str, make: impl FnOnce() -> (T, bool)) -> T {
        let last = self.0.len() - 1;
        let place = &mut self.0[place(text.as_bytes()) & last];
        if place.0 == Some(text) {
            return place.1;
        }
        let (made, is_all) = make();
        if is_all {
            *place = (Some(text), made);
        }
        made
    }
}

/// A place by the beginning and the end of a text. Texts that share it take turns, whoever chose them.
fn place(text: &[u8]) -> usize {
    let word = |from: usize| {
        let bytes = text.get(from..from + 8).and_then(|bytes| bytes.try_into().ok());
        u64::from_le_bytes(bytes.unwrap_or_default())
    };
    let words = match text.len() {
        0..8 => text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        length => {
            let last = word(length - 8).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            word(0) ^ word(8).rotate_left(21) ^ last ^ last >> 32
        }
    };
    ((words ^ words >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_met_is_not_read_again() {
        let texts: Vec<String> = (0..50).map(|number| format!("anna.{number}@acme.example")).collect();
        let mut memo = Memo::of(1000);
        let mut read = 0;
        for row in 0..1000 {
            // Texts that lie elsewhere are the same all the same.
            let text = &texts[row % 50];
            let made = memo.get(text, || {
                read += 1;
                (text.len() + row % 50, true)
            });
            assert_eq!(made, text.len() + row % 50);
        }
        // Some of them take turns.
        assert!(read < 500, "{read}");
    }

    #[test]
    fn what_the_text_alone_does_not_decide_is_made_again() {
        let mut memo = Memo::of(3);
        assert_eq!([0, 1, 2].map(|row| memo.get("Xena", || (row, row == 1))), [0, 1, 1]);
    }

    #[test]
    fn texts_that_share_a_place_are_told_apart() {
        let mut memo = Memo::of(1);
        for (text, made) in [("", 1), ("a", 2), ("", 1), ("a@acme.example", 3), ("b@acme.example", 4)] {
            assert_eq!(memo.get(text, || (made, true)), made);
        }
    }
}
