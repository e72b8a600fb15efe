//! The vendor's own client: the `b2` command line.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use simulator::b2;

use super::{Ended, World, run, skipped};

/// The environment's name for the `b2` program.
const PROGRAM: &str = "DTC_B2_CLI";
/// Set, it makes a missing program a failure and not a reason to skip.
const REQUIRED: &str = "DTC_REQUIRE_B2_CLI";

static SAID: Once = Once::new();

/// The `b2` program with a key, as one user has it.
pub(super) struct B2Cli {
    program: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl B2Cli {
    /// A world, and the client in the hands of its owner; nothing where there is no such client.
    pub(super) fn with_world() -> Option<(World, Self)> {
        Self::with_world_of(b2::Settings::default())
    }

    pub(super) fn with_world_of(settings: b2::Settings) -> Option<(World, Self)> {
        let Some(program) = env::var_os(PROGRAM).map(PathBuf::from) else {
            assert!(env::var_os(REQUIRED).is_none(), "{PROGRAM} must name the b2 program");
            skipped(&SAID, "no b2 program; `pip install b2==5.0.0`, then set DTC_B2_CLI to its path");
            return None;
        };
        let world = World::of(settings);
        let owner = world.sim.addresses().b2.clone();
        let cli =
            Self { program, variables: Vec::new() }.holding(&world, owner.key_id, owner.application_key);
        Some((world, cli))
    }

    /// The same program with this key, knowing nothing of another.
    pub(super) fn holding(&self, world: &World, key_id: String, key: String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let remembered = format!("account-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let variables = vec![
            ("HOME", world.at("home")),
            ("B2_ACCOUNT_INFO", world.at(&remembered)),
            ("B2_ENVIRONMENT", world.sim.addresses().b2.url.clone()),
            ("B2_APPLICATION_KEY_ID", key_id),
            ("B2_APPLICATION_KEY", key),
        ];
        Self { program: self.program.clone(), variables }
    }

    /// The same client with one variable more.
    pub(super) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut variables = self.variables.clone();
        variables.push((name, value.to_owned()));
        Self { program: self.program.clone(), variables }
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let mut command = Command::new(&self.program);
        run(command.args(arguments).envs(self.variables.iter().map(|(name, value)| (name, value))), input)
    }

    /// What it prints when it must succeed.
    pub(super) fn ok(&self, arguments: &[&str]) -> String {
        self.fed(arguments, b"")
    }

    /// The same, with something to read on its standard input.
    pub(super) fn fed(&self, arguments: &[&str], input: &[u8]) -> String {
        let ended = self.run(arguments, input);
        assert!(ended.well, "b2 {arguments:?}: {}{}", ended.out, ended.errors);
        ended.out
    }

    /// What it prints in JSON when it must succeed.
    pub(super) fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.ok(arguments);
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("b2 {arguments:?}: {error}: {printed}"))
    }

    /// What it complains of when it must fail.
    pub(super) fn refused(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments, b"");
        assert!(!ended.well, "b2 {arguments:?} was granted: {}", ended.out);
        ended.errors + &ended.out
    }
}
