//! Where everything answers.

use serde::Serialize;

use crate::instances::{Instances, Others};
use crate::{b2, itglue, ninja, truenas};

/// Where every simulated service answers, with the credentials it accepts.
///
/// As JSON, it has the fields `b2`, `truenas`, `ninja` and `itglue` for the first account, appliance and tenants. Where
/// there are others, they follow in `other_b2_accounts`, `other_appliances`, `other_ninja_tenants` and
/// `other_itglue_tenants`, each with its `id`.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Addresses {
    /// The first account of Backblaze B2: the URL to authorise at, and a key that may do everything.
    pub b2: b2::Address,
    /// The first TrueNAS appliance.
    pub truenas: truenas::Address,
    /// The first NinjaOne tenant.
    pub ninja: ninja::Address,
    /// The first IT Glue tenant.
    pub itglue: itglue::Address,
    #[serde(rename = "other_b2_accounts", skip_serializing_if = "Others::is_empty")]
    b2_accounts: Others<b2::Address>,
    #[serde(rename = "other_appliances", skip_serializing_if = "Others::is_empty")]
    appliances: Others<truenas::Address>,
    #[serde(rename = "other_ninja_tenants", skip_serializing_if = "Others::is_empty")]
    ninja_tenants: Others<ninja::Address>,
    #[serde(rename = "other_itglue_tenants", skip_serializing_if = "Others::is_empty")]
    itglue_tenants: Others<itglue::Address>,
}

impl Addresses {
    pub(crate) fn new(
        b2: &Instances<b2::Handle, b2::Address>,
        truenas: &Instances<truenas::Handle, truenas::Address>,
        ninja: &Instances<ninja::Handle, ninja::Address>,
        itglue: &Instances<itglue::Handle, itglue::Address>,
    ) -> Self {
        Self {
            b2: b2.first.address.clone(),
            truenas: truenas.first.address.clone(),
            ninja: ninja.first.address.clone(),
            itglue: itglue.first.address.clone(),
            b2_accounts: b2.other_addresses(),
            appliances: truenas.other_addresses(),
            ninja_tenants: ninja.other_addresses(),
            itglue_tenants: itglue.other_addresses(),
        }
    }

    /// Returns where an account of Backblaze B2 answers, by its id.
    pub fn b2_account(&self, id: &str) -> Option<&b2::Address> {
        self.b2_accounts.get(id, &self.b2)
    }

    /// Returns where an appliance answers, by its id.
    pub fn appliance(&self, id: &str) -> Option<&truenas::Address> {
        self.appliances.get(id, &self.truenas)
    }

    /// Returns where a NinjaOne tenant answers, by its id.
    pub fn ninja_tenant(&self, id: &str) -> Option<&ninja::Address> {
        self.ninja_tenants.get(id, &self.ninja)
    }

    /// Returns where an IT Glue tenant answers, by its id.
    pub fn itglue_tenant(&self, id: &str) -> Option<&itglue::Address> {
        self.itglue_tenants.get(id, &self.itglue)
    }
}
