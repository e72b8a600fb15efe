//! The keychain before 25.04: a port that is a text, and on CORE fewer ways to log in to the other appliance (TrueNAS middleware 13.3 and
//! 24.10, `plugins/keychain.py`).

use serde_json::{Value, json};

use super::{Feature, Wire};

/// What CORE does not know, and what leaving it out means there: root logs in, commands are run as they are, and the certificate is not
/// looked at.
fn unknown() -> [(&'static str, Value); 4] {
    [
        ("admin_username", json!("root")),
        ("otp_token", Value::Null),
        ("sudo", json!(false)),
        ("verify_ssl", json!(false)),
    ]
}

pub(super) fn translate_setup(wire: &mut Wire) -> Result<(), Feature> {
    let Some(fields) = wire.params.first_mut().and_then(Value::as_object_mut) else { return Ok(()) };
    for (name, without) in unknown() {
        if fields.remove(name).is_some_and(|value| value != without) {
            return Err(Feature::PeerLoginOptions);
        }
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "a row's translation may find that a call cannot be made")]
pub(super) fn translate_scan(wire: &mut Wire) -> Result<(), Feature> {
    if let Some(port) = wire.params.first_mut().and_then(|fields| fields.get_mut("port"))
        && let Some(number) = port.as_u64()
    {
        *port = number.to_string().into();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(body: Value) -> Wire {
        Wire { method: "keychaincredential.remote_ssh_semiautomatic_setup", params: vec![body] }
    }

    #[test]
    fn what_core_does_not_know_is_left_out_when_it_asks_for_nothing() {
        for (body, expected) in [
            (
                json!({"name": "x", "admin_username": "root", "sudo": false, "verify_ssl": false}),
                Ok(json!({"name": "x"})),
            ),
            (json!({"admin_username": "truenas_admin"}), Err(Feature::PeerLoginOptions)),
            (json!({"verify_ssl": true}), Err(Feature::PeerLoginOptions)),
            (json!({"sudo": true}), Err(Feature::PeerLoginOptions)),
            (json!({"otp_token": "123456"}), Err(Feature::PeerLoginOptions)),
        ] {
            let mut sent = wire(body);
            assert_eq!(translate_setup(&mut sent).map(|()| sent.params[0].clone()), expected);
        }
    }

    #[test]
    fn a_port_is_a_text_in_the_older_schemas() {
        let mut sent = wire(json!({"host": "nas02", "port": 22}));
        translate_scan(&mut sent).unwrap();
        assert_eq!(sent.params[0], json!({"host": "nas02", "port": "22"}));
    }
}
