//! CPU seconds for a 1 GiB file, beside rclone: `cargo bench -p rclone-crypt`.
//!
//! Needs `DTC_RCLONE_1_75_2`, the path of rclone 1.75.2, and Linux. Without rclone only our own figures are printed. Each
//! figure is the median of five alternating runs, each a process of its own, whose user and system time is counted.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and one that cannot measure ends"
)]

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rclone_crypt::{
    BLOCK_LEN, Decryptor, Encryptor, FileCipher, HEADER_LEN, Keys, Nonce, Password, Salt, TAG_LEN, obscure,
};

const MIB: u64 = 1 << 20;
const RUNS: usize = 5;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["decrypt", path] => decrypt(Path::new(path)),
        ["decrypt-threads", path, threads] => decrypt_threads(Path::new(path), threads.parse().unwrap()),
        ["first-block", path] => first_block(Path::new(path)),
        ["encrypt", path, to] => encrypt(Path::new(path), Path::new(to)),
        _ => Bench::new().run(),
    }
}

fn keys() -> Keys {
    Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple")).unwrap()
}

fn decrypt(path: &Path) {
    let mut file = Decryptor::new(&keys(), File::open(path).unwrap()).unwrap();
    while file.next_block().unwrap().is_some() {}
}

/// Each thread takes every `threads`th block, as a restore over ranged reads would.
fn decrypt_threads(path: &Path, threads: u64) {
    let file = File::open(path).unwrap();
    let mut header = [0; HEADER_LEN];
    file.read_exact_at(&mut header, 0).unwrap();
    let cipher = FileCipher::from_header(&keys(), &header).unwrap();
    let blocks = (file.metadata().unwrap().len() - HEADER_LEN as u64) / BLOCK_LEN as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (file, cipher) = (&file, &cipher);
            scope.spawn(move || {
                let mut block = vec![0; BLOCK_LEN];
                for number in (thread..blocks).step_by(usize::try_from(threads).unwrap()) {
                    file.read_exact_at(&mut block, HEADER_LEN as u64 + number * BLOCK_LEN as u64).unwrap();
                    cipher.open_block(number, &mut block).unwrap();
                }
            });
        }
    });
}

fn encrypt(path: &Path, to: &Path) {
    let mut file = Encryptor::new(&keys(), Nonce::random().unwrap(), File::open(path).unwrap());
    let mut to = File::create(to).unwrap();
    while let Some(chunk) = file.next_chunk().unwrap() {
        io::Write::write_all(&mut to, chunk).unwrap();
    }
}

struct Bench {
    folder: tempfile::TempDir,
    rclone: Option<OsString>,
}

impl Bench {
    /// Makes the files: 1 GiB, or as many MiB as `DTC_BENCH_MIB` says.
    fn new() -> Self {
        let mib: u64 = std::env::var("DTC_BENCH_MIB").map_or(1024, |mib| mib.parse().unwrap());
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let bench = Self { folder, rclone: std::env::var_os("DTC_RCLONE_1_75_2") };
        io::copy(&mut io::repeat(0x5a).take(mib * MIB), &mut File::create(bench.path("plain")).unwrap())
            .unwrap();
        encrypt(&bench.path("plain"), &bench.path("stored.bin"));
        println!("{mib} MiB; medians of {RUNS} alternating runs; CPU seconds, user and system");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self) {
        let (plain, object) = (self.path("plain"), self.path("stored.bin"));
        let one = self.beside(
            "decrypt to nowhere",
            &["decrypt".into(), object.clone().into()],
            &["cat".into(), self.remote("stored")],
        );
        self.beside(
            "encrypt to a file",
            &["encrypt".into(), plain.clone().into(), self.path("ours").into()],
            &[
                "copyto".into(),
                "--ignore-checksum".into(),
                "--ignore-times".into(),
                plain.into(),
                self.remote("theirs"),
            ],
        );
        let ours = std::env::current_exe().unwrap();
        let mut seconds: Vec<f64> = (0..RUNS)
            .map(|_| {
                cpu_seconds(Command::new(&ours).args(["decrypt-threads".into(), object.clone(), "2".into()]))
            })
            .collect();
        let two = median(&mut seconds);
        println!("decrypt by two threads: {two:.2}, of one thread's {:.2} (bar 1.1)", two / one);
        // A process of its own, with no memory from before.
        assert!(Command::new(&ours).args(["first-block".into(), object]).status().unwrap().success());
        ceiling();
    }

    /// Returns our median.
    fn beside(&self, what: &str, ours: &[OsString], theirs: &[OsString]) -> f64 {
        let (mut mine, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            mine.push(cpu_seconds(Command::new(std::env::current_exe().unwrap()).args(ours)));
            if let Some(rclone) = &self.rclone {
                beside.push(cpu_seconds(
                    Command::new(rclone).args(["--quiet", "--config", "/dev/null"]).args(theirs),
                ));
            }
        }
        let mine = median(&mut mine);
        if self.rclone.is_some() {
            let beside = median(&mut beside);
            println!("{what}: {mine:.2}, rclone {beside:.2}, ratio {:.2} (bar 0.65)", mine / beside);
        } else {
            println!("{what}: {mine:.2} (DTC_RCLONE_1_75_2 is not set, so there is nothing beside it)");
        }
        mine
    }

    fn remote(&self, name: &str) -> OsString {
        let [password, salt] = ["correct horse", "battery staple"].map(|clear| obscure(clear).unwrap());
        let folder = self.folder.path().display();
        format!(
            ":crypt,filename_encryption=off,remote=\"{folder}\",password={},password2={}:{name}",
            password.expose(),
            salt.expose()
        )
        .into()
    }
}

/// How long until plain bytes are there, and how much memory it takes to go on to the end.
fn first_block(object: &Path) {
    let start = Instant::now();
    let keys = keys();
    let derived = start.elapsed();
    let with_scrypt = peak_memory();
    // Linux forgets the peak so far.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let start = Instant::now();
    let mut file = Decryptor::new(&keys, File::open(object).unwrap()).unwrap();
    file.next_block().unwrap();
    let first = start.elapsed();
    while file.next_block().unwrap().is_some() {}
    println!("scrypt {derived:.1?}, then {first:.1?} to the first verified block (bar 60 ms)");
    println!(
        "peak memory: {with_scrypt} kB with scrypt's 16 MiB, {} kB from then on (bar 16384)",
        peak_memory()
    );
}

/// The most memory this process had at once, in kB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What the two primitives cost alone, in place and in cache.
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
