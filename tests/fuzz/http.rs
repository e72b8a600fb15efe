//! A server that answers every request of a client with one answer, whose body is the input.

use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use http_core::{InMemory, MemoryAnswer, answer_in_memory};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

use crate::engine::Input;

/// No call of a client takes longer: nothing is waited for, and nothing is tried again.
const CALL: Duration = Duration::from_secs(30);
/// The longest text of an error, however much the service says.
const LONGEST_ERROR: usize = 16 << 10;

/// So many inputs of a target go over sockets; the others are answered in memory, which takes a tenth of the time.
const OVER_SOCKETS: u64 = 1000;
/// Rows of a listing that are read, whatever the service has.
const ROWS: usize = 2000;

const STATUSES: [u16; 24] = [
    200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 416, 422, 429, 500,
    502, 503, 504,
];

const HEADERS: [&str; 12] = [
    "Retry-After: 0",
    "Retry-After: -1",
    "Retry-After: 99999999999999999999",
    "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
    "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT",
    "Date: never",
    "Content-Type: text/html; charset=utf-16",
    "Content-Type: ;;;",
    "Content-Encoding: gzip",
    "Location: //",
    "Location: http://127.0.0.1:1/elsewhere",
    "X-Bz-Content-Sha1: none",
];

/// Whether an input is answered in memory.
pub(crate) fn is_in_memory(input: &Input<'_>) -> bool {
    input.number.is_some_and(|number| number >= OVER_SOCKETS)
}

/// What is answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Lines of headers.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    /// Whether the connection ends before the body does.
    pub(crate) cut: bool,
}

impl Answer {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }
    }

    /// The input as the body; usually under the status of success, with the headers of an answer in JSON.
    pub(crate) fn with(input: &Input<'_>) -> Self {
        let mut random = input.random.clone();
        let status = if random.one_in(4) { *random.pick(&STATUSES) } else { 200 };
        let header = if random.one_in(8) { random.pick(&HEADERS) } else { "Content-Type: application/json" };
        Self { status, headers: format!("{header}\r\n"), body: input.bytes.clone(), cut: random.one_in(500) }
    }

    /// The input as lines of headers; what no header may hold is left out of them.
    pub(crate) fn with_headers(input: &Input<'_>, body: &[u8]) -> Self {
        let mut random = input.random.clone();
        let mut headers = String::new();
        for line in input.text().lines().filter(|line| line.contains(": ")) {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            if !name.is_empty()
                && !name.eq_ignore_ascii_case("content-length")
                && !name.eq_ignore_ascii_case("transfer-encoding")
            {
                headers.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
            }
        }
        let status = if random.one_in(8) { *random.pick(&STATUSES) } else { 200 };
        Self { status, headers, body: body.to_vec(), cut: false }
    }

    fn in_memory(&self, method: &str) -> MemoryAnswer {
        let headers = self.headers.lines().filter_map(|line| line.split_once(": "));
        MemoryAnswer {
            status: self.status,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: if self.has_body(method) { self.body.clone().into() } else { MemoryAnswer::default().body },
            is_cut: self.cut,
        }
    }

    fn has_body(&self, method: &str) -> bool {
        method != "HEAD" && !matches!(self.status, 204 | 304)
    }

    fn head(&self) -> String {
        let length = self.body.len() + if self.cut { 7 } else { 0 };
        format!("HTTP/1.1 {} x\r\n{}Content-Length: {length}\r\n\r\n", self.status, self.headers)
    }
}

#[derive(Debug, Default)]
struct Script {
    login: Answer,
    answers: Vec<Answer>,
}

impl Script {
    /// What is answered to a request for this target.
    fn next(&mut self, target: &str, login: &str) -> Answer {
        if target.contains(login) {
            self.login.clone()
        } else if self.answers.len() > 1 {
            self.answers.remove(0)
        } else {
            self.answers.first().cloned().unwrap_or_default()
        }
    }
}

/// A server on this machine, and the runtime it shares with a client.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    runtime: Runtime,
    login: &'static str,
    script: Arc<Mutex<Script>>,
    in_memory: RefCell<Option<InMemory>>,
}

impl Server {
    /// Starts it; requests to a path with `login` in it are answered apart from the others.
    pub(crate) fn start(login: &'static str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script::default()));
        let shared = script.clone();
        runtime.spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, login, shared.clone()));
            }
        });
        Self { url, runtime, login, script, in_memory: RefCell::default() }
    }

    /// What a login is answered with from now on.
    pub(crate) fn log_in(&self, answer: Answer) {
        self.script.lock().unwrap().login = answer;
    }

    /// What everything else is answered with from now on: the first request with the first, the last again and again.
    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.script.lock().unwrap().answers = answers.into_iter().collect();
    }

    /// Waits for the calls of an input, which end.
    pub(crate) fn run(&self, input: &Input<'_>, call: impl Future<Output = ()>) {
        self.in_memory.replace_with(|running| {
            is_in_memory(input).then(|| running.take().unwrap_or_else(|| self.answer_in_memory()))
        });
        self.runtime.block_on(async { tokio::time::timeout(CALL, call).await.expect("a call ends") });
    }

    fn answer_in_memory(&self) -> InMemory {
        let (script, login) = (self.script.clone(), self.login);
        answer_in_memory(move |method, path| script.lock().unwrap().next(path, login).in_memory(method))
    }
}

async fn serve(connection: TcpStream, login: &str, script: Arc<Mutex<Script>>) {
    let _ = connection.set_nodelay(true);
    let mut connection = BufReader::new(connection);
    while let Some(request) = request(&mut connection).await {
        let answer = script.lock().unwrap().next(&request, login);
        let method = request.split(' ').next().unwrap_or_default();
        let body: &[u8] = if answer.has_body(method) { &answer.body } else { b"" };
        let sent = connection.write_all(&[answer.head().as_bytes(), body].concat()).await;
        if sent.is_err() || answer.cut {
            return;
        }
    }
}

/// The first line of a request, when it has arrived whole.
async fn request(connection: &mut BufReader<TcpStream>) -> Option<String> {
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    connection.read_line(&mut first).await.ok().filter(|read| *read > 0)?;
    while line != "\r\n" {
        line.clear();
        connection.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    Some(first)
}

/// Looks at whatever came of a call, as a caller would who prints it.
pub(crate) fn look_at<T: Debug, E: std::error::Error>(outcome: Result<T, E>) {
    match outcome {
        Ok(value) => drop(format!("{value:?}")),
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                bounded(&error);
                cause = error.source();
            }
            drop(format!("{error:?}"));
        }
    }
}

/// Reads a listing, and looks at how it begins and ends.
pub(crate) async fn every<T: Debug, E: std::error::Error>(rows: impl Stream<Item = Result<T, E>>) {
    let mut rows = std::pin::pin!(rows.take(ROWS).enumerate());
    while let Some((number, row)) = rows.next().await {
        if number < 3 || row.is_err() {
            look_at(row);
        }
    }
}

/// An error's text is for people, so it stays short.
pub(crate) fn bounded(error: &impl Display) {
    let length = error.to_string().len();
    assert!(length <= LONGEST_ERROR, "the text of an error has {length} bytes");
}
