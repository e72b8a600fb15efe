//! Every service of a simulation, started.

use crate::instances::Instances;
use crate::{b2, connect, halo, itglue, ninja, truenas};

/// The instances of each service.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) b2: Instances<b2::Handle, b2::Address>,
    pub(crate) truenas: Instances<truenas::Handle, truenas::Address>,
    pub(crate) ninja: Instances<ninja::Handle, ninja::Address>,
    pub(crate) itglue: Instances<itglue::Handle, itglue::Address>,
    pub(crate) halo: Instances<halo::Handle, halo::Address>,
    pub(crate) connect: Instances<connect::Handle, connect::Address>,
}
