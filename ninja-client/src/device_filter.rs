//! NinjaOne's device filter `df`, built from types.

use std::fmt;

use crate::ids::{DeviceId, GroupId, LocationId, NodeRoleId, OrganizationId};
use crate::shapes::{ApprovalStatus, NodeClass};

/// Which devices a call is about: those that meet every clause. NinjaOne has no *or*, and no clause on names, serial numbers or custom
/// fields. Pending devices are not among them unless a clause is about the approval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing until a call has it"]
pub struct DeviceFilter(Vec<String>);

impl DeviceFilter {
    /// Every device that is not pending.
    pub fn new() -> Self {
        Self::default()
    }

    fn and(mut self, clause: String) -> Self {
        self.0.push(clause);
        self
    }

    fn one_of<T: fmt::Display>(self, key: &str, values: &[T], operator: (&str, &str)) -> Self {
        if let [one] = values {
            return self.and(format!("{key} {} {one}", operator.0));
        }
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        self.and(format!("{key} {} ({})", operator.1, values.join(",")))
    }

    /// Those of any of these organisations; of none, where the list is empty.
    pub fn organizations(self, of: &[OrganizationId]) -> Self {
        self.one_of("org", of, IS)
    }

    /// Those at any of these locations; at none, where the list is empty.
    pub fn locations(self, at: &[LocationId]) -> Self {
        self.one_of("loc", at, IS)
    }

    /// These; none, where the list is empty.
    pub fn ids(self, ids: &[DeviceId]) -> Self {
        self.one_of("id", ids, IS)
    }

    /// Those of any of these roles; of none, where the list is empty.
    pub fn roles(self, roles: &[NodeRoleId]) -> Self {
        self.one_of("role", roles, IS)
    }

    /// Those of any of these classes; of none, where the list is empty. There is no class for storage.
    pub fn classes(self, classes: &[NodeClass]) -> Self {
        self.one_of("class", classes, IS)
    }

    /// Those of none of these classes.
    pub fn without_classes(self, classes: &[NodeClass]) -> Self {
        if classes.is_empty() { self } else { self.one_of("class", classes, IS_NOT) }
    }

    /// Those of this approval: without it, pending devices stay hidden.
    pub fn approval(self, status: &ApprovalStatus) -> Self {
        self.and(format!("status = {status}"))
    }

    /// Those that are connected now.
    pub fn online(self) -> Self {
        self.and("online".to_owned())
    }

    /// Those that are not.
    pub fn offline(self) -> Self {
        self.and("offline".to_owned())
    }

    /// Those added after this day, written `2026-01-31`.
    pub fn created_after(self, day: impl fmt::Display) -> Self {
        self.and(format!("created after {day}"))
    }

    /// Those added before this day, written `2026-01-31`.
    pub fn created_before(self, day: impl fmt::Display) -> Self {
        self.and(format!("created before {day}"))
    }

    /// Those of a saved search.
    pub fn group(self, group: GroupId) -> Self {
        self.and(format!("group {group}"))
    }
}

const IS: (&str, &str) = ("=", "in");
const IS_NOT: (&str, &str) = ("!=", "notin");

impl fmt::Display for DeviceFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" AND "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_joined_by_and() {
        let filter = DeviceFilter::new()
            .organizations(&[OrganizationId::new(2)])
            .locations(&[LocationId::new(4), LocationId::new(5)])
            .without_classes(&[NodeClass::Mac])
            .without_classes(&[])
            .approval(&ApprovalStatus::Pending)
            .created_after("2026-01-31")
            .group(GroupId::new(563))
            .online();
        assert_eq!(
            filter.to_string(),
            "org = 2 AND loc in (4,5) AND class != MAC AND status = PENDING AND created after 2026-01-31 AND group 563 AND online"
        );
        assert_eq!(DeviceFilter::new().to_string(), "");
        assert_eq!(DeviceFilter::new().ids(&[]).to_string(), "id in ()", "an empty choice never widens");
    }
}
