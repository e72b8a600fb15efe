//! Files that somebody sends: `filesystem.put`, whose content comes by HTTP to `/_upload`.
//!
//! From TrueNAS middleware 13.3 to 26, `apps/file_app.py` and `plugins/filesystem.py`. The parts are `data`, which is the call as JSON,
//! and then `file`; the request has credentials of its own.

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use data_encoding::BASE64;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::auth;
use super::call::{self, Call, Method};
use super::control_directory;
use super::disk;
use super::jobs::{Abort, Failure, Jobs};
use super::methods;
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::{Interface, Release};
use super::session::{Channel, Role, Session};
use super::shape::{Field, INT, Kind};
use super::users::{By, Login};

/// The longest request that is read: everything is held in memory here.
const LONGEST: usize = 256 << 20;

/// The most files of an upload. How one more is refused is inferred.
const MOST_FILES: usize = 5;

const OLD_OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[Field::or("append", Kind::Bool, "false"), Field::optional("mode", INT)]),
    "{}",
);
const OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("append", Kind::Bool, "false"),
        Field::or("mode", Kind::Nullable(&INT), "null"),
    ]),
    "{}",
);

pub(super) const METHODS: &[Method] = &[
    Method::write("filesystem.put", &[Field::required("path", Kind::Text), OLD_OPTIONS], put)
        .job()
        .until(Release::Scale24_10),
    Method::write("filesystem.put", &[Field::required("path", Kind::Filled), OPTIONS], put)
        .job()
        .since(Release::Scale25_04),
];

/// Writes what was uploaded with the call; without that, the job fails.
fn put(call: &Call) -> Outcome {
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    let content = call.session.take_upload();
    let call = call.clone();
    let nas = Arc::clone(&call.nas);
    Jobs::start(&nas.core, &job, async move {
        let content = content.ok_or_else(|| Failure::from("Pipe 'input' is not open".to_owned()))?;
        written(&call, &content)?;
        Ok(true.into())
    });
    Ok(job.id.into())
}

/// The directories above are made, too. Outside `/mnt` nothing is simulated.
fn written(call: &Call, content: &[u8]) -> Result<(), Refusal> {
    let path = call.text(0);
    let failed = |why: &str| Refusal::failed(Errno::FAULT, format!("{path}: {why}"));
    let is_hidden = {
        let state = call.nas.state();
        state.dataset_of(path).is_none_or(|dataset| state.is_locked(dataset))
    };
    if is_hidden {
        let text = format!("Unable to put contents at '{path}' as the path exists on a locked dataset");
        return Err(Refusal::failed(Errno::INVALID, text));
    }
    if control_directory::is_in(Path::new(path)) {
        return Err(failed("Read-only file system"));
    }
    let real = call.nas.disk.real(path).ok_or_else(|| failed("outside of /mnt"))?;
    let options = &call.params[1];
    disk::write(&real, content, options["append"] == true).map_err(|why| failed(&why.to_string()))?;
    set_mode(&real, options["mode"].as_u64()).map_err(|why| failed(&why.to_string()))?;
    let mut state = call.nas.state();
    let dataset = state.dataset_of(path).map(str::to_owned);
    if let Some(dataset) = dataset.and_then(|name| state.datasets.get_mut(&name)) {
        dataset.is_written = true;
    }
    Ok(())
}

/// Sets a file's mode, where this machine's files have one.
pub(super) fn set_mode(real: &Path, mode: Option<u64>) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(mode) = mode.and_then(|mode| u32::try_from(mode).ok()) {
        use std::fs::{self, Permissions};
        use std::os::unix::fs::PermissionsExt as _;
        // Always readable here, so that the simulation can be cleared away.
        fs::set_permissions(real, Permissions::from_mode(mode | 0o600))?;
    }
    #[cfg(not(unix))]
    let _ = (real, mode);
    Ok(())
}

/// Takes an upload, and answers with the number of the job that writes it.
pub(super) async fn take(nas: &Arc<Nas>, request: Request<Incoming>, channel: Channel) -> Response<Body> {
    let headers = request.headers().clone();
    let Some(boundary) = boundary(&headers) else {
        return answer(StatusCode::BAD_REQUEST, "multipart/form-data is wanted");
    };
    let Ok(body) = Limited::new(request.into_body(), LONGEST).collect().await else {
        return answer(StatusCode::PAYLOAD_TOO_LARGE, "");
    };
    let parts = parts(&body.to_bytes(), &boundary);
    let mut parts = parts.into_iter();
    let Some((_, data)) = parts.next().filter(|(name, _)| name == "data") else {
        return answer(StatusCode::METHOD_NOT_ALLOWED, "\"data\" part must be the first on payload");
    };
    let Ok(data) = serde_json::from_slice::<Value>(&data) else {
        return answer(StatusCode::BAD_REQUEST, "the \"data\" part is not JSON");
    };
    let Some(method) = data["method"].as_str() else {
        return answer(StatusCode::UNPROCESSABLE_ENTITY, "");
    };
    let session = Arc::new(Session::new(nas.random.uuid(), nas.release, interface(nas.release), channel));
    if !log_in(nas, &session, &headers) {
        return answer(StatusCode::UNAUTHORIZED, "");
    }
    if !session.may(Role::Writer) {
        return answer(StatusCode::FORBIDDEN, "");
    }
    let Some((_, content)) = parts.next().filter(|(name, _)| name == "file") else {
        return answer(StatusCode::METHOD_NOT_ALLOWED, "\"file\" not found as second part on payload");
    };
    if parts.filter(|(name, _)| name == "file").count() >= MOST_FILES {
        return answer(StatusCode::PAYLOAD_TOO_LARGE, "too many \"file\" parts");
    }
    session.keep_upload(content);
    let params = data["params"].as_array().cloned().unwrap_or_default();
    match run(nas, &session, method, &params).await {
        Ok(job) => answer(StatusCode::OK, &json!({"job_id": job}).to_string()),
        Err(why) if why.errno() == Errno::NO_METHOD => answer(StatusCode::UNPROCESSABLE_ENTITY, &why.text()),
        Err(why @ Refusal::Failed { .. }) => answer(StatusCode::PRECONDITION_FAILED, &why.text()),
        Err(why) => answer(StatusCode::INTERNAL_SERVER_ERROR, &why.text()),
    }
}

/// The models that a call by HTTP goes by: the newest.
fn interface(release: Release) -> Interface {
    if release.speaks_json_rpc() { Interface::Newest } else { Interface::Legacy }
}

async fn run(nas: &Arc<Nas>, session: &Arc<Session>, method: &str, params: &[Value]) -> Outcome {
    let found = methods::find(method, nas.release, session.interface);
    let (method, rules) = found.map_err(|_| Refusal::no_legacy_method(method))?;
    if method.name != "filesystem.put" {
        return Err(Refusal::failed(Errno::INVALID, "only filesystem.put takes an upload here"));
    }
    call::run(nas, session, method, rules, &Value::Null, params).await
}

fn answer(code: StatusCode, text: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(text.to_owned()));
    *answer.status_mut() = code;
    if code == StatusCode::OK {
        let json = header::HeaderValue::from_static("application/json");
        answer.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    answer
}

/// By password, by API key, or by a token; none of them is revoked for coming in the clear.
fn log_in(nas: &Arc<Nas>, session: &Arc<Session>, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, secret)) = given.and_then(|given| given.split_once(' ')) else { return false };
    let at = nas.now();
    let login = match scheme {
        "Basic" => {
            let decoded = BASE64.decode(secret.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
            let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
            let user = pair.and_then(|(name, password)| auth::by_password(nas, name, password));
            user.filter(|user| user.otp.is_none()).map(|user| Login { user, by: By::Password, at })
        }
        "Bearer" => {
            let state = nas.state();
            let key = state.keys.iter().find(|key| key.text == secret && !key.is_void(at));
            let user =
                key.and_then(|key| state.users.iter().find(|user| user.id == key.user_id).zip(Some(key)));
            user.map(|(user, key)| Login {
                user: user.clone(),
                by: By::ApiKey { id: key.id, name: key.name.clone() },
                at,
            })
        }
        "Token" => auth::by_token(nas, session, secret).ok(),
        _ => None,
    };
    let login = login.filter(|login| login.user.has_access);
    let is_in = login.is_some();
    *session.login() = login;
    is_in
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let rest = kind.strip_prefix("multipart/form-data")?;
    let (_, boundary) = rest.split_once("boundary=")?;
    Some(boundary.trim_matches('"').to_owned()).filter(|boundary| !boundary.is_empty())
}

/// The parts of a multipart body, each with its name (RFC 7578).
fn parts(body: &Bytes, boundary: &str) -> Vec<(String, Bytes)> {
    let delimiter = format!("\r\n--{boundary}");
    let mut found = Vec::new();
    // The first delimiter stands at the very beginning, without the line end.
    let Some(mut at) = body.starts_with(&delimiter.as_bytes()[2..]).then(|| delimiter.len() - 2) else {
        return found;
    };
    while body[at..].starts_with(b"\r\n") {
        let Some(head) = position(&body[at..], b"\r\n\r\n") else { return found };
        let name = name(&body[at..at + head]);
        let start = at + head + 4;
        let Some(length) = position(&body[start..], delimiter.as_bytes()) else { return found };
        found.push((name, body.slice(start..start + length)));
        at = start + length + delimiter.len();
    }
    found
}

fn name(head: &[u8]) -> String {
    let head = String::from_utf8_lossy(head);
    let name = head.split_once("name=\"").and_then(|(_, rest)| rest.split_once('"'));
    name.map(|(name, _)| name.to_owned()).unwrap_or_default()
}

/// Where `wanted` stands first; its first byte is looked for alone, since that is fast.
fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let hit = from + text.get(from..)?.iter().position(|byte| *byte == first)?;
        if text[hit..].starts_with(wanted) {
            return Some(hit);
        }
        from = hit + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_parted_at_its_boundary_and_nowhere_else() {
        let text = "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; \
            name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--\r\n-b\r\n\r\n--b--\r\n";
        let found = parts(&Bytes::from_static(text.as_bytes()), "b");
        let shown: Vec<(&str, &[u8])> = found.iter().map(|(name, part)| (name.as_str(), &part[..])).collect();
        assert_eq!(shown, [("data", &b"{}"[..]), ("file", &b"x\r\n--\r\n-b\r\n"[..])]);
        assert!(parts(&Bytes::from_static(b"nothing of the kind"), "b").is_empty());
        assert!(parts(&Bytes::from_static(b"--b\r\nhalf"), "b").is_empty());
    }
}
