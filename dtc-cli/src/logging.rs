//! What the libraries log of their work, on standard error.

use std::io::{self, Write};

use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// The crates that may log. Those beneath them would log what they transport, and stay silent whatever `RUST_LOG` asks for.
const OURS: [&str; 12] = [
    "b2_client",
    "dtc",
    "dtc_adapters",
    "dtc_naming",
    "dtc_provision",
    "http_core",
    "itglue_client",
    "ninja_client",
    "rclone_crypt",
    "safe_text",
    "simulator",
    "truenas_client",
];

/// Starts logging, if `--verbose` or `RUST_LOG` asks for it.
pub(crate) fn start(verbose: bool) {
    let asked = std::env::var("RUST_LOG").ok().filter(|asked| !asked.is_empty());
    let Some(wanted) = asked.or_else(|| verbose.then(|| "debug".to_owned())) else { return };
    // Without colours: what a terminal would act on is taken out of every line.
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Clean(io::stderr()));
    let filter = EnvFilter::new(wanted).and(filter_fn(is_ours));
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
}

/// Whether a crate of this workspace logs this.
fn is_ours(what: &Metadata<'_>) -> bool {
    let name = what.target().split("::").next().unwrap_or_default();
    OURS.contains(&name)
}

/// Takes an event with each write, and hands it on as one line without secrets and without what cannot be seen.
struct Clean<W>(W);

impl<W: Write> Write for Clean<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = safe_text::safe(text.strip_suffix('\n').unwrap_or(&text)).into_owned();
        self.0.write_all(format!("{line}\n").as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes whatever is logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged where `RUST_LOG` is this, and carriers log all they have.
    fn logged(wanted: &str) -> String {
        let log = Log::default();
        let writer = log.clone();
        let lines =
            tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || Clean(writer.clone()));
        let filter = EnvFilter::new(wanted).and(filter_fn(is_ours));
        let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::error_span!(target: "hyper::proto", "span", field = "carried");
            let _entered = span.enter();
            tracing::error!(target: "hyper", "carried");
            tracing::error!(target: "h2::codec", "carried");
            tracing::error!(target: "http_core_like", "carried");
            tracing::error!(target: "rustls", field = "carried");
            tracing::error!(target: "http_core::attempt", why = "one\ntwo\u{202e}\u{1b}[2J", "answered");
        });
        let text = log.0.lock().unwrap().clone();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn e8_no_setting_makes_a_carrier_log() {
        for wanted in [
            "trace",
            "hyper=trace",
            "hyper[span]=trace",
            "[span]=trace",
            "hyper[span{field=carried}]=trace",
            "h2=trace",
            "h=trace",
            "h2::codec=trace",
            "rustls,hyper,h2",
            "error,hyper=trace,h2::codec[span]=trace",
            "http_core=trace,hyper=trace",
        ] {
            let text = logged(wanted);
            assert!(!text.contains("carried"), "{wanted}: {text}");
        }
    }

    #[test]
    fn e8_an_event_is_one_line_of_what_can_be_seen() {
        let _live = safe_text::SecretString::from("Zl1-logged-secret");
        let text = logged("http_core=trace");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            text.contains("answered") && text.ends_with('\n') && !text.contains(['\u{202e}', '\u{1b}']),
            "{text}"
        );
        let mut written = Vec::new();
        Clean(&mut written).write_all(b"a Zl1-logged-secret b\n").unwrap();
        assert_eq!(written, b"a [redacted] b\n");
    }
}
