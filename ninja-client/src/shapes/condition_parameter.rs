//! What a condition gives to its scripts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a script of a condition is given. Scripts are given secrets by their parameters, so `Debug` does not show it; NinjaOne shows it to
/// whoever may read the policy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConditionParameter(String);

impl ConditionParameter {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for ConditionParameter {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for ConditionParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConditionParameter(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::shapes::{ConditionScript, ConditionScriptVariable};

    #[test]
    fn e8_what_a_condition_gives_its_scripts_is_sent_and_not_shown() {
        let variable = ConditionScriptVariable::new().id("key").value("hunter2");
        let script = ConditionScript::new().script_id(5).script_param("-Key hunter2");
        let script = script.script_variables(vec![variable]);
        assert!(!format!("{script:?}").contains("hunter2"), "{script:?}");
        let sent = json!({
            "scriptId": 5, "scriptParam": "-Key hunter2", "scriptVariables": [{ "id": "key", "value": "hunter2" }]
        });
        assert_eq!(serde_json::to_value(&script).unwrap(), sent);
        assert_eq!(serde_json::from_value::<ConditionScript>(sent).unwrap(), script);
    }
}
