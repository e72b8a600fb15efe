//! Network interfaces.

use truenas_client::Client as Nas;
use truenas_client::interfaces as there;

use super::failure::Failure;
use super::shown::{Shown, found};
use crate::held::Held;
use crate::twins::twins;
use crate::values::Many;

found! {
    /// A network interface.
    Interface of there::Interface {
        /// Its name, such as ``enp1s0``.
        name: String,
        /// Its hardware address as the appliance writes it, with colons; none for some virtual ones.
        mac: Option<String> = None,
        /// Its IP addresses, configured and leased, each once.
        addresses: Vec<String>,
    }
}

twins! {
    /// The appliance's network interfaces.
    "Interfaces" in "dtc.truenas" and "dtc.truenas.aio", Failure: Interfaces / AioInterfaces(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every interface with the addresses it has now, whether configured or leased.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "interface.query"
        fn list() -> Many<Interface> = |nas| {
            Ok(nas.interfaces().list().await?.shown())
        }
    }
}
