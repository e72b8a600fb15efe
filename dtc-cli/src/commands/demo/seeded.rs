//! Random bytes that are the same for the same seed. They protect nothing, and serve simulators only.

use std::sync::{Mutex, PoisonError};

use dtc_provision::PortError;
use dtc_provision::ports::Entropy;

/// `SplitMix64`, from a seed on.
pub(super) struct Seeded(Mutex<u64>);

impl Seeded {
    /// Bytes of this seed; the simulators draw theirs from it in another way.
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed ^ 0x6474_6364_656d_6f00))
    }
}

impl Entropy for Seeded {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
