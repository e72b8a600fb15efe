//! Alerts.

use http_core::ServiceClient;

use crate::calls::calls;
use crate::ids::Uid;
use crate::members::Members;
use crate::service::Ninja;
use crate::shapes::Alert;

/// Alerts; from [`crate::Client::alerts`].
#[derive(Clone, Copy, Debug)]
pub struct Alerts<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Alerts:
    /// Every open alert.
    list = LIST_ALERTS [] ? query -> Vec<Alert>;
    /// Closes an alert.
    reset = RESET_ALERT [alert: &Uid];
    /// Closes an alert, and keeps `data` with the activity that says so.
    reset_with = RESET_ALERT_WITH_DATA [alert: &Uid] { data: Members };
}
