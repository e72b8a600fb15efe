//! `dtc crypt encode` and `decode`: plain paths and stored ones.

use clap::Args;
use rclone_crypt::{Error, Names};

use super::remote::Remote;
use crate::deadline::Deadline;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Print the plain path of each stored path, a line each.
#[derive(Debug, Args)]
#[command(
    after_help = "A name is printed for people to read: a character that cannot be seen, or that a terminal would obey, is shown as an escape such \
    as \\u{202e} or \\n, also into a file or a pipe. --json gives every name exactly."
)]
pub(crate) struct Decode {
    #[command(flatten)]
    given: Given,
}

/// Print what each plain path is stored as, a line each.
#[derive(Debug, Args)]
#[command(
    after_help = "A character that cannot be seen is shown as an escape such as \\u{202e}, also into a file or a pipe. --json gives every name exactly. A \
    path that no file has, such as one with .. or // in it, is refused."
)]
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
pub(super) async fn decode(
    arguments: &Decode,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let decode = if arguments.given.directories { Names::decode_directory } else { Names::decode };
    let plain = |path: &str, plain| ConvertedPath { plain: Some(plain), ..ConvertedPath::of(path) };
    each(&arguments.given, plain, decode, (deadline, screen)).await
}

/// Encodes each.
pub(super) async fn encode(
    arguments: &Encode,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let encode = if arguments.given.directories { Names::encode_directory } else { Names::encode };
    let stored = |path: &str, stored| ConvertedPath { stored: Some(stored), ..ConvertedPath::of(path) };
    each(&arguments.given, stored, encode, (deadline, screen)).await
}

document! {
    /// What `dtc crypt decode` and `dtc crypt encode` print.
    pub(crate) struct Converted {
        /// What came of each path, in the order in which they were given.
        paths: Vec<ConvertedPath>,
    }
}

document! {
    /// A path and what came of it: a path, or a code and an error.
    pub(crate) struct ConvertedPath {
        /// The path that was given.
        path: String,
        /// Its plain path, from `decode`.
        #[serde(skip_serializing_if = "Option::is_none")]
        plain: Option<String>,
        /// What it is stored as, from `encode`.
        #[serde(skip_serializing_if = "Option::is_none")]
        stored: Option<String>,
        /// The code of `docs/errors.md`, where it is refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why it is refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
}

impl ConvertedPath {
    fn of(path: &str) -> Self {
        Self { path: path.to_owned(), plain: None, stored: None, code: None, error: None }
    }
}

/// Converts each path; one that cannot be does not hold up the others.
async fn each(
    given: &Given,
    document: fn(&str, String) -> ConvertedPath,
    convert: fn(&Names, &str) -> Result<String, Error>,
    (deadline, screen): (&Deadline, &Screen),
) -> Result<Exit, Failure> {
    let names = given.remote.names(deadline, screen).await?;
    let mut refused: Vec<Failure> = Vec::new();
    let mut paths: Vec<ConvertedPath> = Vec::new();
    for path in &given.paths {
        match converted(&names, path, convert) {
            Ok(converted) => {
                screen.say(&*safe_text::visible(&converted));
                paths.push(document(path, converted));
            }
            Err(error) => {
                let failure = Failure::from(error);
                let (code, error) = (failure.scripts.code.clone(), failure.sentence.clone());
                paths.push(ConvertedPath { code: Some(code), error: Some(error), ..ConvertedPath::of(path) });
                refused.push(failure);
            }
        }
    }
    let document = Converted { paths };
    let mut refused = refused.into_iter();
    let Some(first) = refused.next() else { return Ok(screen.done(&document)) };
    let also = refused.map(|failure| failure.sentence).collect();
    Ok(screen.ended(&Failure { also, ..first }, &document))
}

/// Both the path and what comes of it name a file, or a directory, in the folder.
fn converted(
    names: &Names,
    path: &str,
    convert: fn(&Names, &str) -> Result<String, Error>,
) -> Result<String, Error> {
    Names::check_path(path.as_bytes())?;
    let converted = convert(names, path)?;
    Names::check_path(converted.as_bytes())?;
    Ok(converted)
}
