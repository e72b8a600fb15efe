//! The SSH service on CORE, which knows no groups for passwords (TrueNAS middleware 13.3, the schema of `ssh.update`).

use serde_json::{Value, json};

use super::{Feature, Wire};

pub(super) fn translate(wire: &mut Wire) -> Result<(), Feature> {
    let fields = wire.params.first_mut().and_then(Value::as_object_mut);
    let groups = fields.and_then(|fields| fields.remove("password_login_groups"));
    if groups.is_some_and(|groups| groups != json!([])) { Err(Feature::SshPasswordGroups) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_groups_are_left_out_and_some_are_refused() {
        for (body, expected) in [
            (json!({"tcpport": 22}), Ok(json!({"tcpport": 22}))),
            (json!({"tcpport": 22, "password_login_groups": []}), Ok(json!({"tcpport": 22}))),
            (json!({"password_login_groups": ["wheel"]}), Err(Feature::SshPasswordGroups)),
        ] {
            let mut wire = Wire { method: "ssh.update", params: vec![body] };
            assert_eq!(translate(&mut wire).map(|()| wire.params[0].clone()), expected);
        }
    }
}
