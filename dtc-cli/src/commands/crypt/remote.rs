//! Which encrypted folder it is: its options, and its secrets.

use clap::{Args, ValueEnum};
use dtc_adapters::SecretSource;
use rclone_crypt::{
    DirectoryNames, Keys, NameEncoding, NameEncryption, Names, Password, Salt, Suffix, looks_obscured,
};
use safe_text::SecretString;

use crate::consents::somebody_is_there;
use crate::deadline::Deadline;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, Line, Screen};

/// The options of the `crypt` remote; without any of them, those of a TrueNAS task.
#[derive(Debug, Args)]
#[command(next_help_heading = "The encrypted folder")]
pub(crate) struct Remote {
    /// Where the encryption password is: `env:NAME`, `file:PATH` or `op://vault/item/field`; without this it is asked for and not shown.
    #[arg(long, value_name = "SOURCE", value_parser = given)]
    password: Option<Given>,
    /// Where the encryption salt is: `env:NAME`, `file:PATH`, `op://vault/item/field`, or `none`; without this it is asked for and not shown.
    #[arg(long, value_name = "SOURCE", value_parser = given)]
    salt: Option<Given>,
    /// How names are encrypted (rclone's `filename_encryption`).
    #[arg(long, value_enum, default_value_t = Mode::Off, value_name = "MODE")]
    names: Mode,
    /// How encrypted names are written (rclone's `filename_encoding`).
    #[arg(long, value_enum, default_value_t = Encoding::Base32)]
    encoding: Encoding,
    /// What files' names end in where names are not encrypted; `none` for nothing.
    #[arg(long, default_value = ".bin")]
    suffix: String,
    /// Leave directories' names as they are.
    #[arg(long)]
    plain_directories: bool,
}

/// What was given as a secret's source. What is no source may be the secret itself, and is forgotten at once.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Source(SecretSource),
    None,
    Unclear,
}

#[expect(clippy::unnecessary_wraps, reason = "clap would print what is refused")]
pub(crate) fn given(text: &str) -> Result<Given, std::convert::Infallible> {
    Ok(match text {
        "none" => Given::None,
        text => text.parse().map_or(Given::Unclear, Given::Source),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Not at all, as TrueNAS has it.
    Off,
    /// Segment by segment.
    Standard,
    /// Disguised, not encrypted.
    Obfuscate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Encoding {
    /// Small letters and digits.
    Base32,
    /// Letters, digits, `-` and `_`.
    Base64,
    /// Fifteen bits a character.
    Base32768,
}

impl Remote {
    /// The keys, from the password and the salt where they are, or as a person types them, for whom the deadline waits.
    ///
    /// # Errors
    /// All that is missing, or no source.
    pub(super) async fn keys(&self, deadline: &Deadline, screen: &Screen) -> Result<Keys, Failure> {
        if matches!(self.password, Some(Given::None)) {
            return Err(Failure::usage("without a password nothing is encrypted"));
        }
        let options = [(&self.password, "--password"), (&self.salt, "--salt")];
        if let Some((_, option)) = options.iter().find(|(given, _)| matches!(given, Some(Given::Unclear))) {
            return Err(no_source(option));
        }
        let unsaid: Vec<&str> =
            options.iter().filter(|(given, _)| given.is_none()).map(|(_, option)| *option).collect();
        if !unsaid.is_empty() && !somebody_is_there() {
            return Err(nobody_there(&unsaid));
        }
        // Both are read before anything is said of either, so that all that is missing is named at once.
        let password = read(self.password.as_ref(), "the encryption password").await;
        let salt = read(self.salt.as_ref(), "the encryption salt").await;
        let (password, salt) = both(password, salt)?;
        let typed = |question, option| deadline.asking(|| asked(question, option));
        let password = password.map_or_else(|| typed("Encryption password: ", "--password"), Ok)?;
        let salt = salt.map_or_else(|| typed("Encryption salt, nothing if there is none: ", "--salt"), Ok)?;
        for (secret, what) in [(&password, "password"), (&salt, "salt")] {
            if looks_obscured(secret.expose_secret()) {
                let note =
                    format!("the {what} looks as if rclone had obscured it; the clear one is wanted here");
                screen.note(Line::new().styled(CHANGED, "note: ").plain(note));
            }
        }
        let (password, salt) = (Password::new(password.expose_secret()), Salt::new(salt.expose_secret()));
        Ok(Keys::derive(&password, &salt)?)
    }

    /// The names, with keys where these take them.
    ///
    /// # Errors
    /// As [`Remote::keys`].
    pub(super) async fn names(&self, deadline: &Deadline, screen: &Screen) -> Result<Names, Failure> {
        match self.names {
            Mode::Off => Ok(Names::off_with(Suffix::new(&self.suffix))),
            Mode::Standard | Mode::Obfuscate => Ok(self.names_under(&self.keys(deadline, screen).await?)),
        }
    }

    /// The names under keys that are there.
    pub(super) fn names_under(&self, keys: &Keys) -> Names {
        let directories =
            if self.plain_directories { DirectoryNames::Plain } else { DirectoryNames::Encrypted };
        Names::new(keys, self.mode(), directories)
    }

    fn mode(&self) -> NameEncryption {
        match self.names {
            Mode::Off => NameEncryption::Off(Suffix::new(&self.suffix)),
            Mode::Standard => NameEncryption::Standard(match self.encoding {
                Encoding::Base32 => NameEncoding::Base32,
                Encoding::Base64 => NameEncoding::Base64,
                Encoding::Base32768 => NameEncoding::Base32768,
            }),
            Mode::Obfuscate => NameEncryption::Obfuscate,
        }
    }
}

/// A secret where it was said to be; `None` where a person is to be asked.
type Read = Result<Option<SecretString>, dtc_adapters::Error>;

/// Reads a secret. A pipe may keep it waiting until the time is over.
async fn read(given: Option<&Given>, secret: &'static str) -> Read {
    match given {
        Some(Given::Source(source)) => source.read(secret).await.map(Some),
        Some(Given::None | Given::Unclear) => Ok(Some(SecretString::default())),
        None => Ok(None),
    }
}

/// Both secrets, or what is wrong with either, or with both.
fn both(password: Read, salt: Read) -> Result<(Option<SecretString>, Option<SecretString>), Failure> {
    let remedies = [(&password, "--password"), (&salt, "--salt")]
        .into_iter()
        .filter_map(|(read, option)| remedy(read.as_ref().err()?, option))
        .collect::<Vec<_>>()
        .join("; ");
    let error = match (password, salt) {
        (Ok(password), Ok(salt)) => return Ok((password, salt)),
        (Err(password), Err(salt)) => dtc_adapters::ErrorKind::Secrets(vec![password, salt]).into(),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => error,
    };
    let failure = Failure::from(error);
    Err(if remedies.is_empty() { failure } else { failure.remedy(remedies) })
}

/// What to do about a secret that was not read. A space at either end of one is refused, since nobody sees it; who means it types it.
fn remedy(error: &dtc_adapters::Error, option: &str) -> Option<String> {
    let remedy = error.remedy()?;
    Some(match error.kind() {
        dtc_adapters::ErrorKind::SecretUnusable { .. } => {
            format!("{remedy}; if it is meant so, leave {option} out, and type it when asked")
        }
        _ => remedy,
    })
}

pub(crate) fn no_source(option: &str) -> Failure {
    Failure::usage(format!("{option} is given neither env:NAME nor file:PATH nor op://vault/item/field"))
        .remedy("if that was the secret itself, consider it known: others can see a program's arguments")
}

fn nobody_there(options: &[&str]) -> Failure {
    let (named, are) = (options.join(" and "), if options.len() == 1 { "is" } else { "are" });
    let give: Vec<String> =
        options.iter().map(|option| format!("{option} env:NAME or {option} file:PATH")).collect();
    Failure::usage(format!("{named} {are} missing, and nobody is there to be asked"))
        .remedy(format!("give {}", give.join(", and ")))
}

/// Asks a person, who does not see what is typed.
fn asked(question: &str, option: &str) -> Result<SecretString, Failure> {
    let terminal = console::Term::stderr();
    let typed = terminal.write_str(question).and_then(|()| unseen_line(&terminal));
    typed
        .map(SecretString::from)
        .map_err(|error| Failure::new(Exit::Error, format!("cannot ask for {option}")).caused_by(error))
}

/// Reads a line that is not shown.
#[cfg(not(windows))]
fn unseen_line(terminal: &console::Term) -> std::io::Result<String> {
    terminal.read_secure_line()
}

/// Reads a line that is not shown. On Windows `read_secure_line` knows no Backspace: what was mistyped would stay in the secret.
#[cfg(windows)]
fn unseen_line(terminal: &console::Term) -> std::io::Result<String> {
    use console::Key;
    let mut typed = String::new();
    loop {
        match terminal.read_key()? {
            Key::Enter => break,
            Key::Backspace => drop(typed.pop()),
            Key::Char(c) if !c.is_control() => typed.push(c),
            _ => {}
        }
    }
    terminal.write_line("")?;
    Ok(typed)
}
