//! The types of the simulators that stand in documents.

use simulator::truenas::Release;
use simulator::{Addresses, b2, connect, halo, itglue, ninja, truenas};

use super::*;

impl Described for Release {
    fn describe(types: &mut Types) -> Value {
        String::describe(types)
    }
}

library! {
    /// A simulated account of Backblaze B2.
    b2::Address as "B2Address" {
        /// The URL to authorise at.
        url: String,
        /// The key id.
        key_id: String,
        /// The application key, a test value.
        application_key: String,
    }

    /// A simulated appliance.
    truenas::Address as "TrueNasAddress" {
        /// The URL of its API.
        url: String,
        /// The release of TrueNAS.
        release: Release,
        /// The SHA-256 of its certificate.
        fingerprint: String,
        /// The API key of an administrator, a test value.
        api_key: String,
        /// The API key of somebody who may only read, a test value.
        read_only_api_key: String,
    }

    /// A simulated NinjaOne tenant.
    ninja::Address as "NinjaOneAddress" {
        /// The URL.
        url: String,
        /// The client id.
        client_id: String,
        /// The client secret, a test value.
        client_secret: String,
    }

    /// A simulated IT Glue tenant.
    itglue::Address as "ItGlueAddress" {
        /// The URL.
        url: String,
        /// The API key, a test value.
        api_key: String,
    }

    /// A simulated HaloPSA tenant.
    halo::Address as "HaloPsaAddress" {
        /// The URL.
        url: String,
        /// The application's id.
        client_id: String,
        /// The application's secret, a test value.
        client_secret: String,
        /// The tenant's name, where a token is asked for with it.
        #[serde(skip_serializing_if)]
        tenant: Option<String>,
        /// The number of the ticket that asks for the backup.
        ticket: i64,
    }

    /// A simulated 1Password Connect server.
    connect::Address as "ConnectAddress" {
        /// The URL.
        url: String,
        /// The token, a test value.
        token: String,
    }

    /// Where the simulated services answer.
    Addresses as "Addresses" {
        /// Backblaze B2.
        b2: b2::Address,
        /// The appliance.
        truenas: truenas::Address,
        /// NinjaOne.
        ninja: ninja::Address,
        /// IT Glue.
        itglue: itglue::Address,
        /// HaloPSA.
        halo: halo::Address,
        /// 1Password Connect.
        connect: connect::Address,
    }
}
