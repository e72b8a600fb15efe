//! How the names of a backup's objects are made: the table `[names]`, with rclone's options.

use rclone_crypt::NameForm;
use serde::{Deserialize, Deserializer, de};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    filename_encryption: Option<String>,
    filename_encoding: Option<String>,
    directory_name_encryption: Option<bool>,
    suffix: Option<String>,
}

/// Reads the table; a site file without it is of a backup of the standard, whose names are not encrypted (C2).
pub(super) fn form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NameForm, D::Error> {
    let options = Options::deserialize(deserializer)?;
    let form = NameForm::of_options(|name| match name {
        "filename_encryption" => options.filename_encryption.as_deref(),
        "filename_encoding" => options.filename_encoding.as_deref(),
        "directory_name_encryption" => {
            options.directory_name_encryption.map(|is_on| if is_on { "true" } else { "false" })
        }
        "suffix" => options.suffix.as_deref(),
        _ => None,
    });
    form.map_err(|option| de::Error::custom(format_args!("{option} has a value that rclone does not have")))
}
