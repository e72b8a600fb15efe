//! Configurations: devices, as IT Glue knows them.

use itglue_client::{
    Client as ItGlue, ConfigurationFilter, ConfigurationId, ConfigurationTypeId, CreateConfiguration,
    LocationId, OrganizationId, RmmDevice, UpdateConfiguration,
};
use pyo3::prelude::*;

use super::failure::Failure;
use super::found::{AioListedConfigurations, Configuration, ConfigurationType, ListedConfigurations};
use crate::held::Held;
use crate::rows::Rows;
use crate::twins::twins;
use crate::values::Many;

type Handle = Held<ItGlue>;

/// Which configurations, as keywords name them.
struct Filter {
    organization: Option<u64>,
    ninja_device: Option<i32>,
    name: Option<String>,
    serial_number: Option<String>,
    archived: Option<bool>,
}

impl Filter {
    fn wire(self) -> ConfigurationFilter {
        let mut filter = ConfigurationFilter::new();
        if let Some(id) = self.organization {
            filter = filter.organization(OrganizationId::new(id));
        }
        if let Some(id) = self.ninja_device {
            filter = filter.device(RmmDevice::ninja_one(id));
        }
        if let Some(name) = self.name {
            filter = filter.name(name);
        }
        if let Some(number) = self.serial_number {
            filter = filter.serial_number(number);
        }
        match self.archived {
            Some(archived) => filter.archived(archived),
            None => filter,
        }
    }
}

/// What is to be written, as keywords name it.
struct Changes {
    name: Option<String>,
    hostname: Option<String>,
    serial_number: Option<String>,
    mac_address: Option<String>,
    asset_tag: Option<String>,
    primary_ip: Option<String>,
    notes: Option<String>,
    location: Option<u64>,
    archive: bool,
}

impl Changes {
    fn wire(self) -> UpdateConfiguration {
        type Set = fn(UpdateConfiguration, String) -> UpdateConfiguration;
        let texts: [(Option<String>, Set); 7] = [
            (self.name, UpdateConfiguration::name),
            (self.hostname, UpdateConfiguration::hostname),
            (self.serial_number, UpdateConfiguration::serial_number),
            (self.mac_address, UpdateConfiguration::mac_address),
            (self.asset_tag, UpdateConfiguration::asset_tag),
            (self.primary_ip, UpdateConfiguration::primary_ip),
            (self.notes, UpdateConfiguration::notes),
        ];
        let mut changes = UpdateConfiguration::new();
        for (text, set) in texts {
            if let Some(text) = text {
                changes = set(changes, text);
            }
        }
        if let Some(id) = self.location {
            changes = changes.location(LocationId::new(id));
        }
        if self.archive { changes.archive() } else { changes }
    }
}

twins! {
    /// Configurations: devices, as IT Glue knows them.
    "Configurations" in "dtc.itglue" and "dtc.itglue.aio", Failure: Configurations / AioConfigurations(Handle) {
        both {}
        blocking {
            /// Lists configurations: of an organisation, of a device of NinjaOne by its id there, of a name, of a serial number, archived ones or not.
            #[pyo3(signature = (*, organization = None, ninja_device = None, name = None, serial_number = None, archived = None))]
            fn list(
                &self,
                organization: Option<u64>,
                ninja_device: Option<i32>,
                name: Option<String>,
                serial_number: Option<String>,
                archived: Option<bool>,
            ) -> PyResult<ListedConfigurations> {
                let filter = Filter { organization, ninja_device, name, serial_number, archived }.wire();
                let rows = self.0.ready()?.configurations().list(&filter);
                Ok(ListedConfigurations(Rows::new("list_configurations", rows)))
            }
        }
        asyncio {
            /// Lists configurations: of an organisation, of a device of NinjaOne by its id there, of a name, of a serial number, archived ones or not.
            #[pyo3(signature = (*, organization = None, ninja_device = None, name = None, serial_number = None, archived = None))]
            fn list(
                &self,
                organization: Option<u64>,
                ninja_device: Option<i32>,
                name: Option<String>,
                serial_number: Option<String>,
                archived: Option<bool>,
            ) -> PyResult<AioListedConfigurations> {
                let filter = Filter { organization, ninja_device, name, serial_number, archived }.wire();
                let rows = self.0.ready()?.configurations().list(&filter);
                Ok(AioListedConfigurations(Rows::new("list_configurations", rows)))
            }
        }

        /// Returns the configuration of this id. ``NotFound`` when there is none.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_configuration"
        fn get(id: u64) -> Configuration = |itglue| {
            Ok(itglue.configurations().get(ConfigurationId::new(id)).await?.into())
        }

        /// Returns every type of configurations that the account has.
        #[pyo3(signature = (*, timeout = None))]
        Read "list_configuration_types"
        fn types() -> Many<ConfigurationType> = |itglue| {
            Ok(Many(itglue.configurations().types().await?.into_iter().map(ConfigurationType::from).collect()))
        }

        /// Creates a configuration. Sent at most once; where NinjaOne is synchronised with IT Glue, prefer to find the one that it makes.
        #[pyo3(signature = (
            organization, type_id, name, *, hostname = None, serial_number = None, mac_address = None, asset_tag = None, primary_ip = None,
            notes = None, location = None, timeout = None
        ))]
        Write "create_configuration"
        fn create(
            organization: u64,
            type_id: u64,
            name: String,
            hostname: Option<String>,
            serial_number: Option<String>,
            mac_address: Option<String>,
            asset_tag: Option<String>,
            primary_ip: Option<String>,
            notes: Option<String>,
            location: Option<u64>,
        ) -> Configuration = |itglue| {
            let further = Changes {
                name: None, hostname, serial_number, mac_address, asset_tag, primary_ip, notes, location, archive: false,
            };
            let organization = OrganizationId::new(organization);
            let request = CreateConfiguration::new(organization, ConfigurationTypeId::new(type_id), name);
            Ok(itglue.configurations().create(&request.with(further.wire())).await?.into())
        }

        /// Changes what is named of a configuration, and nothing else, and returns it as it is then.
        #[pyo3(signature = (
            id, *, name = None, hostname = None, serial_number = None, mac_address = None, asset_tag = None, primary_ip = None, notes = None,
            location = None, archive = false, timeout = None
        ))]
        Write "update_configuration"
        fn update(
            id: u64,
            name: Option<String>,
            hostname: Option<String>,
            serial_number: Option<String>,
            mac_address: Option<String>,
            asset_tag: Option<String>,
            primary_ip: Option<String>,
            notes: Option<String>,
            location: Option<u64>,
            archive: bool,
        ) -> Configuration = |itglue| {
            let changes = Changes {
                name, hostname, serial_number, mac_address, asset_tag, primary_ip, notes, location, archive,
            };
            Ok(itglue.configurations().update(ConfigurationId::new(id), &changes.wire()).await?.into())
        }
    }
}
