//! A proxy in front of a simulated service that does harm to some of what passes.

use std::collections::HashMap;
use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What is done to a request or to its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Harm {
    /// The connection is closed at once.
    Close,
    /// Nothing is ever answered.
    Silence,
    /// Something that is no HTTP answers.
    Foreign,
    /// A page of HTML with this status.
    Page(u16),
    /// An answer of the service's own kind, with this status and this body.
    Answer(u16, &'static str),
    /// On to another address; empty for none.
    Redirect(&'static str),
    /// A body without end.
    Flood,
    /// The request takes effect, and no byte of the answer arrives.
    Lose,
    /// The answer is announced whole and ends in the middle.
    Cut,
    /// One bit in the middle of the body is another.
    Flip,
    /// The first byte of the body is another.
    Garble,
    /// Each text in the body is another of the same length.
    Replace(&'static str, &'static str),
    /// The answer arrives a few bytes at a time.
    Drip,
    /// The answer arrives after this many milliseconds.
    Delay(u64),
    /// The answer arrives twice.
    Twice,
    /// What was answered to the first request for a path is answered to each later one.
    Again,
}

/// Harm to the requests whose first line holds this text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meddling {
    pub(crate) on: &'static str,
    pub(crate) harm: Harm,
}

type Answered = Mutex<HashMap<String, Vec<u8>>>;

/// Starts a proxy in front of `service` and returns its address. It stands until the test program ends.
pub(crate) fn before_http(service: SocketAddr, meddling: Meddling) -> SocketAddr {
    let answered = Arc::new(Answered::default());
    listen(move |socket| {
        let _ = pass_on(socket, service, meddling, &answered);
    })
}

/// Starts a proxy in front of a service that speaks TLS: nothing inside can be seen or changed.
pub(crate) fn before_tls(service: SocketAddr, harm: Harm) -> SocketAddr {
    listen(move |mut socket| match harm {
        Harm::Silence => thread::sleep(Duration::from_mins(1)),
        Harm::Foreign => drop(socket.write_all(b"220 mail.example ESMTP ready\r\n")),
        Harm::Page(_) => drop(socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")),
        Harm::Flood => while socket.write_all(&[0x16; 8192]).is_ok() {},
        Harm::Cut => tunnel(socket, service, 700, false),
        Harm::Flip => tunnel(socket, service, 2500, true),
        Harm::Delay(milliseconds) => {
            thread::sleep(Duration::from_millis(milliseconds));
            tunnel(socket, service, usize::MAX, false);
        }
        _ => drop(socket),
    })
}

fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(socket));
        }
    });
    address
}

/// Passes bytes both ways; after this many of the service's the connection ends, or one bit is another.
fn tunnel(client: TcpStream, service: SocketAddr, after: usize, flips: bool) {
    let Ok(upstream) = TcpStream::connect(service) else { return };
    let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let (mut from, mut to, mut passed, mut buffer) = (upstream, client, 0_usize, [0; 4096]);
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let harmed = after.checked_sub(passed).filter(|at| *at < read);
        passed += read;
        match harmed {
            Some(at) if flips => buffer[at] ^= 1,
            Some(at) => {
                let _ = to.write_all(&buffer[..at]);
                break;
            }
            None => {}
        }
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}

/// A request: its first line, its other lines, and its body as it was sent.
struct Request {
    first: String,
    head: String,
    body: Vec<u8>,
}

fn request(reader: &mut impl std::io::BufRead) -> Option<Request> {
    let (mut first, mut head, mut length, mut chunked) = (String::new(), String::new(), 0, false);
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let lower = line.to_ascii_lowercase();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        chunked |= lower.starts_with("transfer-encoding:");
        if !lower.starts_with("connection:") {
            head += &line;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    while chunked && !body.ends_with(b"0\r\n\r\n") {
        let mut byte = [0];
        reader.read_exact(&mut byte).ok()?;
        body.push(byte[0]);
    }
    Some(Request { first, head, body })
}

/// One request and its answer.
fn pass_on(
    client: TcpStream,
    service: SocketAddr,
    meddling: Meddling,
    answered: &Answered,
) -> std::io::Result<()> {
    let here = client.local_addr()?;
    let mut reader = BufReader::new(client.try_clone()?);
    let mut client = client;
    let Some(request) = request(&mut reader) else { return Ok(()) };
    let harm = Some(meddling.harm).filter(|_| request.first.contains(meddling.on));
    if let Some(answer) = harm.and_then(instead) {
        return match answer {
            Instead::Nothing => Ok(()),
            Instead::Silence => {
                thread::sleep(Duration::from_mins(1));
                Ok(())
            }
            Instead::Bytes(bytes) => client.write_all(&bytes),
            Instead::Endless(head) => {
                client.write_all(head.as_bytes())?;
                let filler = [b' '; 8192];
                loop {
                    client.write_all(&filler)?;
                }
            }
        };
    }
    let mut answer = asked(service, &request)?;
    // A service that names its own address would be asked there, past this proxy.
    replace(&mut answer, service.to_string().as_bytes(), here.to_string().as_bytes());
    match harm {
        Some(harm) => deliver(&mut client, harm, &request, answer, answered),
        None => client.write_all(&answer),
    }
}

fn asked(service: SocketAddr, request: &Request) -> std::io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(service)?;
    upstream.write_all(format!("{}{}connection: close\r\n\r\n", request.first, request.head).as_bytes())?;
    upstream.write_all(&request.body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// What is answered without asking the service.
enum Instead {
    Nothing,
    Silence,
    Bytes(Vec<u8>),
    Endless(&'static str),
}

fn instead(harm: Harm) -> Option<Instead> {
    let whole = |status: u16, more: &str, body: &str| {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\n{more}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        Some(Instead::Bytes([head.as_bytes(), body.as_bytes()].concat()))
    };
    match harm {
        Harm::Close => Some(Instead::Nothing),
        Harm::Silence => Some(Instead::Silence),
        Harm::Foreign => Some(Instead::Bytes(b"220 mail.example ESMTP ready\r\n".to_vec())),
        Harm::Page(status) => whole(
            status,
            "content-type: text/html",
            "<html><body><h1>Welcome to this network</h1></body></html>",
        ),
        Harm::Answer(status, body) => whole(status, "content-type: application/json", body),
        Harm::Redirect("") => whole(302, "x-nothing: 1", ""),
        Harm::Redirect(to) => whole(302, &format!("location: {to}"), ""),
        Harm::Flood => Some(Instead::Endless("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")),
        _ => None,
    }
}

/// Where an answer's body begins.
fn body_of(answer: &[u8]) -> usize {
    answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(answer.len(), |at| at + 4)
}

fn deliver(
    client: &mut TcpStream,
    harm: Harm,
    request: &Request,
    mut answer: Vec<u8>,
    answered: &Answered,
) -> std::io::Result<()> {
    let body = body_of(&answer);
    match harm {
        Harm::Lose => return Ok(()),
        Harm::Cut => answer.truncate(body + (answer.len() - body) / 2),
        Harm::Flip => {
            let last = answer.len() - 1;
            let at = body + (last.saturating_sub(body)) / 2;
            answer[at.min(last)] ^= 1;
        }
        Harm::Garble if body < answer.len() => answer[body] ^= 1,
        Harm::Replace(text, other) => {
            assert_eq!(text.len(), other.len(), "the length is announced already");
            for at in body..answer.len().saturating_sub(text.len() - 1) {
                if answer[at..].starts_with(text.as_bytes()) {
                    answer[at..at + text.len()].copy_from_slice(other.as_bytes());
                }
            }
        }
        Harm::Drip => {
            for bytes in answer.chunks(4) {
                client.write_all(bytes)?;
                thread::sleep(Duration::from_millis(400));
            }
            return Ok(());
        }
        Harm::Delay(milliseconds) => thread::sleep(Duration::from_millis(milliseconds)),
        Harm::Twice => answer.extend_from_within(..),
        Harm::Again => {
            let path = request.first.split(['?', ' ']).nth(1).unwrap_or_default().to_owned();
            let mut answered = answered.lock().unwrap();
            return client.write_all(answered.entry(path).or_insert(answer));
        }
        _ => {}
    }
    client.write_all(&answer)
}

/// Replaces one text by another of the same length.
fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len(), "ports of five digits");
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|window| window == from) {
        bytes[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
    }
}
