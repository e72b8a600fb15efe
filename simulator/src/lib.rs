//! Every service of the toolkit in one process: stateful, strict, over real sockets, with faults on demand.
//!
//! Backblaze B2, a TrueNAS box, NinjaOne and IT Glue, each on a loopback port of its own, written from the
//! services' documentation. Programs that talk to the real services talk to these; only the addresses differ.
//!
//! ```
//! # async fn example() -> Result<(), simulator::Error> {
//! use simulator::{Fault, Simulator};
//!
//! let sim = Simulator::builder().seed(7).start().await?;
//! println!("B2 answers at {}", sim.addresses().b2.url);
//!
//! // The first key is made on the server, but its maker never hears of it.
//! sim.faults().on("b2", "b2_create_key").nth(1).after_effect(Fault::DropConnection);
//! let mark = sim.transcript().mark();
//! // … run a client here …
//! assert!(sim.transcript().since(mark).is_empty());
//! sim.stop().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! What it does not do: it offers no security (every secret of it is a test value), keeps nothing past its own
//! life, and does not imitate a service's speed.
//!
//! Invariants: it knows no client of ours and none of our rules; the same seed makes the same identifiers; a
//! request that a fault cuts before its effect changes nothing; every request that had an effect stands in the
//! transcript, in order, before its answer is sent.

pub mod b2;
mod clock;
mod error;
mod fault;
mod gate;
mod http;
pub mod itglue;
pub mod ninja;
mod random;
mod simulator;
pub mod technician;
mod transcript;
pub mod truenas;

pub use clock::Clock;
pub use error::{Error, ErrorKind};
pub use fault::{Fault, FaultBuilder, Faults, LoggedRequest, Moment};
pub use simulator::{Addresses, Builder, Simulator};
pub use transcript::{Access, Line, Mark, Transcript};

const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Simulator>();
    assert_send_sync::<Faults>();
    assert_send_sync::<Transcript>();
    assert_send_sync::<Error>();
};
