//! The appliance itself.

use pyo3::prelude::*;
use serde_json::json;
use truenas_client::Client as Nas;
use truenas_client::system as there;

use super::failure::Failure;
use super::shown::{Float, Shown, found, of_json, words};
use crate::held::Held;
use crate::json::Json;
use crate::rt::Timeout;
use crate::twins::twins;
use crate::values::{Nothing, Time};

words!(there::SystemState, there::ProductType);

found! {
    /// Release, name and hardware of an appliance.
    Info of there::Info {
        /// The release as the appliance words it, such as ``25.10.1`` or ``TrueNAS-25.04.2``.
        version: String,
        /// The host name.
        hostname: String,
        /// The chassis' serial number, where the hardware has one.
        system_serial: Option<String> = None,
        /// The hardware's maker.
        system_manufacturer: Option<String> = None,
        /// The hardware's model.
        system_product: Option<String> = None,
        /// The hardware's revision.
        system_product_version: Option<String> = None,
        /// When this release was built.
        buildtime: Option<Time> = None,
        /// Memory in bytes.
        physmem: Option<u64> = None,
        /// Whether its memory corrects errors.
        ecc_memory: Option<bool> = None,
        /// The processor.
        model: Option<String> = None,
        /// How many processors the system sees.
        cores: Option<u32> = None,
        /// How many there are.
        physical_cores: Option<u32> = None,
        /// The load of the last one, five and fifteen minutes.
        loadavg: Vec<Float>,
        /// For how long it has been up, in words.
        uptime: Option<String> = None,
        /// The same in seconds.
        uptime_seconds: Option<Float> = None,
        /// When it came up.
        boottime: Option<Time> = None,
        /// What its clock says.
        datetime: Option<Time> = None,
        /// The licence, where there is one.
        license: Json,
        /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone. The same as
        /// ``timezone``, so that whoever reads this needs not ask for both (TrueNAS middleware 25.04 to 26, ``system.info``).
        timezone: String,
    }
}

found! {
    /// General settings of an appliance (TrueNAS middleware 13.3 to 26, ``system.general.config``). What a release does not say is ``None``.
    General of there::General {
        /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone.
        timezone: String,
        /// The addresses that may use the interface; empty for all.
        ui_allowlist: Vec<String>,
        /// The addresses that it listens at.
        ui_address: Vec<String>,
        /// The same of IPv6.
        ui_v6address: Vec<String>,
        /// The port of HTTP.
        ui_port: Option<u16> = None,
        /// The port of HTTPS.
        ui_httpsport: Option<u16> = None,
        /// Whether HTTP is sent to HTTPS.
        ui_httpsredirect: Option<bool> = None,
        /// The versions of TLS that it speaks.
        ui_httpsprotocols: Vec<String>,
        /// Which pages may show the interface within them.
        ui_x_frame_options: Option<String> = None,
        /// Whether the interface shows messages of the console.
        ui_consolemsg: Option<bool> = None,
        /// The certificate that it shows.
        ui_certificate: Option<UiCertificate> = None,
        /// That certificate's name, from 26 on.
        ui_certificate_name: Option<String> = None,
        /// The keyboard of the console.
        kbdmap: Option<String> = None,
        /// The language, up to 25.04.
        language: Option<String> = None,
        /// Whether the vendor hears how it is used.
        usage_collection: Option<bool> = None,
        /// Whether somebody decided that.
        usage_collection_is_set: Option<bool> = None,
        /// Whether its first settings have been made.
        wizardshown: Option<bool> = None,
        /// Whether users of a directory service may log in to the interface.
        ds_auth: Option<bool> = None,
    }
}

found! {
    /// The certificate of an appliance's interface.
    UiCertificate of there::UiCertificate {
        /// Its row.
        id: i64,
        /// Its name, up to 25.10 here.
        name: Option<String> = None,
    }
}

found! {
    /// The user that is logged in (TrueNAS middleware 24.10 to 26, ``auth.me``).
    Me of there::Me {
        /// Its user name.
        user: String,
        /// Its home directory.
        home: Option<String> = None,
        /// Its roles, those that others include among them; ``None`` where the release does not say, as 24.10 does not.
        roles: Option<Vec<String>> = None,
    }

    /// Whether it has a role, itself or as full administrator; ``None`` where the release does not say.
    fn has_role(&self, role: &str) -> PyResult<Option<bool>> {
        let me = match &self.roles {
            Some(roles) => json!({"pw_name": self.user, "privilege": {"roles": roles}}),
            None => json!({"pw_name": self.user}),
        };
        Ok(of_json::<there::Me>("user", &self.user, me)?.has_role(role))
    }
}

twins! {
    /// The appliance itself.
    "System" in "dtc.truenas" and "dtc.truenas.aio", Failure: System / AioSystem(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Release, name and hardware.
        ///
        /// Errors by their ``kind``: Those of every reading call: ``unreachable``, ``rate_limited``, ``unauthorized``.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.info"
        fn info() -> Info = |nas| {
            Ok(nas.system().info().await?.shown())
        }

        /// The user that is logged in, and its roles. Releases before 24.10 do not offer it.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "auth.me"
        fn me() -> Me = |nas| {
            Ok(nas.system().me().await?.shown())
        }

        /// Whether the appliance is up, with all its services.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.ready"
        fn is_ready() -> bool = |nas| {
            Ok(nas.system().is_ready().await?.shown())
        }

        /// Whether the appliance is coming up, is up or is going down.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.state"
        fn state() -> String = |nas| {
            Ok(nas.system().state().await?.shown())
        }

        /// What tells this run of the appliance from the one before: another one after each restart.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.boot_id"
        fn boot_id() -> String = |nas| {
            Ok(nas.system().boot_id().await?.shown())
        }

        /// What tells this hardware from any other: 64 hexadecimal digits.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.host_id"
        fn host_id() -> String = |nas| {
            Ok(nas.system().host_id().await?.shown())
        }

        /// Which product it is. The words changed from release to release: what depends on the release is asked of
        /// ``supports``.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.product_type"
        fn product_type() -> String = |nas| {
            Ok(nas.system().product_type().await?.shown())
        }

        /// Restarts the appliance and waits until it is up again, at most for ``limit``. Every connection is lost on the way, and every job ends.
        ///
        /// The answer to this call is often lost with the connection: whether the appliance restarts is seen by its
        /// ``boot_id``, so a lost answer is no error here.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when it is not up again after ``limit``, or never went down; ``unauthorized``,
        /// ``validation`` (no reason).
        #[pyo3(signature = (reason, limit, *, timeout = None))]
        Write "system.reboot"
        fn reboot(reason: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.system().reboot(&reason, limit.get()).await?.shown())
        }

        /// General settings, the time zone among them.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "system.general.config"
        fn general() -> General = |nas| {
            Ok(nas.system().general().await?.shown())
        }
    }
}
