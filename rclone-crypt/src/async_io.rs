//! Encryption and decryption of tokio's asynchronous readers and writers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::key::Keys;
use crate::nonce::Nonce;
use crate::opening::Opening;
use crate::sealing::Sealing;
use crate::step::{Step, copy_into};

/// An asynchronous reader that decrypts; like [`Decryptor`](crate::Decryptor), but the header is read with the first block.
#[derive(Debug)]
pub struct AsyncDecryptor<R> {
    reader: R,
    file: Opening,
}

/// An asynchronous reader that encrypts, like [`Encryptor`](crate::Encryptor).
#[derive(Debug)]
pub struct AsyncEncryptor<R> {
    reader: R,
    file: Sealing,
}

/// An asynchronous writer that decrypts, like [`DecryptWriter`](crate::DecryptWriter). Shutting it down verifies the last block.
#[derive(Debug)]
pub struct AsyncDecryptWriter<W> {
    writer: W,
    file: Opening,
}

/// An asynchronous writer that encrypts, like [`EncryptWriter`](crate::EncryptWriter). Shutting it down writes the last block.
#[derive(Debug)]
pub struct AsyncEncryptWriter<W> {
    writer: W,
    file: Sealing,
}

impl<R> AsyncDecryptor<R> {
    /// Creates a reader of the plain content of `reader`.
    pub fn new(keys: &Keys, reader: R) -> Self {
        Self { reader, file: Opening::new(keys) }
    }

    /// Sets the expected plain length. A file with another length ends with an error.
    pub fn expect_len(mut self, plain_len: u64) -> Self {
        self.file.expect_len(plain_len);
        self
    }
}

impl<R> AsyncEncryptor<R> {
    /// Creates a reader of the encrypted content of `reader`.
    pub fn new(keys: &Keys, nonce: Nonce, reader: R) -> Self {
        Self { reader, file: Sealing::new(keys, nonce) }
    }
}

impl<W> AsyncDecryptWriter<W> {
    /// Creates a writer that writes plain bytes to `writer`.
    pub fn new(keys: &Keys, writer: W) -> Self {
        Self { writer, file: Opening::new(keys) }
    }

    /// Sets the expected plain length. Shutting down fails if the file has another length.
    pub fn expect_len(mut self, plain_len: u64) -> Self {
        self.file.expect_len(plain_len);
        self
    }

    /// The writer underneath.
    pub fn into_inner(self) -> W {
        self.writer
    }
}

impl<W> AsyncEncryptWriter<W> {
    /// Creates a writer that writes the encrypted file to `writer`.
    pub fn new(keys: &Keys, nonce: Nonce, writer: W) -> Self {
        Self { writer, file: Sealing::new(keys, nonce) }
    }

    /// The writer underneath.
    pub fn into_inner(self) -> W {
        self.writer
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for AsyncDecryptor<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { reader, file } = &mut *self;
        poll_read(file, reader, cx, buf)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for AsyncEncryptor<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { reader, file } = &mut *self;
        poll_read(file, reader, cx, buf)
    }
}

impl<W: AsyncWrite + Unpin> AsyncWrite for AsyncDecryptWriter<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { writer, file } = &mut *self;
        poll_write(file, writer, cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { writer, file } = &mut *self;
        ready!(poll_push(file, writer, cx))?;
        Pin::new(writer).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { writer, file } = &mut *self;
        poll_shutdown(file, writer, cx)
    }
}

impl<W: AsyncWrite + Unpin> AsyncWrite for AsyncEncryptWriter<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { writer, file } = &mut *self;
        poll_write(file, writer, cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { writer, file } = &mut *self;
        ready!(poll_push(file, writer, cx))?;
        Pin::new(writer).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { writer, file } = &mut *self;
        poll_shutdown(file, writer, cx)
    }
}

fn poll_read(
    file: &mut impl Step,
    reader: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    while file.ready().is_empty() && !file.ended() {
        let mut room = ReadBuf::new(file.room());
        ready!(Pin::new(&mut *reader).poll_read(cx, &mut room))?;
        let len = room.filled().len();
        file.took(len)?;
    }
    let len = file.ready().len().min(buf.remaining());
    buf.put_slice(&file.ready()[..len]);
    file.handed_out(len);
    Poll::Ready(Ok(()))
}

fn poll_write(
    file: &mut impl Step,
    writer: &mut (impl AsyncWrite + Unpin),
    cx: &mut Context<'_>,
    buf: &[u8],
) -> Poll<io::Result<usize>> {
    ready!(poll_push(file, writer, cx))?;
    Poll::Ready(copy_into(file, buf).map_err(io::Error::from))
}

fn poll_shutdown(
    file: &mut impl Step,
    writer: &mut (impl AsyncWrite + Unpin),
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    ready!(poll_push(file, writer, cx))?;
    if !file.ended() {
        file.took(0)?;
        ready!(poll_push(file, writer, cx))?;
    }
    Pin::new(writer).poll_shutdown(cx)
}

/// Writes what is ready.
fn poll_push(
    file: &mut impl Step,
    writer: &mut (impl AsyncWrite + Unpin),
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    while !file.ready().is_empty() {
        let len = ready!(Pin::new(&mut *writer).poll_write(cx, file.ready()))?;
        if len == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        file.handed_out(len);
    }
    Poll::Ready(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Password, Salt, decrypt_all, encrypt_all};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const NONCE: Nonce = Nonce::from_bytes([9; 24]);

    #[tokio::test]
    async fn agree_with_the_blocking_ones() {
        let keys = Keys::derive(&Password::new("p"), &Salt::none()).unwrap();
        for len in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let plain = vec![3; len];
            let expected = encrypt_all(&keys, NONCE, &plain);
            let (mut stored, mut opened) = (Vec::new(), Vec::new());
            AsyncEncryptor::new(&keys, NONCE, &*plain).read_to_end(&mut stored).await.unwrap();
            assert_eq!(stored, expected);
            let mut reader = AsyncDecryptor::new(&keys, &*stored).expect_len(len as u64);
            reader.read_to_end(&mut opened).await.unwrap();
            assert_eq!(opened, plain);

            let mut writer = AsyncEncryptWriter::new(&keys, NONCE, Vec::new());
            writer.write_all(&plain).await.unwrap();
            writer.shutdown().await.unwrap();
            assert_eq!(decrypt_all(&keys, &writer.into_inner()).unwrap(), plain);
            let mut writer = AsyncDecryptWriter::new(&keys, Vec::new()).expect_len(len as u64);
            writer.write_all(&stored).await.unwrap();
            writer.shutdown().await.unwrap();
            assert_eq!(writer.into_inner(), plain);
        }
    }

    #[tokio::test]
    async fn verdicts_travel_inside_the_io_error() {
        let keys = Keys::derive(&Password::new("p"), &Salt::none()).unwrap();
        let stored = encrypt_all(&keys, NONCE, &[1; 10]);
        let mut out = Vec::new();
        let error = AsyncDecryptor::new(&keys, &stored[..31]).read_to_end(&mut out).await.unwrap_err();
        assert_eq!(error.downcast::<crate::Error>().unwrap().kind(), &ErrorKind::TooShort { len: 31 });
        let mut writer = AsyncDecryptWriter::new(&keys, Vec::new());
        writer.write_all(&stored[..50]).await.unwrap();
        let error = writer.shutdown().await.unwrap_err();
        assert_eq!(error.downcast::<crate::Error>().unwrap().kind(), &ErrorKind::FailedBlock { block: 0 });
    }
}
