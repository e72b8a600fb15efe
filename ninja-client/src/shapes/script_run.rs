//! What is run on a device, whose parameters may be secrets.

use serde::{Serialize, Serializer};

use crate::ids::Uid;
use crate::secret::ScriptParameters;
use crate::shapes::values::ScriptType;

/// What is run on a device, with which parameters, as whom (`RunScriptRequest`). Scripts are given secrets by their parameters, so those are
/// never shown.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a script runs once it is sent"]
pub struct ScriptRun {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<ScriptType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<Uid>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    parameters: Option<ScriptParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_as: Option<String>,
}

impl ScriptRun {
    /// Names nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `type`: a script, or an action that NinjaOne has built in.
    pub fn kind(self, kind: ScriptType) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Adds `id`, which scripts have.
    pub fn id(self, id: i32) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Adds `uid`, which actions have.
    pub fn uid(self, uid: Uid) -> Self {
        Self { uid: Some(uid), ..self }
    }

    /// Adds `parameters`. NinjaOne may keep them in its own activities, and the device shows them to whoever may list its processes.
    pub fn parameters(self, parameters: ScriptParameters) -> Self {
        Self { parameters: Some(parameters), ..self }
    }

    /// Adds `runAs`: a role or a credential among the device's scripting options.
    pub fn run_as(self, whom: impl Into<String>) -> Self {
        Self { run_as: Some(whom.into()), ..self }
    }
}

#[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
fn exposed<S: Serializer>(parameters: &Option<ScriptParameters>, to: S) -> Result<S::Ok, S::Error> {
    parameters.as_ref().map(ScriptParameters::expose).serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e8_parameters_are_sent_and_not_shown() {
        let run = ScriptRun::new().kind(ScriptType::Script).id(5);
        let run = run.parameters(ScriptParameters::new("-Key hunter2".to_owned())).run_as("system");
        assert!(!format!("{run:?}").contains("hunter2"), "{run:?}");
        assert_eq!(
            serde_json::to_value(&run).unwrap(),
            serde_json::json!({ "type": "SCRIPT", "id": 5, "parameters": "-Key hunter2", "runAs": "system" })
        );
        assert_eq!(serde_json::to_value(ScriptRun::new()).unwrap(), serde_json::json!({}));
    }
}
