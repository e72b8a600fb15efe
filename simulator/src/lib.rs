//! Every service of the toolkit in one process: stateful, strict, over real sockets, with faults on demand.
//!
//! Backblaze B2, TrueNAS appliances, NinjaOne, IT Glue, HaloPSA and 1Password Connect, each on a loopback port of its
//! own, written from the services' documentation. Programs that talk to the real services talk to these; only the
//! addresses differ. Without further settings there is one of each; a builder adds any number of them:
//!
//! ```
//! # async fn example() -> Result<(), simulator::Error> {
//! use simulator::truenas::{Release, Settings};
//! use simulator::{Fault, Simulator};
//!
//! let sim = Simulator::builder()
//!     .seed(7)
//!     .truenas("nas01", Release::Scale25_10, Settings::numbered(1))
//!     .truenas("nas02", Release::Scale25_10, Settings::numbered(2))
//!     .start()
//!     .await?;
//! println!("B2 answers at {}", sim.addresses().b2.url);
//! let second = sim.addresses().appliance("nas02").map(|at| &at.url);
//! assert_ne!(second, Some(&sim.addresses().truenas.url));
//!
//! // The first key is made on the server, but its maker never receives it. The second appliance fails to list pools.
//! sim.faults().on("b2", "b2_create_key").nth(1).after_effect(Fault::DropConnection);
//! sim.faults().on("truenas", "pool.query").at("nas02").before_effect(Fault::DropConnection);
//! let mark = sim.transcript().mark();
//! // … run a client here …
//! let calls = sim.transcript().calls_since(mark);
//! println!("{calls}");
//! assert_eq!((calls.total(), calls.longest_chain().len()), (0, 0));
//! sim.stop().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! What it does not do: it offers no security (every secret in it is a test value), keeps nothing after it ends, and
//! does not imitate a service's speed.
//!
//! Invariants: it knows no client of this workspace and none of its rules; the same seed and the same ids of instances
//! give the same identifiers; a request that a fault cuts before its effect changes nothing; every request that had an
//! effect is in the transcript, in order, before its answer is sent.

mod addresses;
pub mod b2;
mod builder;
mod calls;
mod clock;
pub mod connect;
mod core;
mod echo;
mod error;
mod fault;
mod gate;
pub mod halo;
mod host;
mod http;
mod instances;
pub mod itglue;
mod line;
pub mod ninja;
mod python;
mod random;
mod request;
mod services;
mod simulator;
mod tasks;
pub mod technician;
mod transcript;
pub mod truenas;

pub use self::addresses::Addresses;
pub use self::builder::Builder;
pub use self::calls::Calls;
pub use self::clock::Clock;
pub use self::core::DEFAULT_ID;
pub use self::error::{Error, ErrorKind};
pub use self::fault::{Fault, FaultBuilder, Faults, LoggedRequest, Mangled, Moment};
pub use self::line::Line;
pub use self::request::{Access, Origin};
pub use self::simulator::Simulator;
pub use self::transcript::{Mark, Transcript};

const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Simulator>();
    assert_send_sync::<Faults>();
    assert_send_sync::<Transcript>();
    assert_send_sync::<Error>();
};
