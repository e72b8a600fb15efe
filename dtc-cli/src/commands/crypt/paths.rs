//! `dtc crypt encode` and `decode`: plain paths and stored ones.

use clap::Args;
use rclone_crypt::{Error, Names};
use serde_json::{Value, json};

use super::remote::Remote;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, Line, Screen};

/// Print the plain path of each stored path, a line each.
#[derive(Debug, Args)]
pub(crate) struct Decode {
    #[command(flatten)]
    given: Given,
}

/// Print what each plain path is stored as, a line each.
#[derive(Debug, Args)]
pub(crate) struct Encode {
    #[command(flatten)]
    given: Given,
}

#[derive(Debug, Args)]
struct Given {
    /// Paths relative to the encrypted folder, with `/` between their parts.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// They are directories' paths.
    #[arg(long)]
    directories: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Decodes each.
pub(super) fn decode(arguments: &Decode, screen: &Screen) -> Result<Exit, Failure> {
    let decode = if arguments.given.directories { Names::decode_directory } else { Names::decode };
    each(&arguments.given, "plain", decode, screen)
}

/// Encodes each.
pub(super) fn encode(arguments: &Encode, screen: &Screen) -> Result<Exit, Failure> {
    let encode = if arguments.given.directories { Names::encode_directory } else { Names::encode };
    each(&arguments.given, "stored", encode, screen)
}

/// Converts each path; one that cannot be does not hold up the others.
fn each(
    given: &Given,
    field: &str,
    convert: fn(&Names, &str) -> Result<String, Error>,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let names = given.remote.names(screen)?;
    let mut exit = Exit::Done;
    let mut results: Vec<Value> = Vec::new();
    for path in &given.paths {
        match convert(&names, path) {
            Ok(converted) => {
                screen.say(converted.as_str());
                results.push(json!({ "path": path, field: converted }));
            }
            Err(error) => {
                screen.note(Line::new().styled(BAD, "error: ").plain(&error));
                results.push(json!({ "path": path, "error": error.to_string() }));
                exit = Exit::Error;
            }
        }
    }
    Ok(screen.result(exit, &json!({ "paths": results })))
}
