//! What every command is used like: the examples at the end of its help.

use clap::Command;

/// An example for each command that does something. Every one of them is a line that the program takes.
const EXAMPLES: &[(&[&str], &[&str])] = &[
    #[cfg(feature = "demo")]
    (
        &["demo"],
        &[
            "dtc demo",
            "dtc demo --keep --seed 7",
            "dtc demo --release 13.3",
            "dtc demo --json --without-rclone",
            "dtc demo --copy",
        ],
    ),
    #[cfg(feature = "demo")]
    (&["simulator"], &["dtc simulator", "dtc simulator --transcript requests.jsonl"]),
    (&["init"], &["dtc init", "dtc init --site contoso/site.toml"]),
    (&["plan"], &["dtc plan", "dtc plan --site contoso/site.toml --out plan.json", "dtc plan --json"]),
    (
        &["apply"],
        &[
            "dtc apply --wait 30m",
            "dtc apply --plan plan.json --journal journal.jsonl",
            "dtc apply --consent consents.json --json",
        ],
    ),
    (&["verify"], &["dtc verify", "dtc verify --site contoso/site.toml --json"]),
    (&["name"], &["dtc name bucket a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9", "dtc name task pool0"]),
    (&["name", "bucket"], &["dtc name bucket a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9"]),
    (&["name", "folder"], &["dtc name folder 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083 pool0"]),
    (&["name", "object"], &["dtc name object 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083 pool0"]),
    (&["name", "task"], &["dtc name task pool0"]),
    (&["name", "label"], &["dtc name label encryption-password 'Main Street'", "dtc name label nms"]),
    (&["name", "parse"], &["dtc name parse truenas-a1b2c3d4e5f640718293a4b5c6d7e8f9"]),
    (
        &["crypt"],
        &[
            "dtc crypt ls downloaded --password env:RCLONE_PASSWORD --salt env:RCLONE_SALT",
            "dtc crypt restore downloaded restored --password file:password --salt file:salt",
        ],
    ),
    (&["crypt", "ls"], &["dtc crypt ls downloaded", "dtc crypt ls downloaded --mapping --names standard"]),
    (
        &["crypt", "cat"],
        &["dtc crypt cat downloaded docs/letter.pdf", "dtc crypt cat letter.pdf.bin --offset 0 --count 512"],
    ),
    (&["crypt", "check"], &["dtc crypt check /mnt/pool0 downloaded --exclude '/Archive/**'"]),
    (&["crypt", "decode"], &["dtc crypt decode docs/letter.pdf.bin"]),
    (
        &["crypt", "encode"],
        &["dtc crypt encode docs/letter.pdf --names standard --password env:PASSWORD --salt none"],
    ),
    (
        &["crypt", "restore"],
        &[
            "dtc crypt restore downloaded restored",
            "dtc crypt restore downloaded restored --compare /mnt/pool0",
        ],
    ),
    (
        &["restore"],
        &[
            "dtc restore when pool0",
            "dtc restore get pool0:offices --at 2026-11-27T03:00 --to restored --dry-run",
        ],
    ),
    (&["restore", "ls"], &["dtc restore ls pool0", "dtc restore ls pool0:offices --at '3 days ago'"]),
    (&["restore", "cat"], &["dtc restore cat pool0:docs/letter.pdf --at 2026-11-27T03:00Z"]),
    (&["restore", "find"], &["dtc restore find '*.docx' pool0 pool1"]),
    (
        &["restore", "get"],
        &[
            "dtc restore get pool0 --to restored --at '3 days ago' --exclude '/Archive/**'",
            "dtc restore get pool0:docs --to restored --record record.txt --key file:key --password file:password --salt file:salt",
        ],
    ),
    (&["restore", "history"], &["dtc restore history pool0:docs/letter.pdf"]),
    (&["restore", "when"], &["dtc restore when pool0 --json"]),
    (
        &["replication"],
        &[
            "dtc replication plan offices",
            "dtc replication apply offices --consent consents.json",
            "dtc replication verify offices --json",
        ],
    ),
    (&["replication", "init"], &["dtc replication init --like 'tank/data - backup/data' --with backup"]),
    (&["replication", "plan"], &["dtc replication plan offices --site contoso/site.toml"]),
    (&["replication", "apply"], &["dtc replication apply offices --record-consent consents.json"]),
    (&["replication", "verify"], &["dtc replication verify offices --json"]),
    (&["replication", "unlock"], &["dtc replication unlock offices"]),
    (&["locks"], &["dtc locks status", "dtc locks extend --at-most 2TB --consent locks.json"]),
    (&["locks", "status"], &["dtc locks status --keep-days 30 --extend-days 45"]),
    (
        &["locks", "extend"],
        &[
            "dtc locks extend --at-most 2TB --record-consent locks.json --consent-until 2027-06-30T00:00:00Z",
            "dtc locks extend --at-most 2TB --consent locks.json --json",
        ],
    ),
    (&["copy"], &["dtc copy run --job documents.toml --dry-run", "dtc copy check --job documents.toml"]),
    (
        &["copy", "plan"],
        &["dtc copy plan --job documents.toml", "dtc copy plan --job documents.toml --mapping"],
    ),
    (
        &["copy", "run"],
        &["dtc copy run --job documents.toml", "dtc copy run --job documents.toml --dry-run --json"],
    ),
    (
        &["copy", "check"],
        &[
            "dtc copy check --job documents.toml",
            "dtc copy check --job documents.toml --scratch /srv/scratch --local",
        ],
    ),
    (
        &["copy", "restore"],
        &[
            "dtc copy restore --job documents.toml --to restored --dry-run",
            "dtc copy restore --job documents.toml --to restored",
        ],
    ),
];

/// The command with its examples at the end of its help, and those of every command below it.
pub(crate) fn added(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (path, lines)| below(command, path, lines))
}

fn below(command: Command, path: &[&str], lines: &[&str]) -> Command {
    let Some((name, rest)) = path.split_first() else {
        let said = command.get_after_help().map(|text| format!("{text}\n\n")).unwrap_or_default();
        return command.after_help(format!("{said}Examples:\n    {}", lines.join("\n    ")));
    };
    command.mut_subcommand(name, |command| below(command, rest, lines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cli;
    use clap::{CommandFactory as _, Parser as _};

    /// The line's words as a shell splits it: quotes keep words together.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('\'').enumerate();
        parts
            .flat_map(|(number, part)| match number % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            })
            .collect()
    }

    /// Every command of the program, by its path.
    fn paths(command: &Command, above: &[String], found: &mut Vec<Vec<String>>) {
        for below in command.get_subcommands().filter(|command| command.get_name() != "help") {
            let path = [above, &[below.get_name().to_owned()]].concat();
            paths(below, &path, found);
            found.push(path);
        }
    }

    #[test]
    fn every_command_has_an_example_in_its_help() {
        let command = added(Cli::command());
        let mut found = Vec::new();
        paths(&command, &[], &mut found);
        assert!(found.len() >= 18, "{found:?}");
        for path in found {
            let of = path.iter().fold(&command, |above, name| above.find_subcommand(name).unwrap());
            let help = of.clone().render_long_help().to_string();
            let example = format!("    dtc {}", path.join(" "));
            assert!(help.contains("Examples:") && help.contains(&example), "{path:?}: {help}");
        }
        let check = command.find_subcommand("crypt").unwrap().find_subcommand("check").unwrap();
        assert!(check.clone().render_help().to_string().contains("Ends with 0"), "what was there stays");
    }

    #[test]
    fn every_example_is_a_line_that_the_program_takes() {
        for (path, lines) in EXAMPLES {
            for line in *lines {
                assert!(line.starts_with(&format!("dtc {}", path.join(" "))), "{line}");
                Cli::try_parse_from(words(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
            }
        }
    }
}
