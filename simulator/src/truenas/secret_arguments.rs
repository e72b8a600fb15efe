//! What a job shows of the arguments that it was called with: not what its method takes as a secret, whoever asks
//! (TrueNAS middleware 13.3 to 26, `core.get_jobs`). That a bulk call hides what the method that it calls would is inferred.

use serde_json::Value;

/// The names of secrets, by the beginning of the methods that take them.
const SECRETS: &[(&str, &[&str])] = &[
    ("pool.dataset.", &["passphrase", "key"]),
    ("cloudsync.credentials.", &["provider", "attributes"]),
    ("cloudsync.", &["encryption_password", "encryption_salt"]),
    ("replication.", &["encryption_key"]),
    ("keychaincredential.", &["attributes", "password", "token", "otp_token"]),
    ("user.", &["password"]),
    ("snmp.", &["v3_password", "v3_privpassphrase"]),
];

/// The arguments as the job of this method shows them.
pub(super) fn shown(method: &str, arguments: &[Value]) -> Vec<Value> {
    let mut shown = arguments.to_vec();
    let called = match (method, arguments) {
        ("core.bulk", [Value::String(called), ..]) => called,
        _ => method,
    };
    let names = SECRETS.iter().find(|(start, _)| called.starts_with(start)).map(|(_, names)| *names);
    for argument in &mut shown {
        hide(argument, names.unwrap_or_default());
    }
    shown
}

fn hide(value: &mut Value, names: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, names)),
        Value::Object(members) => {
            for (name, member) in members {
                if names.contains(&name.as_str()) {
                    *member = "********".into();
                } else {
                    hide(member, names);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_hidden_wherever_it_stands_in_the_arguments_of_its_method() {
        let hidden = "********";
        for (method, given, expected) in [
            (
                "pool.dataset.unlock",
                json!(["tank", {"datasets": [{"name": "tank", "passphrase": "p", "key": null}]}]),
                json!(["tank", {"datasets": [{"name": "tank", "passphrase": hidden, "key": hidden}]}]),
            ),
            (
                "core.bulk",
                json!(["user.create", [[{"username": "a", "password": "p"}]]]),
                json!(["user.create", [[{"username": "a", "password": hidden}]]]),
            ),
            ("cloudsync.sync", json!([9, {"dry_run": false}]), json!([9, {"dry_run": false}])),
            (
                "system.reboot",
                json!(["key", {"password": "no secret of it"}]),
                json!(["key", {"password": "no secret of it"}]),
            ),
        ] {
            assert_eq!(json!(shown(method, given.as_array().unwrap())), expected, "{method}");
        }
    }
}
