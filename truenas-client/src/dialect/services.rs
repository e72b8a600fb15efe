//! Services before 25.10: a plain call for each verb, which answers when the service is up or down, in place of one job for all.

use serde_json::Value;

use super::{Feature, Wire};

/// `[verb, service, options]` becomes `[service, options]` of the verb's own method.
#[expect(clippy::unnecessary_wraps, reason = "a row's translation may find that a call cannot be made")]
pub(super) fn translate(wire: &mut Wire) -> Result<(), Feature> {
    let verb = if wire.params.is_empty() { Value::Null } else { wire.params.remove(0) };
    wire.method = match verb.as_str() {
        Some("STOP") => "service.stop",
        Some("RESTART") => "service.restart",
        Some("RELOAD") => "service.reload",
        _ => "service.start",
    };
    Ok(())
}

/// CORE does not know `silent`, and answers whether the service is up (TrueNAS middleware 13.3, the schema of `service.start`).
pub(super) fn translate_core(wire: &mut Wire) -> Result<(), Feature> {
    translate(wire)?;
    if let Some(options) = wire.params.get_mut(1).and_then(Value::as_object_mut) {
        options.remove("silent");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_verb_has_its_own_method() {
        for (verb, method) in [
            ("START", "service.start"),
            ("STOP", "service.stop"),
            ("RESTART", "service.restart"),
            ("RELOAD", "service.reload"),
        ] {
            let params = vec![json!(verb), json!("ssh"), json!({"silent": false})];
            let mut wire = Wire { method: "service.control", params: params.clone() };
            translate(&mut wire).unwrap();
            assert_eq!((wire.method, json!(wire.params)), (method, json!(["ssh", {"silent": false}])));
            let mut wire = Wire { method: "service.control", params };
            translate_core(&mut wire).unwrap();
            assert_eq!((wire.method, json!(wire.params)), (method, json!(["ssh", {}])));
        }
    }
}
