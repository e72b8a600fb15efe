//! Clock and entropy.

use jiff::Timestamp;

use super::World;
use crate::port_error::PortError;
use crate::ports::{Clock, Entropy};

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.look(|state| state.now)
    }
}

impl Entropy for World {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        self.change(|state| {
            for chunk in out.chunks_mut(8) {
                chunk.copy_from_slice(&state.draw().to_be_bytes()[..chunk.len()]);
            }
        });
        Ok(())
    }
}
