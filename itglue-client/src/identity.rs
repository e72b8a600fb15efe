//! By which lines of its notes a record is known.

use std::fmt;

use crate::error::Error;

/// What one record is known by, in an organisation: `name: value` lines that stand in its notes, beside its label. IT Glue keeps no
/// name unique, so that two records may share a label and differ in these.
///
/// ```
/// use itglue_client::RecordIdentity;
///
/// let identity = RecordIdentity::new([("Device GUID", "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083")])?;
/// assert!(identity.is_in("rack 4\nDevice GUID: 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083\n"));
/// assert!(!identity.is_in("Device GUID: another"));
/// # Ok::<(), itglue_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordIdentity {
    lines: Vec<(String, String)>,
    any_label: bool,
}

impl RecordIdentity {
    /// An identity of these lines, each a name and a value, and of the label that the record is asked for with.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when there is none, when two have one name, or when one could not be read back from notes:
    /// a name that is empty or holds a colon, a value that is empty or begins or ends with a space, either with a control character.
    pub fn new<N: Into<String>, V: Into<String>>(
        lines: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Error> {
        let lines: Vec<(String, String)> =
            lines.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let invalid = |why: String| Err(Error::invalid("identify a record", why));
        if lines.is_empty() {
            return invalid("an identity without a line would be that of every record".to_owned());
        }
        for (at, (name, value)) in lines.iter().enumerate() {
            let is_text =
                |text: &str| !text.is_empty() && text.trim() == text && !text.contains(char::is_control);
            if !is_text(name) || name.contains(':') || !is_text(value) {
                return invalid(format!("{name:?} with the value {value:?} is no line that notes can hold"));
            }
            if lines[..at].iter().any(|(before, _)| before == name) {
                return invalid(format!("{name:?} stands twice"));
            }
        }
        Ok(Self { lines, any_label: false })
    }

    /// The same lines under whatever label: a record that is found under another label gets the one that it is asked for with. For
    /// lines that no two records share.
    pub fn under_any_label(mut self) -> Self {
        self.any_label = true;
        self
    }

    /// Whether notes carry all lines of the identity, letter case included. Of several lines of one name, the first counts.
    pub fn is_in(&self, notes: &str) -> bool {
        self.lines.iter().all(|(name, value)| line(notes, name) == Some(value))
    }

    pub(crate) fn fits_label(&self, label: &str, wanted: &str) -> bool {
        self.any_label || label == wanted
    }

    pub(crate) fn is_label_open(&self) -> bool {
        self.any_label
    }

    /// Further notes below the lines of the identity; lines that they begin with already are not doubled.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the notes give one of the names another value.
    pub(crate) fn above(&self, notes: &str) -> Result<String, Error> {
        if self.is_in(notes) {
            return Ok(notes.to_owned());
        }
        if let Some((name, _)) = self.lines.iter().find(|(name, _)| line(notes, name).is_some()) {
            let why = format!("the notes have a line {name:?}, with another value than the identity");
            return Err(Error::invalid("identify a record", why));
        }
        Ok(if notes.is_empty() { self.to_string() } else { format!("{self}\n{notes}") })
    }
}

/// What the first line of this name says.
fn line<'a>(notes: &'a str, name: &str) -> Option<&'a str> {
    notes.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

/// The lines, as notes hold them.
impl fmt::Display for RecordIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.lines.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{name}: {value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> RecordIdentity {
        RecordIdentity::new([("Device GUID", "g"), ("Bucket Name", "b")]).unwrap()
    }

    #[test]
    fn e5_every_line_counts_wherever_it_stands() {
        for notes in ["Device GUID: g\nBucket Name: b", "x\r\nBucket Name:b \r\nDevice GUID:  g\r\ny"] {
            assert!(identity().is_in(notes), "{notes}");
        }
        for notes in [
            "",
            "Device GUID: g",
            "Device GUID: g\nBucket Name: b2",
            "device guid: g\nBucket Name: b",
            "Device GUID: other\nDevice GUID: g\nBucket Name: b",
            " Device GUID: g\nBucket Name: b",
        ] {
            assert!(!identity().is_in(notes), "{notes}");
        }
    }

    #[test]
    fn e5_notes_get_the_lines_once_and_never_another_value() {
        let lines = "Device GUID: g\nBucket Name: b";
        for (notes, whole) in [("", lines), ("more", "Device GUID: g\nBucket Name: b\nmore"), (lines, lines)]
        {
            assert_eq!(identity().above(notes).unwrap(), whole);
        }
        assert!(identity().above("Device GUID: other").is_err());
        assert!(
            identity().above("Device GUID: g").is_err(),
            "the first line stands there, the second does not"
        );
    }

    #[test]
    fn e5_what_notes_cannot_hold_is_no_identity() {
        let refused = |lines: &[(&str, &str)]| RecordIdentity::new(lines.iter().copied()).is_err();
        assert!(refused(&[]));
        for (name, value) in [("", "v"), ("a:b", "v"), ("n", ""), ("n", "v\nw"), ("n", " v"), ("n\r", "v")] {
            assert!(refused(&[(name, value)]), "{name:?} {value:?}");
        }
        assert!(refused(&[("n", "v"), ("n", "w")]));
        assert!(!refused(&[("n", "v: w")]));
    }
}
