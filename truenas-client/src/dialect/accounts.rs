//! Users, groups, API keys and tokens before 25.10: CORE words sudo otherwise, keys are nobody's before 25.04, and writing a user is answered
//! with a number up to 24.10.

use serde_json::{Map, Value, json};

use super::{Feature, Wire};

/// Whose a key with every right is.
pub(crate) const ROOT: &str = "root";

const WITH: &str = "sudo_commands";
const WITHOUT: &str = "sudo_commands_nopasswd";

/// Users or groups as CORE lists them, with what they may run as root in two lists.
pub(super) fn restore_rows(mut rows: Value) -> Value {
    match &mut rows {
        Value::Array(rows) => rows.iter_mut().for_each(restore_row),
        row => restore_row(row),
    }
    rows
}

/// CORE has one list, and says whether it holds without a password; an empty one is everything.
fn restore_row(row: &mut Value) {
    let Some(row) = row.as_object_mut() else { return };
    let may = row.remove("sudo") == Some(Value::Bool(true));
    let without = row.remove("sudo_nopasswd") == Some(Value::Bool(true));
    let listed = row.remove(WITH).unwrap_or_default();
    let listed = match listed.as_array() {
        Some(list) if !list.is_empty() => listed,
        _ => json!(["ALL"]),
    };
    let (held, other) = if without { (WITHOUT, WITH) } else { (WITH, WITHOUT) };
    row.insert(held.into(), if may { listed } else { json!([]) });
    row.insert(other.into(), json!([]));
    if let (None, Some(name)) = (row.get("name"), row.get("group").filter(|name| name.is_string())) {
        let name = name.clone();
        row.insert("name".into(), name);
    }
}

/// The request of a user or a group in the words of CORE. `now` is what an update is made to, as it is restored.
pub(super) fn for_core(body: &mut Map<String, Value>, now: &Value) -> Result<(), Feature> {
    sudo(body, now)?;
    if body.remove("ssh_password_enabled") == Some(Value::Bool(true)) {
        return Err(Feature::SshPasswordOfUser);
    }
    // CORE makes the directory that it is given; the others make one of the user's name within it.
    if body.remove("home_create") == Some(Value::Bool(true)) {
        let within = body.get("home").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/');
        let name = body.get("username").or_else(|| now.get("username"));
        let name = name.and_then(Value::as_str).unwrap_or_default();
        let home = format!("{within}/{name}");
        body.insert("home".into(), home.into());
    }
    Ok(())
}

fn sudo(body: &mut Map<String, Value>, now: &Value) -> Result<(), Feature> {
    let given = [body.remove(WITH), body.remove(WITHOUT)];
    if given.iter().all(Option::is_none) {
        return Ok(());
    }
    let [with, without] = given;
    let list = |given: Option<Value>, name: &str| given.unwrap_or_else(|| now[name].clone());
    let (with, without) = (list(with, WITH), list(without, WITHOUT));
    let is_empty = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
    let (list, needs_none) = match (is_empty(&with), is_empty(&without)) {
        (false, false) => return Err(Feature::SudoOfBothKinds),
        (_, true) => (with, false),
        (true, false) => (without, true),
    };
    body.insert("sudo".into(), (!is_empty(&list)).into());
    body.insert("sudo_nopasswd".into(), needs_none.into());
    let everything = list.as_array().is_some_and(|all| all.iter().any(|command| command == "ALL"));
    body.insert(WITH.into(), if everything || is_empty(&list) { json!([]) } else { list });
    Ok(())
}

/// A new group on CORE.
pub(super) fn group(wire: &mut Wire) -> Result<(), Feature> {
    match wire.params.first_mut().and_then(Value::as_object_mut) {
        Some(body) => for_core(body, &Value::Null),
        None => Ok(()),
    }
}

/// CORE offers the same shells to everybody.
#[expect(clippy::unnecessary_wraps, reason = "the type of every translation")]
pub(super) fn shells(wire: &mut Wire) -> Result<(), Feature> {
    wire.params.clear();
    Ok(())
}

fn body_of(wire: &mut Wire) -> Map<String, Value> {
    match wire.params.last_mut() {
        Some(Value::Object(body)) => std::mem::take(body),
        _ => Map::new(),
    }
}

fn set_body(wire: &mut Wire, body: Map<String, Value>) {
    if let Some(last) = wire.params.last_mut() {
        *last = Value::Object(body);
    }
}

/// A key of CORE has a name and every right.
pub(super) fn key_of_core(wire: &mut Wire) -> Result<(), Feature> {
    let mut body = of_nobody(wire)?;
    if body.remove("allowlist").is_some() {
        return Err(Feature::KeyAllowList);
    }
    set_body(wire, body);
    Ok(())
}

/// A key of 24.x has a list of what it may call.
pub(super) fn key_with_list(wire: &mut Wire) -> Result<(), Feature> {
    let mut body = of_nobody(wire)?;
    let is_new = wire.params.len() == 1;
    if is_new && !body.contains_key("allowlist") {
        body.insert("allowlist".into(), json!([{"method": "*", "resource": "*"}]));
    }
    set_body(wire, body);
    Ok(())
}

/// Before 25.04 a key has every right or a list, belongs to no user and never expires.
fn of_nobody(wire: &mut Wire) -> Result<Map<String, Value>, Feature> {
    let mut body = body_of(wire);
    if body.remove("username").is_some_and(|user| user != ROOT) {
        return Err(Feature::KeysOfUsers);
    }
    match body.remove("expires_at") {
        None | Some(Value::Null) => Ok(body),
        Some(_) => Err(Feature::ExpiringKeys),
    }
}

/// From 25.04 on a key has the rights of its user.
pub(super) fn key_of_user(wire: &mut Wire) -> Result<(), Feature> {
    let has_list = wire.params.last().is_some_and(|body| body.get("allowlist").is_some());
    if has_list { Err(Feature::KeyAllowList) } else { Ok(()) }
}

/// `[seconds, attributes, only from the same address, once]`, of which CORE knows the first two.
pub(super) fn token_of_core(wire: &mut Wire) -> Result<(), Feature> {
    if wire.params.get(2) == Some(&Value::Bool(true)) {
        return Err(Feature::TokensOfAnAddress);
    }
    token(wire)?;
    wire.params.truncate(2);
    Ok(())
}

/// Before 25.04 a token can be used any number of times.
pub(super) fn token(wire: &mut Wire) -> Result<(), Feature> {
    if wire.params.get(3) == Some(&Value::Bool(true)) {
        return Err(Feature::SingleUseTokens);
    }
    wire.params.truncate(3);
    Ok(())
}

/// `[reason, options]`; before 25.04 no reason is asked for.
#[expect(clippy::unnecessary_wraps, reason = "the type of every translation")]
pub(super) fn reboot(wire: &mut Wire) -> Result<(), Feature> {
    if !wire.params.is_empty() {
        wire.params.remove(0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_may_run_as_root_survives_both_ways() {
        for (with, without, core) in [
            (json!([]), json!([]), json!({"sudo": false, "sudo_nopasswd": false, "sudo_commands": []})),
            (
                json!([]),
                json!(["/usr/sbin/zfs"]),
                json!({"sudo": true, "sudo_nopasswd": true, "sudo_commands": ["/usr/sbin/zfs"]}),
            ),
            (json!(["ALL"]), json!([]), json!({"sudo": true, "sudo_nopasswd": false, "sudo_commands": []})),
        ] {
            let canonical = json!({WITH: with, WITHOUT: without});
            let mut body = canonical.as_object().cloned().unwrap();
            for_core(&mut body, &Value::Null).unwrap();
            assert_eq!(Value::Object(body.clone()), core);
            assert_eq!(restore_rows(json!([body])), json!([canonical]));
        }
        let mut both = json!({WITH: ["/a"], WITHOUT: ["/b"]}).as_object().cloned().unwrap();
        assert_eq!(for_core(&mut both, &Value::Null), Err(Feature::SudoOfBothKinds));
    }

    #[test]
    fn an_update_that_names_one_list_keeps_the_other() {
        let now = json!({WITH: ["/usr/bin/rsync"], WITHOUT: []});
        let mut body = json!({WITHOUT: []}).as_object().cloned().unwrap();
        for_core(&mut body, &now).unwrap();
        assert_eq!(body["sudo_commands"], json!(["/usr/bin/rsync"]));
        let mut body = json!({WITHOUT: ["/usr/sbin/zfs"]}).as_object().cloned().unwrap();
        assert_eq!(for_core(&mut body, &now), Err(Feature::SudoOfBothKinds));
    }

    #[test]
    fn a_home_within_a_directory_is_named_whole_for_core() {
        let body = json!({"username": "repl", "home": "/mnt/tank/home/", "home_create": true, "ssh_password_enabled": false});
        let mut body = body.as_object().cloned().unwrap();
        for_core(&mut body, &Value::Null).unwrap();
        assert_eq!(Value::Object(body), json!({"username": "repl", "home": "/mnt/tank/home/repl"}));
    }
}
