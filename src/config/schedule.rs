//! The shape of a cron schedule. The program only checks it; cron or an orchestrator acts on it.

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of month", least: 1, most: 31, names: &[] },
    Field { name: "month", least: 1, most: 12, names: MONTHS },
    Field { name: "day of week", least: 0, most: 7, names: DAYS },
];

/// Five fields of numbers, names, ranges, steps and lists.
pub(super) fn check(schedule: &str) -> Result<(), String> {
    let parts: Vec<&str> = schedule.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("found {} fields in {schedule:?}", parts.len()));
    }
    for (part, field) in parts.iter().zip(&FIELDS) {
        if !part.split(',').all(|item| field.accepts(item)) {
            return Err(format!("found the {} {part:?}", field.name));
        }
    }
    Ok(())
}

impl Field {
    fn accepts(&self, item: &str) -> bool {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok()),
            None => (item, Some(1)),
        };
        let steps = step.is_some_and(|step| (1..=self.most).contains(&step));
        let covers = match range.split_once('-') {
            _ if range == "*" => true,
            Some((from, to)) => match (self.number(from), self.number(to)) {
                (Some(from), Some(to)) => from <= to,
                _ => false,
            },
            None => self.number(range).is_some(),
        };
        steps && covers
    }

    fn number(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| text.eq_ignore_ascii_case(name));
        match named {
            Some(index) => u32::try_from(index).ok().map(|index| index + self.least),
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().filter(|number| (self.least..=self.most).contains(number))
            }
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn accepts_what_cron_accepts() {
        for schedule in ["30 2 * * *", "*/15 0-6 1,15 jan-jun mon-fri", "0 4 * * 7"] {
            assert_eq!(check(schedule), Ok(()), "{schedule}");
        }
    }

    #[test]
    fn refuses_and_names_the_field() {
        for (schedule, reason) in [
            ("daily", "1 fields"),
            ("60 2 * * *", "minute \"60\""),
            ("0 24 * * *", "hour"),
            ("0 2 0 * *", "day of month"),
            ("0 2 * 13 *", "month"),
            ("0 2 * * fri-mon", "day of week"),
            ("0 */0 * * *", "hour"),
        ] {
            let error = check(schedule).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
