//! Services.

use truenas_client::Client as Nas;
use truenas_client::services as there;

use super::failure::Failure;
use super::shown::{Shown, choices, found, of_word, words};
use crate::held::Held;
use crate::rt::Timeout;
use crate::twins::twins;
use crate::values::{Many, Nothing};

words!(there::ServiceName, there::ServiceState);

choices! {
    verb, "verb": there::Verb { "start" => Start, "stop" => Stop, "restart" => Restart, "reload" => Reload }
}

found! {
    /// A service.
    Service of there::Service {
        /// Which one.
        name: String,
        /// Whether it starts with the appliance.
        autostart: bool,
        /// Whether it runs now.
        state: String,
        /// Its processes.
        pids: Vec<i64>,
    }
}

twins! {
    /// Services such as SNMP and SSH: whether they run, and whether they start with the appliance.
    "Services" in "dtc.truenas" and "dtc.truenas.aio", Failure: Services / AioServices(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every service that the appliance knows.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "service.query"
        fn list() -> Many<Service> = |nas| {
            Ok(nas.services().list().await?.shown())
        }

        /// One service.
        ///
        /// Errors by their ``kind``: ``not_found`` when the appliance has no such service; those of every reading call.
        #[pyo3(signature = (service, *, timeout = None))]
        Read "service.query"
        fn get(service: String) -> Service = |nas| {
            Ok(nas.services().get(&of_word("service", &service)?).await?.shown())
        }

        /// Sets whether a service starts with the appliance. It neither starts nor stops it now.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (setting it again is harmless); ``unauthorized``, ``validation``.
        #[pyo3(signature = (service, autostart, *, timeout = None))]
        Write "service.update"
        fn set_autostart(service: String, autostart: bool) -> Nothing = |nas| {
            Ok(nas.services().set_autostart(&of_word("service", &service)?, autostart.into()).await?.shown())
        }

        /// Starts a service now, and waits until it is up.
        ///
        /// Errors by their ``kind``: As ``control``.
        #[pyo3(signature = (service, limit, *, timeout = None))]
        Write "service.control"
        fn start(service: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.services().start(&of_word("service", &service)?, limit.get()).await?.shown())
        }

        /// Stops a service now, and waits until it is down.
        ///
        /// Errors by their ``kind``: As ``control``.
        #[pyo3(signature = (service, limit, *, timeout = None))]
        Write "service.control"
        fn stop(service: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.services().stop(&of_word("service", &service)?, limit.get()).await?.shown())
        }

        /// Stops a service and starts it, and waits until it is up.
        ///
        /// Errors by their ``kind``: As ``control``.
        #[pyo3(signature = (service, limit, *, timeout = None))]
        Write "service.control"
        fn restart(service: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.services().restart(&of_word("service", &service)?, limit.get()).await?.shown())
        }

        /// Has a service read its settings anew.
        ///
        /// Errors by their ``kind``: As ``control``.
        #[pyo3(signature = (service, limit, *, timeout = None))]
        Write "service.control"
        fn reload(service: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.services().reload(&of_word("service", &service)?, limit.get()).await?.shown())
        }

        /// Starts, stops, restarts or reloads a service, and waits for it, at most for ``limit``. From 25.10 this is a job; before, a call that
        /// answers when it is done.
        ///
        /// Errors by their ``kind``: ``job_failed``, or ``rejected`` where it is no job, when the service does not come up or down;
        /// ``job_unfinished`` after ``limit``; ``outcome_unknown`` when an answer is lost (doing it again is harmless); ``unauthorized``,
        /// ``validation``.
        #[pyo3(signature = (verb, service, limit, *, timeout = None))]
        Write "service.control"
        fn control(verb: String, service: String, limit: Timeout) -> Nothing = |nas| {
            Ok(nas.services().control(self::verb(&verb)?, &of_word("service", &service)?, limit.get()).await?.shown())
        }
    }
}
