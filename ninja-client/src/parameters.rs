//! The query parameters of lists and reports.

use std::fmt;

use crate::device_filter::DeviceFilter;
use crate::field_value::FieldName;
use crate::ids::{ActivityId, OrganizationId, PolicyId, Uid};

/// What a list or a report is asked for. A parameter that the operation does not have is refused before anything is sent: some builds
/// of NinjaOne ignore an unknown one, and answer more than was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "parameters do nothing until a call has them"]
pub struct Parameters {
    named: Vec<(&'static str, String)>,
    flaw: Option<String>,
}

macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident($value:ident: $type:ty) = $wire:literal;)*) => {
        impl Parameters {$(
            $(#[$doc])*
            #[doc = concat!("(`", $wire, "`)")]
            pub fn $name(self, $value: $type) -> Self {
                self.with($wire, $value)
            }
        )*}
    };
}

parameters! {
    /// Messages in this language.
    language(code: impl fmt::Display) = "lang";
    /// Messages in this time zone.
    time_zone(zone: impl fmt::Display) = "tz";
    /// As it was at this time.
    as_of(time: impl fmt::Display) = "ts";
    /// Of this status only.
    status(status: impl fmt::Display) = "status";
    /// Of this type only.
    kind(kind: impl fmt::Display) = "type";
    /// Of this severity only.
    severity(severity: impl fmt::Display) = "severity";
    /// Of this impact only.
    impact(impact: impl fmt::Display) = "impact";
    /// Of this product only.
    product(id: impl fmt::Display) = "productIdentifier";
    /// Installed before this day.
    installed_before(day: impl fmt::Display) = "installedBefore";
    /// Installed after this day.
    installed_after(day: impl fmt::Display) = "installedAfter";
    /// Of this health only.
    health(health: impl fmt::Display) = "health";
    /// Of this name only.
    name(name: impl fmt::Display) = "name";
    /// In this state only.
    state(state: impl fmt::Display) = "state";
    /// Of products in this state only.
    product_state(state: impl fmt::Display) = "productState";
    /// Of products of this name only.
    product_name(name: impl fmt::Display) = "productName";
    /// With what is not shown otherwise.
    include(what: impl fmt::Display) = "include";
    /// With devices that were deleted.
    include_deleted_devices(include: bool) = "includeDeletedDevices";
    /// With the roles of each.
    include_roles(include: bool) = "includeRoles";
    /// Users of this type only.
    user_type(kind: impl fmt::Display) = "userType";
    /// Roles of this type only.
    role_type(kind: impl fmt::Display) = "roleType";
    /// Jobs of this type only.
    job_type(kind: impl fmt::Display) = "jobType";
    /// Alerts of this source only.
    source_type(kind: impl fmt::Display) = "sourceType";
    /// Activities of this class only.
    class(class: impl fmt::Display) = "class";
    /// Before this day.
    before(day: impl fmt::Display) = "before";
    /// After this day.
    after(day: impl fmt::Display) = "after";
    /// Activities newer than this one only.
    newer_than(activity: ActivityId) = "newerThan";
    /// Activities of this type only, of one device.
    activity_type(kind: impl fmt::Display) = "activityType";
    /// Of this user only.
    user(user: impl fmt::Display) = "user";
    /// Of this series only: a job's `uid`.
    series(uid: &Uid) = "seriesUid";
    /// Of this source only.
    source_config(uid: &Uid) = "sourceConfigUid";
    /// Values set after this day only.
    updated_after(day: impl fmt::Display) = "updatedAfter";
    /// In these scopes, separated by commas.
    scopes(scopes: impl fmt::Display) = "scopes";
    /// Backup jobs of this status only.
    job_status(status: impl fmt::Display) = "sf";
    /// Backup jobs of plans of this type only.
    plan_type(kind: impl fmt::Display) = "ptf";
    /// Backup jobs begun then: `after 2026-01-31`, `between (2026-01-01,2026-01-31)`.
    started(when: impl fmt::Display) = "stf";
    /// Whether the answer redirects. Redirects are not followed, so such an answer is an error: say no.
    redirect(redirect: bool) = "redirect";
    /// Made like this organisation.
    template_organization(id: OrganizationId) = "templateOrganizationId";
    /// How a policy is made: `NEW`, `CHILD` or `COPY`.
    mode(mode: impl fmt::Display) = "mode";
    /// Made like this policy.
    template_policy(id: PolicyId) = "templatePolicyId";
    /// Whether an invitation is sent.
    send_invitation(send: bool) = "sendInvitation";
}

impl Parameters {
    /// Asks for everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of these devices only (`df`).
    pub fn devices(self, filter: &DeviceFilter) -> Self {
        self.filtered("df", filter)
    }

    /// Of devices that were deleted, by a filter like the other (`ddf`).
    pub fn deleted_devices(self, filter: &DeviceFilter) -> Self {
        self.filtered("ddf", filter)
    }

    fn filtered(mut self, name: &'static str, filter: &DeviceFilter) -> Self {
        self.flaw = self.flaw.or_else(|| filter.flaw().map(str::to_owned));
        if filter.is_empty() { self } else { self.with(name, filter) }
    }

    /// Why these cannot be sent, where they cannot.
    pub(crate) fn flaw(&self) -> Option<&str> {
        self.flaw.as_deref()
    }

    /// These custom fields only (`fields`).
    pub fn fields(self, fields: &[FieldName]) -> Self {
        let fields: Vec<&str> = fields.iter().map(FieldName::as_str).collect();
        self.with("fields", fields.join(","))
    }

    fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.named.push((name, value.to_string()));
        self
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.named.iter().map(|(name, value)| (*name, value.as_str()))
    }
}
