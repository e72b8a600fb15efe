//! Selection of a sample of objects to prove.

/// An object that can be selected for a [`sample`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The stored length in bytes.
    pub stored_len: u64,
    /// When the object was uploaded, in any unit that increases with time.
    pub uploaded: i64,
}

/// Why an object was selected for a [`sample`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SampleReason {
    /// It is the most recent upload.
    Newest,
    /// It is the oldest upload, encrypted with the secrets of that time.
    Oldest,
    /// It is the largest object.
    Largest,
    /// It was selected at random.
    Random,
}

/// A sample of objects, and its share of all objects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The indices of the selected candidates, with the reason.
    pub chosen: Vec<(usize, SampleReason)>,
    /// The number of candidates.
    pub objects: usize,
    /// The number of empty candidates. They are never selected, because they prove nothing.
    pub empty: usize,
    /// The stored bytes of all candidates. Saturates at `u64::MAX`, as sizes that a service states can be any.
    pub bytes: u64,
    /// The stored bytes of the selected candidates. Saturates as `bytes` does.
    pub chosen_bytes: u64,
}

/// Selects up to `count` objects: the newest, the oldest, the largest, then others at random. The same seed gives the same sample.
///
/// ```
/// use rclone_crypt::{Candidate, SampleReason, sample};
///
/// let objects: Vec<_> = (0..100).map(|n| Candidate { stored_len: 32 + n, uploaded: n as i64 }).collect();
/// let sample = sample(&objects, 5, 42);
/// assert_eq!(sample.chosen[..2], [(99, SampleReason::Newest), (1, SampleReason::Oldest)]);
/// assert_eq!((sample.chosen.len(), sample.empty), (5, 1));
/// ```
pub fn sample(candidates: &[Candidate], count: usize, seed: u64) -> Sample {
    let empty = |c: &Candidate| c.stored_len <= crate::lengths::HEADER_LEN as u64;
    let mut left: Vec<usize> = (0..candidates.len()).filter(|i| !empty(&candidates[*i])).collect();
    let mut sample = Sample {
        chosen: Vec::new(),
        objects: candidates.len(),
        empty: candidates.len() - left.len(),
        bytes: candidates.iter().fold(0, |sum: u64, candidate| sum.saturating_add(candidate.stored_len)),
        chosen_bytes: 0,
    };
    let mut random = SplitMix(seed);
    for turn in 0..count.min(left.len()) {
        let position = |best: fn(&Candidate) -> i128| {
            (0..left.len()).max_by_key(|i| (best(&candidates[left[*i]]), usize::MAX - i)).unwrap_or_default()
        };
        let (position, reason) = match turn {
            0 => (position(|c| i128::from(c.uploaded)), SampleReason::Newest),
            1 => (position(|c| -i128::from(c.uploaded)), SampleReason::Oldest),
            2 => (position(|c| i128::from(c.stored_len)), SampleReason::Largest),
            _ => (random.below(left.len()), SampleReason::Random),
        };
        let index = left.swap_remove(position);
        sample.chosen.push((index, reason));
        sample.chosen_bytes = sample.chosen_bytes.saturating_add(candidates[index].stored_len);
    }
    sample
}

/// The `SplitMix64` generator of Steele, Lea and Flood: not cryptographic, and the same on all platforms.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from((u128::from(z) * bound as u128) >> 64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_once_and_none_empty() {
        let objects: Vec<_> = (0..20)
            .map(|n| Candidate { stored_len: if n % 4 == 0 { 32 } else { 100 }, uploaded: 0 })
            .collect();
        let all = sample(&objects, 50, 1);
        let mut indices: Vec<_> = all.chosen.iter().map(|(i, _)| *i).collect();
        indices.sort_unstable();
        indices.dedup();
        assert_eq!((indices.len(), all.empty, all.chosen_bytes), (15, 5, 1500));
        assert_eq!(all, sample(&objects, 50, 1));
        assert!(sample(&[], 5, 1).chosen.is_empty());
    }

    #[test]
    fn x6_sizes_that_no_service_can_hold_are_summed_without_a_panic() {
        let sizes = [u64::MAX, u64::MAX - 1, 1 << 63, 0, 33];
        let objects: Vec<_> = sizes
            .into_iter()
            .zip([i64::MIN, 0, i64::MAX, 1, -1])
            .map(|(stored_len, uploaded)| Candidate { stored_len, uploaded })
            .collect();
        for count in 0..6 {
            let found = sample(&objects, count, u64::MAX);
            assert_eq!((found.bytes, found.empty, found.chosen.len()), (u64::MAX, 1, count.min(4)));
        }
        assert_eq!(sample(&objects, 4, 0).chosen_bytes, u64::MAX);
    }
}
