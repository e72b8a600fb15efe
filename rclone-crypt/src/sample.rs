//! Which objects to prove when not all can be.

/// An object to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Its length as stored, in bytes.
    pub stored_len: u64,
    /// When it was uploaded, in any unit that rises.
    pub uploaded: i64,
}

/// Why an object was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The most recent upload.
    Newest,
    /// The first upload still there: written under the secrets of that day.
    Oldest,
    /// The longest.
    Largest,
    /// By chance.
    Random,
}

/// The objects chosen, and how much of all they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// Positions in the candidates, each once, with the reason.
    pub chosen: Vec<(usize, Reason)>,
    /// How many candidates there were.
    pub objects: usize,
    /// How many of them are empty: never chosen, since they prove nothing.
    pub empty: usize,
    /// The stored bytes of all candidates.
    pub bytes: u64,
    /// The stored bytes of the chosen ones.
    pub chosen_bytes: u64,
}

/// Chooses up to `count` objects: the newest, the oldest, the largest, then others by chance, the same for the same seed.
///
/// ```
/// use rclone_crypt::{Candidate, Reason, sample};
///
/// let objects: Vec<_> = (0..100).map(|n| Candidate { stored_len: 32 + n, uploaded: n as i64 }).collect();
/// let sample = sample(&objects, 5, 42);
/// assert_eq!(sample.chosen[..2], [(99, Reason::Newest), (1, Reason::Oldest)]);
/// assert_eq!((sample.chosen.len(), sample.empty), (5, 1));
/// ```
pub fn sample(candidates: &[Candidate], count: usize, seed: u64) -> Sample {
    let empty = |c: &Candidate| c.stored_len <= crate::lengths::HEADER_LEN as u64;
    let mut left: Vec<usize> = (0..candidates.len()).filter(|i| !empty(&candidates[*i])).collect();
    let mut sample = Sample {
        chosen: Vec::new(),
        objects: candidates.len(),
        empty: candidates.len() - left.len(),
        bytes: candidates.iter().map(|c| c.stored_len).sum(),
        chosen_bytes: 0,
    };
    let mut random = SplitMix(seed);
    for turn in 0..count.min(left.len()) {
        let position = |best: fn(&Candidate) -> i128| {
            (0..left.len()).max_by_key(|i| (best(&candidates[left[*i]]), usize::MAX - i)).unwrap_or_default()
        };
        let (position, reason) = match turn {
            0 => (position(|c| i128::from(c.uploaded)), Reason::Newest),
            1 => (position(|c| -i128::from(c.uploaded)), Reason::Oldest),
            2 => (position(|c| i128::from(c.stored_len)), Reason::Largest),
            _ => (random.below(left.len()), Reason::Random),
        };
        let index = left.swap_remove(position);
        sample.chosen.push((index, reason));
        sample.chosen_bytes += candidates[index].stored_len;
    }
    sample
}

/// Steele, Lea and Flood's generator: enough to choose by, and the same everywhere.
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
}
