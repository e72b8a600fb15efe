//! Where everything answers.

use serde::Serialize;

use crate::instances::Others;
use crate::services::Services;
use crate::{b2, connect, halo, itglue, ninja, truenas};

/// Where every simulated service answers, with the credentials it accepts.
///
/// As JSON, it has the fields `b2`, `truenas`, `ninja`, `itglue`, `halo` and `connect` for the first account, appliance,
/// tenants and server. Where there are others, they follow in `other_b2_accounts`, `other_appliances`,
/// `other_ninja_tenants`, `other_itglue_tenants`, `other_halo_tenants` and `other_connect_servers`, each with its `id`.
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
    /// The first HaloPSA tenant.
    pub halo: halo::Address,
    /// The first 1Password Connect server.
    pub connect: connect::Address,
    #[serde(rename = "other_b2_accounts", skip_serializing_if = "Others::is_empty")]
    b2_accounts: Others<b2::Address>,
    #[serde(rename = "other_appliances", skip_serializing_if = "Others::is_empty")]
    appliances: Others<truenas::Address>,
    #[serde(rename = "other_ninja_tenants", skip_serializing_if = "Others::is_empty")]
    ninja_tenants: Others<ninja::Address>,
    #[serde(rename = "other_itglue_tenants", skip_serializing_if = "Others::is_empty")]
    itglue_tenants: Others<itglue::Address>,
    #[serde(rename = "other_halo_tenants", skip_serializing_if = "Others::is_empty")]
    halo_tenants: Others<halo::Address>,
    #[serde(rename = "other_connect_servers", skip_serializing_if = "Others::is_empty")]
    connect_servers: Others<connect::Address>,
}

impl Addresses {
    pub(crate) fn new(services: &Services) -> Self {
        let Services { b2, truenas, ninja, itglue, halo, connect } = services;
        Self {
            b2: b2.first.address.clone(),
            truenas: truenas.first.address.clone(),
            ninja: ninja.first.address.clone(),
            itglue: itglue.first.address.clone(),
            halo: halo.first.address.clone(),
            connect: connect.first.address.clone(),
            b2_accounts: b2.other_addresses(),
            appliances: truenas.other_addresses(),
            ninja_tenants: ninja.other_addresses(),
            itglue_tenants: itglue.other_addresses(),
            halo_tenants: halo.other_addresses(),
            connect_servers: connect.other_addresses(),
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

    /// Returns where each appliance but the first answers, by its id.
    pub fn other_appliances(&self) -> impl Iterator<Item = (&str, &truenas::Address)> {
        self.appliances.iter()
    }

    /// Returns where a NinjaOne tenant answers, by its id.
    pub fn ninja_tenant(&self, id: &str) -> Option<&ninja::Address> {
        self.ninja_tenants.get(id, &self.ninja)
    }

    /// Returns where an IT Glue tenant answers, by its id.
    pub fn itglue_tenant(&self, id: &str) -> Option<&itglue::Address> {
        self.itglue_tenants.get(id, &self.itglue)
    }

    /// Returns where a HaloPSA tenant answers, by its id.
    pub fn halo_tenant(&self, id: &str) -> Option<&halo::Address> {
        self.halo_tenants.get(id, &self.halo)
    }

    /// Returns where a 1Password Connect server answers, by its id.
    pub fn connect_server(&self, id: &str) -> Option<&connect::Address> {
        self.connect_servers.get(id, &self.connect)
    }
}
