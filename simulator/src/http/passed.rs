//! Answers on their way out, and where a fault breaks them.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Response, header};
use hyper::body::{Frame, SizeHint};

use crate::gate::Delivered;

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection cut by a fault")]
pub(super) struct Cut;

/// An answer's body on its way out: it breaks where a fault says so.
#[derive(Debug)]
pub(crate) struct Passed {
    body: Body,
    break_after: Option<u64>,
    flushed: bool,
    size: SizeHint,
    _delivered: Delivered,
}

impl Passed {
    pub(super) fn new(answer: Response<Body>, truncate: bool, delivered: Delivered) -> Response<Self> {
        let announced = answer.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
        answer.map(|body| {
            let size = body.size_hint();
            let length = size.exact().or(announced).unwrap_or_default();
            Self {
                body,
                break_after: truncate.then_some(length / 2),
                flushed: false,
                size,
                _delivered: delivered,
            }
        })
    }
}

impl HttpBody for Passed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.break_after == Some(0) {
            if !std::mem::replace(&mut self.flushed, true) {
                // Once more round, so that what went before is on the wire when the connection breaks.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Some(Err(axum::Error::new(Cut))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let Some(left) = self.break_after else {
            return polled;
        };
        let Poll::Ready(Some(Ok(frame))) = polled else {
            return polled;
        };
        let Ok(mut data) = frame.into_data() else {
            return Poll::Ready(None);
        };
        data.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.break_after = Some(left - data.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.break_after.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}
