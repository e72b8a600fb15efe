//! How a large file is divided into parts.

use std::ops::Range;

use crate::account::Account;

/// The maximum number of parts (reference: Backblaze, *Large files*).
const MOST_PARTS: u64 = 10_000;
/// The maximum size of a part, and of a file that is uploaded or copied in one call.
pub(super) const LARGEST_PART: u64 = 5_000_000_000;
/// The maximum size of a file.
pub(super) const LARGEST_FILE: u64 = 10_000_000_000_000;

/// Returns the part size for a file of this length: the wanted size, or else the account's recommended one, enlarged if it would result
/// in more than 10 000 parts. The error says which limit the length or the wanted size exceeds.
pub(super) fn part_size(length: u64, wanted: Option<u64>, account: &Account) -> Result<u64, String> {
    if length > LARGEST_FILE {
        return Err(format!("a file has at most 10 TB, not {length} bytes"));
    }
    let least = account.minimum_part_size;
    if let Some(wanted) = wanted.filter(|wanted| *wanted < least || *wanted > LARGEST_PART) {
        return Err(format!("a part of {wanted} bytes is not between {least} and {LARGEST_PART}"));
    }
    let wanted = wanted.unwrap_or(account.recommended_part_size).max(least);
    Ok(wanted.max(length.div_ceil(MOST_PARTS)).min(LARGEST_PART))
}

/// Returns the ranges of the parts of a file of this length, in order.
pub fn cut(length: u64, part_size: u64) -> impl Iterator<Item = Range<u64>> + Clone {
    (1..=count(length, part_size)).map(move |number| range(length, part_size, number))
}

/// The number of parts of a file of this length.
pub(super) fn count(length: u64, part_size: u64) -> u32 {
    u32::try_from(length.div_ceil(part_size.max(1))).unwrap_or(u32::MAX)
}

/// The range of part `number` (counted from 1) of a file of this length.
pub(super) fn range(length: u64, part_size: u64, number: u32) -> Range<u64> {
    let start = (u64::from(number) - 1) * part_size;
    start..length.min(start + part_size)
}

/// Returns the size of part `number` of a stream of unknown length; `None` after the last possible part. Late parts are larger, so that
/// 10 000 parts can hold the maximum size of a file.
pub(super) fn growing(part_size: u64, number: u32) -> Option<u64> {
    /// The first parts have the wanted size.
    const STEADY: u32 = 5000;
    /// After them, the size doubles every so many parts.
    const STEP: u32 = 300;
    let doublings = number.saturating_sub(STEADY).div_ceil(STEP);
    let grown = part_size.saturating_mul(1_u64.checked_shl(doublings).unwrap_or(u64::MAX));
    (u64::from(number) <= MOST_PARTS).then_some(grown.min(LARGEST_PART))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use proptest::prelude::*;

    fn account(minimum_part_size: u64, recommended_part_size: u64) -> Account {
        Account {
            id: AccountId::new("a"),
            capabilities: vec![],
            allowed_buckets: None,
            name_prefix: None,
            key_expires: None,
            recommended_part_size,
            minimum_part_size,
            api_url: String::new(),
            download_url: String::new(),
            s3_url: String::new(),
        }
    }

    #[test]
    fn gotcha_12_a_terabyte_does_not_run_out_of_parts_and_an_exact_multiple_has_no_empty_part() {
        let usual = account(5_000_000, 100_000_000);
        for length in [1_000_000_000_000, 1_000_000_000_001, 10_000_000_000_000] {
            let size = part_size(length, None, &usual).unwrap();
            assert!(cut(length, size).count() <= 10_000, "{length}");
        }
        let all: Vec<_> = cut(20, 10).collect();
        assert_eq!(all, [0..10, 10..20]);
    }

    #[test]
    fn sizes_outside_the_services_bounds_are_refused() {
        let usual = account(5_000_000, 100_000_000);
        assert!(part_size(1, Some(4_999_999), &usual).is_err());
        assert!(part_size(1, Some(LARGEST_PART + 1), &usual).is_err());
        assert!(part_size(LARGEST_FILE + 1, None, &usual).is_err());
    }

    proptest! {
        #[test]
        fn gotcha_12_a_stream_of_ten_terabytes_fits_whatever_its_parts(part_size in 5_000_000..=LARGEST_PART) {
            let sizes: Vec<u64> = (1..).map_while(|number| growing(part_size, number)).collect();
            prop_assert_eq!(sizes.len() as u64, MOST_PARTS);
            prop_assert!(sizes[..5000].iter().all(|size| *size == part_size), "it grows late");
            prop_assert!(sizes.is_sorted() && sizes[9999] <= LARGEST_PART);
            prop_assert!(sizes.windows(2).all(|pair| pair[1] <= pair[0] * 2), "no part is more than twice the one before");
            prop_assert!(sizes.iter().sum::<u64>() >= LARGEST_FILE);
        }

        #[test]
        fn every_byte_is_in_exactly_one_part(length in 1..=LARGEST_FILE, least in 1..10_000_000_u64, more in 0..200_000_000_u64) {
            let size = part_size(length, None, &account(least, least + more)).unwrap();
            let mut next = 0;
            let mut count = 0_u64;
            for part in cut(length, size) {
                prop_assert_eq!(part.start, next);
                prop_assert!(part.end > part.start && part.end - part.start <= LARGEST_PART);
                prop_assert!(part.end == length || part.end - part.start >= least);
                next = part.end;
                count += 1;
            }
            prop_assert_eq!(next, length);
            prop_assert!(count <= MOST_PARTS);
        }
    }
}
