//! Keeps this process's memory, which holds secrets, out of files.

/// Leaves no core dump behind, and lets no other process of the same user read the memory (Linux). Other systems' dumps are theirs: macOS
/// is told as well that a core file may have no length, and Windows writes none unless its administrator asks for them.
///
/// A system that refuses is no reason not to work.
pub(crate) fn forbid_dumps() {
    #[cfg(unix)]
    {
        let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn e8_no_dump_is_written() {
        forbid_dumps();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(rustix::process::dumpable_behavior(), Ok(rustix::process::DumpableBehavior::NotDumpable));
    }
}
