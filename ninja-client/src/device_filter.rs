//! NinjaOne's device filter `df`, built from types.

use std::fmt;

use crate::ids::{DeviceId, GroupId, LocationId, NodeRoleId, OrganizationId};
use crate::shapes::{ApprovalStatus, NodeClass};

/// Which devices a call is about: those that meet every clause. NinjaOne has no *or*, and no clause on names, serial numbers or custom
/// fields. Pending devices are not among them unless a clause is about the approval. A filter that chooses among nothing, or has a value that
/// would end its clause, is refused before anything is sent: an instance that does not understand a clause may let every device through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing until a call has it"]
pub struct DeviceFilter {
    clauses: Vec<String>,
    flaw: Option<String>,
}

impl DeviceFilter {
    /// Every device that is not pending.
    pub fn new() -> Self {
        Self::default()
    }

    fn and(mut self, clause: String) -> Self {
        self.clauses.push(clause);
        self
    }

    /// Why it cannot be sent, where it cannot.
    pub(crate) fn flaw(&self) -> Option<&str> {
        self.flaw.as_deref()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Refuses a value with anything but letters, digits and these signs in it: it would be read as more than a value.
    fn word(mut self, value: &str, signs: &str) -> Self {
        let is_word = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
        if value.is_empty() || !value.chars().all(is_word) {
            self.flaw.get_or_insert_with(|| format!("{value:?} can be no value in a device filter"));
        }
        self
    }

    fn one_of<T: fmt::Display>(mut self, key: &str, values: &[T], operator: (&str, &str)) -> Self {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        self = values.iter().fold(self, |filter, value| filter.word(value, "-_"));
        match values.as_slice() {
            [] => {
                let flaw =
                    || format!("the device filter chooses {key} from nothing, so it lets no device through");
                self.flaw.get_or_insert_with(flaw);
            }
            [one] => return self.and(format!("{key} {} {one}", operator.0)),
            _ => {}
        }
        self.and(format!("{key} {} ({})", operator.1, values.join(",")))
    }

    /// Those of any of these organisations. An empty list is refused when it is sent, here and in every choice below.
    pub fn organizations(self, of: &[OrganizationId]) -> Self {
        self.one_of("org", of, IS)
    }

    /// Those at any of these locations.
    pub fn locations(self, at: &[LocationId]) -> Self {
        self.one_of("loc", at, IS)
    }

    /// These.
    pub fn ids(self, ids: &[DeviceId]) -> Self {
        self.one_of("id", ids, IS)
    }

    /// Those of any of these roles.
    pub fn roles(self, roles: &[NodeRoleId]) -> Self {
        self.one_of("role", roles, IS)
    }

    /// Those of any of these classes. There is no class for storage.
    pub fn classes(self, classes: &[NodeClass]) -> Self {
        self.one_of("class", classes, IS)
    }

    /// Those of none of these classes; an empty list excludes none.
    pub fn without_classes(self, classes: &[NodeClass]) -> Self {
        if classes.is_empty() { self } else { self.one_of("class", classes, IS_NOT) }
    }

    /// Those of this approval: without it, pending devices stay hidden.
    pub fn approval(self, status: &ApprovalStatus) -> Self {
        self.word(status.as_str(), "_").and(format!("status = {status}"))
    }

    /// Those that are connected now.
    pub fn online(self) -> Self {
        self.and("online".to_owned())
    }

    /// Those that are not.
    pub fn offline(self) -> Self {
        self.and("offline".to_owned())
    }

    /// Those added after this day, written `2026-01-31`. Whether the day itself counts is not documented.
    pub fn created_after(self, day: impl fmt::Display) -> Self {
        let day = day.to_string();
        self.word(&day, "-:.").and(format!("created after {day}"))
    }

    /// Those added before this day, written `2026-01-31`. Whether the day itself counts is not documented.
    pub fn created_before(self, day: impl fmt::Display) -> Self {
        let day = day.to_string();
        self.word(&day, "-:.").and(format!("created before {day}"))
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
        f.write_str(&self.clauses.join(" AND "))
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
        assert_eq!((filter.flaw(), DeviceFilter::new().flaw()), (None, None));
    }

    #[test]
    fn nothing_widens_a_filter() {
        let class = |text: &str| NodeClass::from(text.to_owned());
        for filter in [
            DeviceFilter::new().organizations(&[]),
            DeviceFilter::new().online().ids(&[]),
            DeviceFilter::new().classes(&[]),
            DeviceFilter::new().classes(&[class("MAC AND org = 3")]),
            DeviceFilter::new().classes(&[NodeClass::Mac, class("MAC) AND (")]),
            DeviceFilter::new().without_classes(&[class("")]),
            DeviceFilter::new().approval(&ApprovalStatus::from("PENDING && online".to_owned())),
            DeviceFilter::new().created_after("2026-01-31 AND org = 3"),
            DeviceFilter::new().created_before(""),
        ] {
            assert!(filter.flaw().is_some(), "{filter}");
        }
        let fine =
            DeviceFilter::new().classes(&[class("NMS_TOASTER")]).created_after("2026-01-31T10:00:00.000Z");
        assert_eq!(fine.flaw(), None);
    }
}
