//! Markers of old versions in names: `-v2006-01-02-150405-000` before the extension.

/// A marker's length in bytes.
const LEN: usize = "-v2006-01-02-150405-000".len();

/// A name without its marker, and the marker.
pub(super) struct Versioned {
    pub(super) name: Vec<u8>,
    pub(super) marker: Vec<u8>,
}

/// Removes the marker from a name, if there is one with a valid date.
pub(super) fn take(name: &[u8]) -> Option<Versioned> {
    let (base, extension) = split_extension(name);
    let start = base.len().checked_sub(LEN)?;
    let (rest, marker) = base.split_at(start);
    is_marker(marker).then(|| Versioned { name: [rest, extension].concat(), marker: marker.to_vec() })
}

/// Inserts a marker before the extension of a name.
pub(super) fn put(name: &[u8], marker: &[u8]) -> Vec<u8> {
    let (base, extension) = split_extension(name);
    [base, marker, extension].concat()
}

/// The extension begins with the last dot; a name whose only dot is its first character has none.
fn split_extension(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => (name, b""),
        Some(dot) => name.split_at(dot),
    }
}

fn is_marker(marker: &[u8]) -> bool {
    let shaped = marker.iter().zip(b"-v0000-00-00-000000-000").all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    });
    let number =
        |from: usize, to: usize| marker[from..to].iter().fold(0, |sum, d| sum * 10 + u32::from(d - b'0'));
    shaped && {
        let (year, month) = (number(2, 6), number(7, 9));
        (1..=days_in(year, month)).contains(&number(10, 12))
            && number(13, 15) < 24
            && number(15, 17) < 60
            && number(17, 19) < 60
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_exist() {
        let taken = |name: &str| take(name.as_bytes()).map(|v| String::from_utf8(v.name).unwrap());
        assert_eq!(taken("report-v2023-01-02-030405-678.txt").as_deref(), Some("report.txt"));
        assert_eq!(taken("-v2001-02-03-040506-123").as_deref(), Some(""));
        assert_eq!(taken("a-v2024-02-29-000000-000").as_deref(), Some("a"));
        assert_eq!(taken("a-v2023-02-29-000000-000"), None);
        assert_eq!(taken("v-v2023-13-45-999999-000.txt"), None);
        // Not a clean inverse, in rclone either: a name that is all marker and extension.
        let odd = take(b"-v2019-06-30-121314-015.c").unwrap();
        assert_eq!(put(&odd.name, &odd.marker), b".c-v2019-06-30-121314-015");
    }
}
