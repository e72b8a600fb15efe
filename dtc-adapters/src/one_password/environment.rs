//! The variables that the way to 1Password is chosen by, and those that `op` is given.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use safe_text::SecretString;

use super::failure::OnePasswordFailure;
use crate::files::one_line;

/// What a program needs to start, to find its files and to reach the network: the paths of programs and of the user's own folders, the
/// socket of the desktop app's bus, proxies, and further certificates. On Windows the system's folders, too.
const NEEDED: [&str; 34] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "all_proxy",
    "no_proxy",
    "SystemRoot",
    "SystemDrive",
    "windir",
    "ComSpec",
    "USERPROFILE",
    "USERNAME",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "ProgramFiles",
    "TEMP",
    "TMP",
    "HOMEDRIVE",
    "HOMEPATH",
];

/// Beginnings of names whose values are secrets.
const SECRET: [&str; 3] = ["OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_TOKEN", "OP_SESSION"];

/// This program's environment, or another one that was given.
#[derive(Clone, Default)]
pub(super) enum Environment {
    /// As it is when it is looked at.
    #[default]
    OfProgram,
    Given(Arc<[(OsString, OsString)]>),
}

impl Environment {
    pub(super) fn of<N: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self::Given(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The value of a variable; `None` where it is not set or empty.
    pub(super) fn get(&self, name: &str) -> Option<OsString> {
        let value = match self {
            Self::OfProgram => std::env::var_os(name),
            Self::Given(variables) => {
                variables.iter().find(|(known, _)| same(known, name)).map(|(_, value)| value.clone())
            }
        };
        value.filter(|value| !value.is_empty())
    }

    /// The value of a variable, as a secret: some are.
    ///
    /// # Errors
    /// What is not a text of one line.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<SecretString>, OnePasswordFailure> {
        let unusable =
            |problem: String| OnePasswordFailure::UnusableVariable { name, problem: format!("it {problem}") };
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.into_string().map_err(|_| unusable("is not UTF-8".to_owned()))?;
        let text = SecretString::from(text);
        let value = one_line(text.expose_secret()).map_err(|problem| unusable(problem.to_string()))?;
        Ok(Some(value.into()))
    }

    /// What `op` is given: its own variables, but for those of Connect, and what it needs.
    pub(super) fn for_op(&self) -> Vec<(OsString, OsString)> {
        let is_given = |name: &OsStr| {
            let is_own = begins(name, "OP_") && !begins(name, "OP_CONNECT_");
            is_own || NEEDED.iter().any(|needed| same(name, needed))
        };
        self.all().into_iter().filter(|(name, _)| is_given(name)).collect()
    }

    /// The secrets among the variables of `op`; while they live, they are hidden in what it says.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let secret = self.all().into_iter().filter(|(name, _)| SECRET.iter().any(|it| begins(name, it)));
        secret.map(|(_, value)| value.to_string_lossy().into_owned().into()).collect()
    }

    fn all(&self) -> Vec<(OsString, OsString)> {
        match self {
            Self::OfProgram => std::env::vars_os().collect(),
            Self::Given(variables) => variables.to_vec(),
        }
    }
}

/// Whether this is the variable's name. Windows takes capitals and small letters for the same.
fn same(name: &OsStr, wanted: &str) -> bool {
    if cfg!(windows) { name.eq_ignore_ascii_case(wanted) } else { name == wanted }
}

fn begins(name: &OsStr, with: &str) -> bool {
    let name = name.as_encoded_bytes();
    name.get(..with.len()).is_some_and(|start| {
        if cfg!(windows) { start.eq_ignore_ascii_case(with.as_bytes()) } else { start == with.as_bytes() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e7_op_is_given_its_own_variables_and_what_it_needs() {
        let environment = Environment::of([
            ("OP_SERVICE_ACCOUNT_TOKEN", "ops_x"),
            ("OP_ACCOUNT", "msp"),
            ("OP_CONNECT_HOST", ""),
            ("OPERATOR", "me"),
            ("PATH", "/bin"),
            ("HOME", "/root"),
            ("DTC_B2_APPLICATION_KEY", "K001secret"),
            ("LD_PRELOAD", "x.so"),
        ]);
        let given = environment.for_op();
        let names: Vec<_> = given.iter().map(|(name, _)| name.to_str().unwrap()).collect();
        assert_eq!(names, ["OP_SERVICE_ACCOUNT_TOKEN", "OP_ACCOUNT", "PATH", "HOME"]);
        assert_eq!(environment.secrets().len(), 1);
    }

    #[test]
    fn e7_an_empty_variable_is_not_set_and_line_ends_are_no_part_of_one() {
        let environment = Environment::of([("EMPTY", ""), ("TOKEN", "ops_x\r\n"), ("TWO", "a\nb")]);
        assert!(environment.get("EMPTY").is_none() && environment.get("ABSENT").is_none());
        assert_eq!(environment.text("TOKEN").unwrap().unwrap().expose_secret(), "ops_x");
        let error = environment.text("TWO").unwrap_err();
        assert_eq!(error.to_string(), "the variable TWO cannot be used: it has 2 lines, and one is wanted");
    }
}
