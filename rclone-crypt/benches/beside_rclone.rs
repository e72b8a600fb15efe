//! CPU seconds for a 1 GiB file, beside rclone: `cargo bench -p rclone-crypt`.
//!
//! Needs `DTC_RCLONE_1_75_2`, the path of rclone 1.75.2, and Linux. Without rclone only our own figures are printed. Each
//! figure is the median of five alternating runs, each a process of its own, whose user and system time is counted.
#![expect(clippy::unwrap_used, reason = "a bench that cannot measure ends")]

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rclone_crypt::{Decryptor, Encryptor, FileCipher, Keys, Nonce, Password, Salt, TAG_LEN, obscure};

const MIB: u64 = 1 << 20;
const RUNS: usize = 5;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["decrypt", path] => decrypt(Path::new(path)),
        ["encrypt", path] => encrypt(Path::new(path)),
        _ => compare(),
    }
}

fn keys() -> Keys {
    Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple")).unwrap()
}

fn decrypt(path: &Path) {
    let mut file = Decryptor::new(&keys(), File::open(path).unwrap()).unwrap();
    let mut sink = io::sink();
    while let Some(block) = file.next_block().unwrap() {
        sink.write_all(block).unwrap();
    }
}

fn encrypt(path: &Path) {
    let mut file = Encryptor::new(&keys(), Nonce::random().unwrap(), File::open(path).unwrap());
    let mut sink = io::sink();
    while let Some(chunk) = file.next_chunk().unwrap() {
        sink.write_all(chunk).unwrap();
    }
}

fn compare() {
    let size = std::env::var("DTC_BENCH_MIB").ok().and_then(|mib| mib.parse().ok()).unwrap_or(1024) * MIB;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (plain, stored) = (folder.path().join("plain"), folder.path().join("stored"));
    std::fs::create_dir_all(&stored).unwrap();
    io::copy(&mut io::repeat(0x5a).take(size), &mut File::create(&plain).unwrap()).unwrap();
    let object = stored.join("plain.bin");
    let mut encrypted = Encryptor::new(&keys(), Nonce::random().unwrap(), File::open(&plain).unwrap());
    io::copy(&mut encrypted, &mut File::create(&object).unwrap()).unwrap();

    println!("{} MiB, medians of {RUNS} alternating runs, CPU seconds (user and system)", size / MIB);
    let ours = std::env::current_exe().unwrap().into_os_string();
    let rclone = std::env::var_os("DTC_RCLONE_1_75_2");
    let crypt = remote(&stored);
    let pairs: [(&str, Vec<OsString>, Vec<OsString>); 2] = [
        (
            "decrypt",
            vec![ours.clone(), "decrypt".into(), object.into()],
            vec!["cat".into(), format!("{crypt}plain").into()],
        ),
        (
            "encrypt",
            vec![ours, "encrypt".into(), plain.clone().into()],
            vec!["copyto".into(), plain.into(), format!("{}new", remote_to_memory()).into()],
        ),
    ];
    for (what, ours, theirs) in pairs {
        let (mut mine, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            mine.push(cpu_seconds(Command::new(&ours[0]).args(&ours[1..])));
            if let Some(rclone) = &rclone {
                beside.push(cpu_seconds(Command::new(rclone).args(["--config", "/dev/null"]).args(&theirs)));
            }
        }
        let mine = median(&mut mine);
        match rclone {
            Some(_) => {
                let beside = median(&mut beside);
                println!("{what}: ours {mine:.2}, rclone {beside:.2}, ratio {:.2} (bar 0.65)", mine / beside);
            }
            None => println!("{what}: ours {mine:.2} (set DTC_RCLONE_1_75_2 for rclone's)"),
        }
    }
    ceiling();
}

fn remote(folder: &Path) -> String {
    let [password, salt] = ["correct horse", "battery staple"].map(|clear| obscure(clear).unwrap());
    format!(
        ":crypt,filename_encryption=off,remote=\"{}\",password={},password2={}:",
        folder.display(),
        password.expose(),
        salt.expose()
    )
}

/// Encrypting to nowhere is what rclone has no word for: the memory backend comes closest.
fn remote_to_memory() -> String {
    remote(Path::new(":memory:bench"))
}

/// What the two primitives cost alone, in place and in memory: one block over and over.
fn ceiling() {
    let cipher = FileCipher::new(&keys(), Nonce::from_bytes([3; 24]));
    let mut block = vec![0; TAG_LEN + 65_536];
    let start = Instant::now();
    for number in 0..16_384 {
        cipher.seal_block(number, &mut block).unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("ceiling: Salsa20 and Poly1305 of 1024 MiB in cache, {seconds:.2} s on one thread");
}

/// What a process took, by this process's count of its children's time.
fn cpu_seconds(command: &mut Command) -> f64 {
    let before = children_ticks();
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?} failed");
    (children_ticks() - before) / 100.0
}

/// `cutime` and `cstime` of `/proc/self/stat`, in hundredths of a second.
fn children_ticks() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(13).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum()
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
