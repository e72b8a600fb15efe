//! What the libraries log of their work, on standard error.

use tracing_subscriber::EnvFilter;

/// Libraries beneath ours that would log what they transport: silent, whatever `RUST_LOG` asks for.
const TRANSPORTS: [&str; 7] =
    ["h2", "hyper", "hyper_util", "reqwest", "rustls", "tungstenite", "tokio_tungstenite"];

/// Starts logging, if `--verbose` or `RUST_LOG` asks for it.
pub(crate) fn start(verbose: bool) {
    let asked = std::env::var("RUST_LOG").ok().filter(|asked| !asked.is_empty());
    let Some(wanted) = asked.or_else(|| verbose.then(|| "debug".to_owned())) else { return };
    let mut filter = EnvFilter::new(wanted);
    for transport in TRANSPORTS {
        if let Ok(off) = format!("{transport}=off").parse() {
            filter = filter.add_directive(off);
        }
    }
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = !plain && std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour).init();
}
