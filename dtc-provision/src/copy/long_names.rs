//! Names that rclone cannot write safely.
//!
//! rclone 1.65 and newer write a file as `NAME.DIGITS` with an ending of our choice, encrypted like any other name, and rename it when it is
//! whole. That takes names that have room for it. Of longer ones, 1.65 makes names that no disk can hold; newer versions cut them, and 1.70
//! then writes files into one whose names differ only at the end, if they have the same length and time (found by trying 1.65.2, 1.70.2 and
//! 1.75.2). Without such a name (`--inplace`) half a file would stand under its own, and may be taken for a whole one.

/// The longest name of a file, in bytes, that has room for all that, however names are encrypted. rclone cuts longer ones, too.
const LONGEST: usize = 100;

/// Whether the file's own name is too long for some rclone, by its path as rclone has it. Our own engine encrypts such files beside it.
pub fn is_too_long_for_rclone(path: &[u8]) -> bool {
    path.rsplit(|byte| *byte == b'/').next().is_some_and(|name| name.len() > LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y2_a_name_is_long_by_itself_and_not_by_its_path() {
        let folder = "f".repeat(143);
        assert!(!is_too_long_for_rclone(format!("{folder}/{}", "n".repeat(LONGEST)).as_bytes()));
        assert!(is_too_long_for_rclone(format!("a/{}", "n".repeat(LONGEST + 1)).as_bytes()));
    }
}
