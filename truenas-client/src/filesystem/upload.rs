//! Writing a file: its content goes to the appliance by HTTP, beside the socket.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use http_core::{ByteStream, Call as HttpCall, Disposition, Method};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::Filesystem;
use crate::call::Call;
use crate::config::Token;
use crate::{Error, ErrorKind, Job, JobId, Switch, operations};

/// How long the token for one upload holds, in seconds.
const TOKEN_LIFETIME: u32 = 300;
/// So much is read at once.
const PIECE: usize = 64 << 10;
/// The appliance answers with the number of a job.
const LONGEST_ANSWER: usize = 64 << 10;

/// The content of a file that is to be written, and its length.
pub struct UploadContent {
    length: u64,
    stream: ByteStream<io::Error>,
}

impl UploadContent {
    /// These bytes.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let length = content.len() as u64;
        Self { length, stream: Box::pin(stream::once(async { Ok(content) })) }
    }

    /// So many bytes of what a reader gives. One that ends earlier fails the upload; what it would give beyond is not read.
    pub fn reader(length: u64, reader: impl AsyncRead + Send + 'static) -> Self {
        let pieces = stream::try_unfold((Box::pin(reader), length), |(mut reader, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let most = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
            let mut piece = BytesMut::zeroed(most);
            let read = reader.read(&mut piece).await?;
            if read == 0 {
                let why = format!("the content ended {left} bytes early");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
            }
            piece.truncate(read);
            Ok(Some((piece.freeze(), (reader, left - read as u64))))
        });
        Self { length, stream: Box::pin(pieces) }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl fmt::Debug for UploadContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadContent").field("length", &self.length).finish_non_exhaustive()
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PutOptions {
    append: bool,
    mode: Option<u32>,
}

impl PutOptions {
    /// A file of this content, with the mode that it has already, or that new files get.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the content goes to the end of what is there; off by default, which replaces it.
    pub fn append(mut self, append: Switch) -> Self {
        self.append = append.is_on();
        self
    }

    /// What owner, group and others may do with it, as Unix numbers it: `0o640`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode & 0o7777);
        self
    }

    fn value(self) -> Value {
        let mut options = json!({"append": self.append});
        if let Some(mode) = self.mode {
            options["mode"] = mode.into();
        }
        options
    }
}

#[derive(Deserialize)]
struct Uploaded {
    job_id: JobId,
}

impl Filesystem<'_> {
    /// Writes a file. Directories above it are made. The job has written the file only when it has succeeded: wait for it.
    ///
    /// The content goes outside the socket, under the same trust, with a token that is made for it: it has to have arrived, and this
    /// machine's address has to be the same for both, while the token holds, five minutes from its start.
    ///
    /// # Errors
    /// `InvalidRequest` for a path outside of `/mnt/POOL`; `OutcomeUnknown` when the content was sent and no answer came, or only a part of it was
    /// sent: look what is there; `CredentialsRejected` when the token does not hold, as where this machine reaches the appliance by several addresses;
    /// `Unauthorized`; `ReadOnly`.
    pub async fn put(
        &self,
        path: &str,
        content: UploadContent,
        options: PutOptions,
    ) -> Result<Job<bool>, Error> {
        let operation = operations::FILESYSTEM_PUT;
        self.check_path(operation, path)?;
        self.client.permit(&Call::new(operation, []))?;
        let token: String = self
            .client
            .carry_out(Call::new(operations::AUTH_GENERATE_TOKEN, [TOKEN_LIFETIME.into(), json!({})]))
            .await?;
        let token = Token::from(token);
        let data = json!({"method": operation.name(), "params": [path, options.value()]}).to_string();
        let boundary = boundary(&data, token.expose());
        let head = Bytes::from(head(&boundary, &data));
        let tail = Bytes::from(format!("\r\n--{boundary}--\r\n"));
        let length = (head.len() + tail.len()) as u64 + content.length;
        let body = stream::iter([Ok(head)]).chain(content.stream).chain(stream::iter([Ok(tail)]));
        let dialer = self.client.dialer();
        let url = format!("{}/_upload", dialer.config.address.http_origin());
        let call = HttpCall::new(operation, Method::Post, url)
            .secret_header("authorization", &format!("Token {}", token.expose()))
            .header("content-type", &format!("multipart/form-data; boundary={boundary}"))
            .stream(length, once(Box::pin(body)))
            .single_attempt(self.client.policy().deadline);
        let sent = dialer.http.send_raw(call, |head, _| Disposition::by_status(head)).await;
        let answer = sent.map_err(|cause| Error::http(path, cause))?;
        let failed = |kind| Error::new(operation.name(), path, kind);
        let unknown = |cause: Cause| failed(ErrorKind::OutcomeUnknown).with_source(cause);
        let text = read(answer.into_stream()).await.map_err(unknown)?;
        let uploaded: Uploaded = serde_json::from_slice(&text)
            .map_err(|_| failed(ErrorKind::NotUnderstood { path: "job_id".into() }))?;
        self.client.begun(operation, operation.name(), uploaded.job_id).await
    }
}

/// A body that can be sent once.
fn once(body: ByteStream<io::Error>) -> impl Fn() -> ByteStream<io::Error> + Send + Sync + 'static {
    let body = Mutex::new(Some(body));
    move || {
        let taken = body.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.unwrap_or_else(|| {
            Box::pin(stream::iter([Err(io::Error::other("the content was sent already"))]))
        })
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn read(
    mut pieces: Pin<Box<dyn Stream<Item = Result<Bytes, http_core::Error>> + Send>>,
) -> Result<Vec<u8>, Cause> {
    let mut text = Vec::new();
    while let Some(piece) = pieces.next().await {
        text.extend_from_slice(&piece?);
        if text.len() > LONGEST_ANSWER {
            return Err("the answer goes on and on".into());
        }
    }
    Ok(text)
}

/// The two parts begin: the call, and after it the content (TrueNAS middleware 13.3 to 26, `apps/file_app.py`).
fn head(boundary: &str, data: &str) -> String {
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"data\"\r\nContent-Type: application/json\r\n\r\n{data}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
}

/// What stands in no content: the token is drawn by the appliance, and nobody who wrote the content knows it.
fn boundary(data: &str, token: &str) -> String {
    let hash = <sha2::Sha256 as sha2::Digest>::digest(format!("{token}\n{data}"));
    format!("part-{}", data_encoding::HEXLOWER.encode(&hash))
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    #[tokio::test]
    async fn a_reader_gives_the_length_that_was_said_or_an_error() {
        for (length, whole) in [(4, true), (3, true), (0, true), (5, false)] {
            let content = UploadContent::reader(length, &b"four"[..]);
            assert_eq!(content.length(), length);
            let pieces: Result<Vec<Bytes>, io::Error> = content.stream.try_collect().await;
            assert_eq!(pieces.is_ok(), whole, "{length}");
            if let Ok(pieces) = pieces {
                assert_eq!(pieces.concat(), b"four"[..usize::try_from(length).unwrap()]);
            }
        }
    }

    #[test]
    fn the_call_is_the_first_part_and_the_content_the_second() {
        let head = head("part-1", "{}");
        assert!(head.starts_with("--part-1\r\nContent-Disposition: form-data; name=\"data\"\r\n"));
        assert!(head.contains("\r\n\r\n{}\r\n--part-1\r\nContent-Disposition: form-data; name=\"file\""));
        assert!(head.ends_with("\r\n\r\n"));
        assert_ne!(boundary("{}", "a"), boundary("{}", "b"));
    }
}
