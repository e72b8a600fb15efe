//! What the appliance refuses about users and groups (TrueNAS middleware 24.10, `plugins/account.py`; CORE's rules are
//! older forms of the same).

use serde_json::Value;

use super::call::Call;
use super::refusal::{Complaint, Errno, Refusal};
use super::release::Release;
use super::state::{Row, State};
use super::users::User;

/// Homes that are no directories of anybody's.
pub(super) const DEFAULT_HOMES: [&str; 2] = ["/var/empty", "/nonexistent"];
/// Programs that a user can be let run as root.
const PROGRAMS: [&str; 6] = [
    "/usr/sbin/zfs",
    "/usr/sbin/zpool",
    "/usr/bin/midclt",
    "/usr/bin/rsync",
    "/sbin/zfs",
    "/usr/local/bin/rsync",
];

/// The shells that a release offers.
pub(super) fn shells(release: Release) -> &'static [&'static str] {
    match release {
        Release::Core13_3 => &[
            "/bin/csh",
            "/bin/sh",
            "/bin/tcsh",
            "/usr/local/bin/bash",
            "/usr/local/bin/zsh",
            "/usr/sbin/nologin",
        ],
        _ => &["/usr/bin/bash", "/usr/bin/dash", "/usr/bin/sh", "/usr/bin/zsh", "/usr/sbin/nologin"],
    }
}

/// A name that the system knows somebody by.
pub(super) fn check_name(complaints: &mut Vec<Complaint>, attribute: &str, name: &str) {
    let mut complain = |text: String| complaints.push(Complaint::new(attribute, text));
    if name.starts_with('-') {
        complain("Name must begin with an alphanumeric character and not a \"-\".".to_owned());
    }
    if name.find('$').is_some_and(|at| at + 1 != name.len()) {
        complain("The character $ is only allowed as the final character.".to_owned());
    }
    let mut invalid: Vec<String> = Vec::new();
    for c in name.chars().filter(|c| " ,\t:+&#%^()!@~*?<>=|\\/\"".contains(*c) || !c.is_ascii()) {
        if !invalid.contains(&c.to_string()) {
            invalid.push(c.to_string());
        }
    }
    if !invalid.is_empty() {
        complain(format!("name contains invalid characters: {}", invalid.join(", ")));
    }
}

/// Programs that somebody is to run as root.
pub(super) fn check_sudo(complaints: &mut Vec<Complaint>, attribute: &str, commands: Option<&Value>) {
    let commands: Vec<&str> =
        commands.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(index) = commands.iter().position(|command| *command == "ALL").filter(|_| commands.len() > 1)
    {
        complaints
            .push(Complaint::new(format!("{attribute}.{index}"), "ALL cannot be used with other commands"));
        return;
    }
    for (index, command) in commands.iter().enumerate() {
        let program = command.split_whitespace().next().unwrap_or_default();
        let text = if program == "ALL" || PROGRAMS.contains(&program) {
            continue;
        } else if !program.starts_with('/') {
            "Executable must be an absolute path".to_owned()
        } else if program.split('/').any(|part| matches!(part, "." | "..")) || program.contains("//") {
            "Executable path must be normalized".to_owned()
        } else {
            format!("No paths matching {} exist", crate::python::repr(program))
        };
        complaints.push(Complaint::new(format!("{attribute}.{index}"), text));
    }
}

/// Checks a request about a user; `old` is what it is to change.
pub(super) fn check(
    call: &Call,
    state: &State,
    param: &str,
    old: Option<&User>,
    data: &Row,
) -> Result<(), Refusal> {
    let mut check = Check { call, state, param, old, data, complaints: Vec::new() };
    if old.is_none() {
        check.group();
    }
    check.identity();
    check.password();
    check.home();
    check.rest();
    check.ssh_key();
    if let Some(old) = old {
        check.what_stays(old);
    }
    if check.complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(check.complaints)) }
}

struct Check<'a> {
    call: &'a Call,
    state: &'a State,
    param: &'a str,
    old: Option<&'a User>,
    data: &'a Row,
    complaints: Vec<Complaint>,
}

impl Check<'_> {
    fn complain(&mut self, field: &str, text: impl Into<String>) {
        self.complain_as(field, text, Errno::INVALID);
    }

    fn complain_as(&mut self, field: &str, text: impl Into<String>, errno: Errno) {
        self.complaints.push(Complaint::with(format!("{}.{field}", self.param), text, errno));
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name).and_then(Value::as_str)
    }

    fn is(&self, name: &str) -> bool {
        match self.data.get(name) {
            Some(value) => *value == true,
            None => self.old.is_some_and(|old| old.is(name)),
        }
    }

    fn others(&self) -> impl Iterator<Item = &User> {
        let own = self.old.map(|old| old.id);
        self.state.users.iter().filter(move |user| Some(user.id) != own)
    }

    fn group(&mut self) {
        let is_given = self.data.get("group").is_some_and(Value::is_i64);
        if is_given == (self.data["group_create"] == true) {
            self.complain("group", "Enter either a group name or create a new group to continue.");
        }
    }

    fn identity(&mut self) {
        let uid = self.data.get("uid").and_then(Value::as_i64);
        let owner =
            uid.and_then(|uid| self.others().find(|user| user.uid == uid)).map(|user| user.name.clone());
        if let Some((uid, name)) = uid.zip(owner) {
            let text = format!("Uid {uid} is already used (user {name} has it)");
            self.complain_as("uid", text, Errno::EXISTS);
        }
        let Some(name) = self.text("username").map(str::to_owned) else { return };
        check_name(&mut self.complaints, &format!("{}.username", self.param), &name);
        if self.others().any(|user| user.name == name) {
            let text = format!("The username \"{name}\" already exists.");
            self.complain_as("username", text, Errno::EXISTS);
        }
        let is_like = |user: &User| user.is("smb") && user.name.eq_ignore_ascii_case(&name);
        if self.is("smb") && self.others().any(is_like) {
            let text = format!(
                "Username \"{name}\" conflicts with existing SMB user. Note that SMB usernames are case-insensitive."
            );
            self.complain_as("smb", text, Errno::EXISTS);
        }
    }

    fn password(&mut self) {
        if self.call.rules.models > Release::Core13_3 && self.is("smb") && self.is("password_disabled") {
            let text = "Password authentication may not be disabled for SMB users.";
            self.complain("password_disabled", text);
        }
        let password = self.text("password").filter(|password| !password.is_empty());
        let (is_given, is_random) = (password.is_some(), self.is("random_password"));
        let is_disabled = self.data.get("password_disabled") == Some(&Value::Bool(true));
        if self.old.is_none() && !is_given && !is_random && !is_disabled {
            self.complain("password", "Password is required");
        } else if is_disabled && is_given {
            let text = "Leave \"Password\" blank when \"Disable password login\" is checked.";
            self.complain("password_disabled", text);
        }
        if let Some(old) = self.old
            && !old.is("smb")
            && self.is("smb")
            && !is_given
        {
            self.complain("smb", "Password must be changed in order to enable SMB authentication");
        }
    }

    fn home(&mut self) {
        let Some(home) = self.text("home").map(str::to_owned) else { return };
        if DEFAULT_HOMES.contains(&home.as_str()) || self.old.is_some_and(|old| old.text("home") == home) {
            return;
        }
        let before = self.complaints.len();
        if !home.starts_with('/') {
            return self.complain("home", "\"Home Directory\" must be an absolute path.");
        }
        if home.contains(':') {
            return self.complain("home", "\"Home Directory\" cannot contain colons (:).");
        }
        let makes = self.data.get("home_create") == Some(&Value::Bool(true));
        let is_there = |path: &str| self.call.nas.disk.real(path).is_some_and(|real| real.is_dir());
        let is_core = self.call.rules.models == Release::Core13_3;
        // CORE makes the directory itself, later releases below the one that is given.
        if home.starts_with("/mnt/") && !is_core && !is_there(&home) {
            self.complain("home", if makes {
                format!("{home}: path specified to use for home directory creation does not exist. TrueNAS uses the provided path as the parent directory of the newly-created home directory.")
            } else {
                format!("{home}: path specified to use as home directory does not exist.")
            });
        }
        let owner = self.others().find(|user| user.text("home") == home).map(|user| user.name.clone());
        if let Some(name) = owner {
            let text = format!("{home}: homedir already used by {name}.");
            self.complain_as("home", text, Errno::EXISTS);
        }
        if !home.starts_with("/mnt") {
            self.complain("home", "\"Home Directory\" must begin with /mnt or set to /var/empty.");
        } else if home.trim_end_matches('/') == "/mnt" {
            self.complain("home", "\"Home Directory\" cannot be at root of \"/mnt\"");
        }
        if self.complaints.len() == before {
            self.home_in_a_pool(&home, makes);
        }
    }

    fn home_in_a_pool(&mut self, home: &str, makes: bool) {
        let dataset = self.state.dataset_of(home).map(str::to_owned);
        match dataset {
            None => {
                let text =
                    format!("The path for the home directory \"({home})\" must include a volume or dataset.");
                self.complain("home", text);
            }
            Some(dataset) if self.state.is_locked(&dataset) => {
                self.complain(
                    "home",
                    "Path component for \"Home Directory\" is currently encrypted and locked",
                );
            }
            Some(_) if home.trim_end_matches('/').matches('/').count() == 2 && !makes => {
                let text = format!("The specified path is a ZFS pool mountpoint \"({home})\".");
                self.complain("home", text);
            }
            Some(_) => {}
        }
    }

    fn rest(&mut self) {
        if let Some(mode) = self.text("home_mode") {
            let mode = u32::from_str_radix(mode, 8).ok().filter(|mode| *mode <= 0o777);
            match mode {
                None => self.complain("home_mode", "Please provide a valid value for home_mode attribute"),
                Some(mode) => {
                    if mode & 0o400 == 0 {
                        self.complain("home_mode", "Home directory must be readable by User.");
                    }
                    if mode & 0o100 == 0 {
                        self.complain("home_mode", "Home directory must be executable by User.");
                    }
                }
            }
        }
        if self.data.get("groups").and_then(Value::as_array).is_some_and(|groups| groups.len() > 64) {
            self.complain("groups", "A user cannot belong to more than 64 auxiliary groups.");
        }
        for sign in [":", "\n"] {
            if self.text("full_name").is_some_and(|name| name.contains(sign)) {
                let text =
                    format!("The \"{}\" character is not allowed in a \"Full Name\".", sign.escape_debug());
                self.complain("full_name", text);
            }
        }
        if self.text("shell").is_some_and(|shell| !shells(self.call.nas.release).contains(&shell)) {
            self.complain("shell", "Please select a valid shell.");
        }
        for name in ["sudo_commands", "sudo_commands_nopasswd"] {
            let attribute = format!("{}.{name}", self.param);
            check_sudo(&mut self.complaints, &attribute, self.data.get(name));
        }
    }

    fn ssh_key(&mut self) {
        if self.text("sshpubkey").is_none_or(str::is_empty) {
            return;
        }
        let home = self.text("home").or_else(|| self.old.map(|old| old.text("home"))).unwrap_or_default();
        if home.starts_with("/mnt") || self.old.is_some_and(|old| old.uid == 0) {
            return;
        }
        self.complain(
            "sshpubkey",
            if self.old.is_some() {
                "Home directory is not writable, leave this blank\""
            } else {
                "The home directory is not writable. Leave this field blank."
            },
        );
    }

    /// What of a built-in user cannot be changed.
    fn what_stays(&mut self, old: &User) {
        if !old.is_builtin {
            return;
        }
        for name in ["home", "smb"] {
            let is_changed = self.data.get(name).is_some_and(|value| Some(value) != old.row.get(name));
            if is_changed {
                self.complain(name, "This attribute cannot be changed");
            }
        }
        let is = |name: &str, value: Value| self.data.get(name).is_some_and(|given| *given != value);
        let changed = [
            ("group", is("group", old.group.into())),
            ("uid", is("uid", old.uid.into())),
            ("username", is("username", old.name.as_str().into())),
            ("home_mode", self.data.contains_key("home_mode")),
        ];
        for (name, _) in changed.into_iter().filter(|(_, is_changed)| *is_changed) {
            self.complain(name, "This attribute cannot be changed");
        }
    }
}
