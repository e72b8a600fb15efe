//! Services that flood, stall, refuse or are not there: how long the program takes, how much memory, and what it says meanwhile.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{Said, dtc};

/// What one request is answered with, by its path; `None` leaves the connection open without a word.
type Answers = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A service of HTTP that answers every connection so.
pub(crate) fn service(answers: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answers: Arc<Answers> = Arc::new(answers);
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let answers = Arc::clone(&answers);
            thread::spawn(move || serve(socket, &*answers));
        }
    });
    address
}

fn serve(socket: TcpStream, answers: &Answers) -> Option<()> {
    let mut requests = BufReader::new(socket.try_clone().ok()?);
    let mut socket = socket;
    loop {
        let (mut first, mut length) = (String::new(), 0);
        requests.read_line(&mut first).ok().filter(|read| *read > 0)?;
        loop {
            let mut line = String::new();
            requests.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        requests.read_exact(&mut vec![0; length]).ok()?;
        let path = first.split(' ').nth(1)?;
        let Some(answer) = answers(path) else {
            thread::sleep(Duration::from_mins(1));
            return None;
        };
        socket.write_all(answer.as_bytes()).ok()?;
    }
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

const TOKEN: &str = r#"{"access_token":"t","token_type":"Bearer","expires_in":3600}"#;

/// An address where nothing listens.
fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// A site whose inventory is at this address, and all of whose other services are nowhere.
pub(crate) fn site(ninja: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let secrets = ["b2", "box", "ninja", "vault"];
    for secret in secrets {
        let path = folder.path().join(secret);
        std::fs::write(&path, "0123456789abcdef").unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let (b2, nas, vault) = (nobody(), nobody(), nobody());
    let text = format!(
        "[site]\norganization = \"Harbour Dental Group\"\nlocation = \"Main Office\"\nuplink_mbit = 100\n\
         identity_pool = \"pool0\"\nticket = \"T-1\"\n\
         [b2]\nurl = \"http://{b2}\"\nkey_id = \"0012abcdef0123450000000001\"\napplication_key = \"file:b2\"\n\
         [truenas]\nurl = \"wss://{nas}\"\napi_key = \"file:box\"\n\
         [ninjaone]\nurl = \"http://{ninja}\"\nclient_id = \"c\"\nclient_secret = \"file:ninja\"\n\
         [itglue]\nurl = \"http://{vault}\"\napi_key = \"file:vault\"\n\
         [backoff]\nfirst = \"5ms\"\nlongest = \"10ms\"\n"
    );
    std::fs::write(folder.path().join("site.toml"), text).unwrap();
    folder
}

/// What the program said, how long it took, and its peak of memory in KiB where the system tells.
fn run(folder: &TempDir, arguments: &[&str]) -> (Said, Duration, u64) {
    let began = Instant::now();
    let mut program = dtc(folder.path());
    let program = program.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (peak, id) = (Arc::new(AtomicU64::new(0)), program.id());
    let seen = Arc::clone(&peak);
    thread::spawn(move || {
        while let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(kib) = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()) else {
                return;
            };
            seen.store(kib, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(5));
        }
    });
    let said = Said::of(program.wait_with_output().unwrap());
    (said, began.elapsed(), peak.load(Ordering::Relaxed))
}

/// The most memory that the program may take, whatever services answer.
const MEMORY_KIB: u64 = 256 * 1024;

fn within_budget((said, took, peak): &(Said, Duration, u64), seconds: u64) {
    assert_ne!(said.code, 0, "{said:?}");
    assert!(*took < Duration::from_secs(seconds), "{took:?}: {said:?}");
    assert!(*peak < MEMORY_KIB, "{peak} KiB");
    #[cfg(target_os = "linux")]
    assert!(*peak > 0, "the peak was not read");
}

/// Ever-new organisations, in pages without end.
#[test]
fn x7_an_endless_inventory_costs_neither_time_nor_memory_without_end() {
    let next = AtomicU64::new(0);
    let inventory = service(move |path| {
        if path.starts_with("/ws/oauth/token") {
            return Some(answer("200 OK", TOKEN));
        }
        let from = next.fetch_add(1000, Ordering::Relaxed);
        let row = |id| format!(r#"{{"id":{id},"name":"Organisation number {id}","description":"{id:060}"}}"#);
        let rows: Vec<String> = (from..from + 1000).map(row).collect();
        Some(answer("200 OK", &format!("[{}]", rows.join(","))))
    });
    let ended = run(&site(&inventory), &["verify"]);
    within_budget(&ended, 60);
    assert!(ended.0.err.contains("more than 100000 entries"), "{}", ended.0.err);
}

/// A single answer of 60 MB, announced and not.
#[test]
fn x7_a_huge_answer_costs_no_memory_to_speak_of() {
    for head in ["content-length: 60000000", "connection: close"] {
        let inventory = service(move |path| {
            if path.starts_with("/ws/oauth/token") {
                return Some(answer("200 OK", TOKEN));
            }
            Some(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n[{}]", "0,".repeat(30_000_000)))
        });
        let ended = run(&site(&inventory), &["verify"]);
        within_budget(&ended, 60);
        assert!(ended.0.err.contains("longer than the 16777216 bytes"), "{}", ended.0.err);
    }
}

#[test]
fn x7_services_that_are_not_there_are_given_up_within_seconds() {
    for command in ["verify", "plan", "apply"] {
        let ended = run(&site(&nobody()), &[command]);
        within_budget(&ended, 8);
        assert!(ended.0.err.contains("nothing listens at that port"), "{}", ended.0.err);
        assert!(ended.0.err.contains("waiting: "), "{}", ended.0.err);
    }
}

#[test]
fn x7_a_name_that_does_not_exist_is_named_within_seconds() {
    let folder = site("127.0.0.1:9");
    let path = folder.path().join("site.toml");
    let text =
        std::fs::read_to_string(&path).unwrap().replace("http://127.0.0.1:9", "https://nowhere.invalid");
    std::fs::write(&path, text).unwrap();
    let ended = run(&folder, &["verify"]);
    within_budget(&ended, 15);
    assert!(ended.0.err.contains("the name "), "{}", ended.0.err);
}

#[test]
fn x7_a_command_ends_when_its_time_is_over() {
    for command in ["verify", "plan", "apply"] {
        let silent = service(|_| None);
        let ended = run(&site(&silent), &[command, "--timeout", "1500ms"]);
        // An appliance that cannot be reached ends an apply before its time is over.
        let expected = if command == "apply" { ended.0.code } else { 7 };
        assert_eq!(ended.0.code, expected, "{}", ended.0.err);
        within_budget(&ended, 6);
        if command != "apply" {
            assert!(ended.0.err.contains("1.5 s") && ended.0.err.contains("--timeout"), "{}", ended.0.err);
        }
    }
    let said = Said::by(dtc(site("127.0.0.1:9").path()).args(["verify", "--timeout", "soon"])).ended(3);
    assert!(said.err.contains("90s"), "{}", said.err);
}

#[test]
fn x7_waiting_is_said_to_people_and_not_to_scripts() {
    let busy = || service(|_| Some(answer("503 Service Unavailable", "{}")));
    let (said, ..) = run(&site(&busy()), &["verify"]);
    let lines: Vec<_> = said.err.lines().filter(|line| line.starts_with("waiting: ninja")).collect();
    assert_eq!(lines.len(), 5, "{}", said.err);
    assert!(lines[0].contains("503") && lines[0].contains("attempt 2 of 6 in "), "{}", lines[0]);
    assert!(lines[0].contains("given up after 4 min 59 s at the latest"), "{}", lines[0]);
    assert!(said.err.contains("after 6 attempts in"), "{}", said.err);
    let (said, ..) = run(&site(&busy()), &["verify", "--json"]);
    assert!(!said.err.contains("waiting: "), "{}", said.err);
    said.json();
}
