//! What belongs to the tenant as a whole: groups, roles, tasks, scripts, jobs, activities, the webhook.

use futures_util::Stream;
use http_core::ServiceClient;

use crate::ask::Ask;
use crate::calls::calls;
use crate::error::Error;
use crate::ids::{DeviceId, GroupId};
use crate::operations;
use crate::pages;
use crate::parameters::Parameters;
use crate::service::Ninja;
use crate::shapes::{
    Activity, AutomationScript, DeviceRole, Group, Job, NotificationChannel, ScheduledTask, SoftwareProduct,
    Webhook,
};

/// What belongs to the tenant as a whole: groups, roles, tasks, scripts, jobs, activities, the webhook; from [`crate::Client::tenant`].
#[derive(Clone, Copy, Debug)]
pub struct Tenant<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Tenant:
    /// Its saved searches of devices.
    groups = LIST_GROUPS [] -> Vec<Group>;
    /// The devices of a saved search.
    group_devices = LIST_GROUP_DEVICES [group: GroupId] -> Vec<DeviceId>;
    /// Its scheduled tasks.
    tasks = LIST_TASKS [] -> Vec<ScheduledTask>;
    /// Its scripts.
    scripts = LIST_SCRIPTS [] ? query -> Vec<AutomationScript>;
    /// The programs that it can patch.
    software_products = LIST_SOFTWARE_PRODUCTS [] -> Vec<SoftwareProduct>;
    /// Where it can send notifications.
    notification_channels = LIST_NOTIFICATION_CHANNELS [] -> Vec<NotificationChannel>;
    /// Where it sends notifications.
    enabled_notification_channels = LIST_ENABLED_NOTIFICATION_CHANNELS [] -> Vec<NotificationChannel>;
    /// Its device roles.
    device_roles = LIST_NODE_ROLES [] -> Vec<DeviceRole>;
    /// What runs now, on all devices.
    jobs = LIST_JOBS [] ? query -> Vec<Job>;
    /// Replaces the tenant's one webhook, whoever configured it.
    configure_webhook = CONFIGURE_WEBHOOK [] { webhook: Webhook };
    /// Takes the tenant's one webhook away, whoever configured it.
    disable_webhook = DISABLE_WEBHOOK [];
}

impl Tenant<'_> {
    /// What happened, from the newest to the oldest, page by page as the stream is read. Match on codes: messages depend on the language.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn activities(
        &self,
        query: &Parameters,
    ) -> impl Stream<Item = Result<Activity, Error>> + Send + use<> {
        let (service, query) = (self.service.clone(), query.clone());
        pages::activities(move || Ask::new(&service, operations::LIST_ACTIVITIES).parameters(&query))
    }
}
