//! Names that Windows cannot hold.

use std::fs;

use serde_json::json;

use super::{crypt, members, prepared, stored, verbatim};
use crate::program::Said;

#[test]
fn x8_every_name_comes_back_as_one_that_windows_holds() {
    let changed = [
        ("CON", "CON_"),
        ("a:b.txt", "a\u{FF1A}b.txt"),
        ("d/aux.log", "d/aux_.log"),
        ("q?.txt", "q\u{FF1F}.txt"),
        ("trail.", "trail\u{FF0E}"),
        ("twin.TXT", "twin~2.TXT"),
    ];
    let kept = ["Twin.txt", "über.txt"];
    let plain: Vec<&str> = changed.iter().map(|(plain, _)| *plain).chain(kept).collect();
    let folder = stored(&plain);
    let restore = ["restore", "stored", "target", "--names", "standard", "--json"];
    let restored = Said::by(&mut crypt(folder.path(), &restore)).ended(0).json();
    assert_eq!(restored["restored"], json!(plain.len()));
    let written = members(&restored["renamed"], "written");
    for (plain, renamed) in members(&restored["renamed"], "plain").into_iter().zip(written) {
        let content = fs::read_to_string(verbatim(folder.path(), &format!("target/{renamed}"))).unwrap();
        assert_eq!(content, plain, "{renamed} is another file");
        let twins = ["twin.TXT", "Twin.txt"].contains(&plain.as_str());
        assert!(twins || changed.contains(&(&plain, &renamed)), "{plain} became {renamed}");
    }
    assert_eq!(restored["renamed"].as_array().unwrap().len(), changed.len());
    assert_eq!(fs::read_to_string(verbatim(folder.path(), "target/über.txt")).unwrap(), "über.txt");
    let again = Said::by(&mut crypt(folder.path(), &restore)).ended(0).json();
    assert_eq!(again["unchanged"], json!(plain.len()));
}

/// A folder as another system leaves it on a share, with names that no program of Windows makes: what can be opened comes
/// back under a name that Windows holds, and what cannot is named.
#[test]
fn x8_a_folder_that_windows_did_not_make() {
    let Some(prepared) = prepared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = crypt(folder.path(), &["restore"]);
    let said = Said::by(command.arg(prepared.join("foreign")).args(["target", "--json"])).ended(7);
    let report = said.json();
    let (plain, written) = (members(&report["renamed"], "plain"), members(&report["renamed"], "written"));
    assert_eq!(plain, ["CON", "trail.", "twin"]);
    assert_eq!(written, ["CON_", "trail\u{FF0E}", "twin~2"]);
    // The first would be a file of the drive A, the second no name at all.
    assert_eq!(members(&report["failed"], "stored"), ["a:b.txt.bin", "q?.txt.bin"]);
    assert!(members(&report["failed"], "reason")[0].contains("rename it where it is stored"), "{report}");
    assert_eq!((&report["restored"], &report["failed"][0]["data_at_risk"]), (&json!(4), &json!(false)));
    for (name, length) in [("CON_", 1), ("trail\u{FF0E}", 65_536), ("Twin", 16), ("twin~2", 140_000)] {
        let file = verbatim(folder.path(), &format!("target/{name}"));
        assert_eq!(fs::metadata(file).unwrap().len(), length, "{name} is another file");
    }
    assert_eq!(fs::read_dir(verbatim(folder.path(), "target")).unwrap().count(), 4);
}
