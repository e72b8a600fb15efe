//! `dtc restore get`, killed by the system in the middle of a write: run again, it ends with the same tree (X3, Y4).

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use dtc_tests::{TestBed, is_deep, program, report};
use rclone_crypt::{BLOCK_DATA_LEN, Keys, Nonce, Password, Salt, encrypt_all};
use serde_json::{Value, json};

const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
const PASSWORD: &str = "correct horse";
const SALT: &str = "battery staple";
/// A write further, in the units of `ulimit -f`.
const WRITE: usize = BLOCK_DATA_LEN / 512;
/// One write in so many is tried, unless the tests go deep.
const EVERY: usize = 37;

/// A bucket with a large file and two small ones.
fn backed_up(bed: &TestBed) -> Vec<u8> {
    let b2 = bed.sim.b2();
    b2.call("b2_create_bucket", json!({ "bucketName": BUCKET, "bucketType": "allPrivate" })).unwrap();
    let keys = Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap();
    let large: Vec<u8> = (0..9_500_000_u32).map(|number| number.to_le_bytes()[number as usize % 3]).collect();
    for (name, content) in [("a", &b"small"[..]), ("large", &large), ("z", b"small too")] {
        let stored = encrypt_all(&keys, Nonce::random().unwrap(), content);
        b2.put(BUCKET, &format!("{GUID}/pool0/{name}.bin"), &stored).unwrap();
    }
    large
}

/// Runs the program, which is killed at the first write that makes a file longer than this, if there is a limit.
fn get(bed: &TestBed, folder: &Path, limit: Option<usize>) -> Output {
    let at = &bed.sim.addresses().b2;
    let record = format!("Username: {}\nBucket Name: {BUCKET}\nDevice GUID: {GUID}\n", at.key_id);
    fs::write(folder.join("record.txt"), record).unwrap();
    let limit = limit.map_or_else(String::new, |limit| format!("ulimit -f {limit}; "));
    let script = format!(
        "ulimit -c 0; {limit}exec \"$0\" restore get pool0 --to back --record record.txt --key env:KEY --password env:PASSWORD --salt env:SALT \
         --b2-url \"$1\" --parallel 1 --json"
    );
    Command::new("sh")
        .args(["-c", &script])
        .arg(program())
        .arg(&at.url)
        .current_dir(folder)
        .env("KEY", &at.application_key)
        .env("PASSWORD", PASSWORD)
        .env("SALT", SALT)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn x3_killed_at_any_write_the_next_run_of_the_program_ends_with_the_same_tree() {
    let bed = TestBed::new(47).await;
    let large = backed_up(&bed);
    let writes = large.len().div_ceil(BLOCK_DATA_LEN);
    let (mut tried, mut gone_on) = (0, 0);
    tokio::task::block_in_place(|| {
        for write in (0..writes).step_by(if is_deep() { 1 } else { EVERY }) {
            let folder = tempfile::tempdir().unwrap();
            let killed = get(&bed, folder.path(), Some(write * WRITE));
            assert!(killed.status.code().is_none(), "write {write}: {killed:?}");
            let back = folder.path().join("back");
            assert!(!back.join("large").exists(), "write {write}: it has its name");
            let complete = ["a", "z"].into_iter().filter(|name| back.join(name).exists()).count();
            let names = fs::read_dir(&back).unwrap().map(|entry| entry.unwrap().path());
            let journal = names.into_iter().find(|path| path.extension().is_some_and(|it| it == "journal"));
            let noted = journal.map_or(0, |path| fs::read_to_string(path).unwrap().lines().count());
            let again = get(&bed, folder.path(), None);
            assert!(again.status.success(), "write {write}: {again:?}");
            let said: Value = serde_json::from_slice(&again.stdout).unwrap();
            assert_eq!(said["complete"], json!(true), "write {write}: {said}");
            assert_eq!(
                said["unchanged"],
                json!(complete),
                "write {write}: what was complete is not fetched again"
            );
            assert!(fs::read(back.join("large")).unwrap() == large, "write {write}");
            assert_eq!(fs::read_dir(&back).unwrap().count(), 3, "write {write}");
            tried += 1;
            gone_on += usize::from(noted > 0);
        }
    });
    assert!(gone_on > 0, "no kill came after a part of the file was noted");
    report(&format!("{tried} writes were the last, {gone_on} of them with a part of the file noted"));
}
