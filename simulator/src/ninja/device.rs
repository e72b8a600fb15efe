//! What the API shows of a device, and what it can change.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::state::Device;

/// The tenant's device roles; a device begins with the first.
const ROLES: [i64; 2] = [211, 304];
/// Its policies; the first is the one that its roles are mapped to.
const POLICIES: [i64; 2] = [40, 41];

/// What was assigned to a device over the API.
#[derive(Clone, Debug)]
pub(super) struct Assigned {
    pub(super) role: i64,
    /// `None`: the one that its role is mapped to.
    policy: Option<i64>,
    user_data: Map<String, Value>,
    warranty: Option<Value>,
    pub(super) maintenance: Option<Value>,
    pub(super) owner: Option<String>,
}

impl Default for Assigned {
    fn default() -> Self {
        Self {
            role: ROLES[0],
            policy: None,
            user_data: Map::new(),
            warranty: None,
            maintenance: None,
            owner: None,
        }
    }
}

impl Device {
    /// As lists show it: without addresses.
    pub(super) fn to_json(&self) -> Value {
        let (about, set) = (&self.about, &self.set);
        let mut shown = json!({
            "id": self.id,
            "uid": self.uid,
            "organizationId": about.organization,
            "locationId": about.location,
            "nodeClass": about.node_class,
            "nodeRoleId": set.role,
            "rolePolicyId": POLICIES[0],
            "approvalStatus": about.approval.as_str(),
            "offline": false,
            "displayName": about.display_name,
            "systemName": about.system_name,
            "dnsName": about.system_name,
            "created": self.created,
            "lastContact": self.created,
            "lastUpdate": self.created,
            "userData": set.user_data,
            "tags": [],
        });
        if let Some(policy) = set.policy {
            shown["policyId"] = policy.into();
        }
        if let Some(owner) = &set.owner {
            shown["assignedOwnerUid"] = owner.as_str().into();
        }
        if let Some(maintenance) = &set.maintenance {
            shown["maintenance"] = maintenance.clone();
        }
        if let Some(warranty) = &set.warranty {
            shown["references"] = json!({ "warranty": warranty });
        }
        shown
    }

    /// As it is shown by itself.
    pub(super) fn to_json_detailed(&self) -> Value {
        let mut shown = self.to_json();
        shown["ipAddresses"] = json!(self.about.ip_addresses);
        shown["macAddresses"] = json!(self.about.mac_addresses);
        shown["publicIP"] = "203.0.113.7".into();
        shown["notes"] = json!([]);
        shown["deviceType"] = self.about.node_class.as_str().into();
        shown
    }

    /// The device with a whole PATCH applied to it. Whether the location belongs to the organisation is checked by the tenant.
    pub(super) fn patched(&self, patch: &Value) -> Result<Self, Answer> {
        let refused = |what: &str| Answer::failure(400, &format!("INVALID_VALUE: {what}"));
        let mut device = self.clone();
        for (key, value) in patch.as_object().ok_or_else(|| refused("body"))? {
            let (about, set) = (&mut device.about, &mut device.set);
            let taken = match key.as_str() {
                "displayName" => value.as_str().map(|name| name.clone_into(&mut about.display_name)),
                "organizationId" => id_in(value).map(|id| about.organization = id),
                "locationId" => id_in(value).map(|id| about.location = id),
                "nodeRoleId" => one_of(value, &ROLES).map(|id| set.role = id),
                "policyId" if value.is_null() => {
                    set.policy = None;
                    Some(())
                }
                "policyId" => one_of(value, &POLICIES).map(|id| set.policy = Some(id)),
                "userData" => value.as_object().map(|data| data.clone_into(&mut set.user_data)),
                "warranty" => is_warranty(value).then(|| set.warranty = Some(value.clone())),
                _ => None,
            };
            taken.ok_or_else(|| refused(key))?;
        }
        Ok(device)
    }
}

fn id_in(value: &Value) -> Option<i32> {
    value.as_i64().and_then(|id| i32::try_from(id).ok())
}

fn one_of(value: &Value, known: &[i64]) -> Option<i64> {
    value.as_i64().filter(|id| known.contains(id))
}

fn is_warranty(value: &Value) -> bool {
    const DATES: [&str; 3] = ["startDate", "endDate", "manufacturerFulfillmentDate"];
    let is_date = |(name, date): (&String, &Value)| DATES.contains(&name.as_str()) && date.is_number();
    value.as_object().is_some_and(|dates| dates.iter().all(is_date))
}

#[cfg(test)]
mod tests {
    use super::super::state::NewDevice;
    use super::*;

    #[test]
    fn a_policy_of_null_is_the_one_of_the_role() {
        let about = NewDevice::new(1, 2, "nas");
        let new = Device { id: 9, uid: String::new(), created: 0.0, about, set: Assigned::default() };
        let other = new.patched(&json!({ "policyId": 41 })).unwrap();
        assert_eq!(other.to_json()["policyId"], 41);
        assert_eq!(other.patched(&json!({ "policyId": null })).unwrap().to_json().get("policyId"), None);
    }
}
