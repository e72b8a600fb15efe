//! What people read: a plan, and a checklist.

pub(crate) mod checklist;
pub(crate) mod plan;

/// A number of bytes, as people say it.
pub(crate) fn bytes(count: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let unit = (count.max(1).ilog2() / 10).min(5);
    if unit == 0 {
        return format!("{count} bytes");
    }
    // Tenths, in whole numbers: a file's size is not to depend on how floats round.
    let tenths = u128::from(count) * 10 / (1_u128 << (10 * unit));
    format!("{}.{} {}", tenths / 10, tenths % 10, units[unit as usize])
}

/// A number of things, as people say it.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_given_to_a_tenth() {
        let given = [0, 1023, 1024, 1536, 65 << 20, u64::MAX].map(bytes);
        assert_eq!(given, ["0 bytes", "1023 bytes", "1.0 KiB", "1.5 KiB", "65.0 MiB", "16383.9 PiB"]);
    }
}
