//! A table of calls: how often each operation was called, and how many calls waited for one another.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::line::Line;
use crate::request::Origin;

/// The requests of the client in a part of the transcript, as [`Transcript::calls_since`] returns them.
///
/// A request is one HTTP exchange or one RPC, whether it was granted or refused. Logins are requests like any other:
/// B2's `b2_authorize_account`, NinjaOne's `token`, TrueNAS's `auth.login_ex` and `auth.login_with_api_key`. For
/// TrueNAS, `GET /api/versions` (`versions`), the upgrade to a WebSocket (`websocket`) and the fetching of a prepared
/// download (`download`) are one HTTP exchange each, and every JSON-RPC call is one RPC, `core.ping`,
/// `core.subscribe` and `core.download` among them. Events that the appliance sends unasked, WebSocket pings and
/// pongs, TLS handshakes, and paths that no service has are not requests; neither is an appliance's own traffic to
/// B2, nor a request that a fault cut before it had an effect (for those see [`Faults::request_log`]).
///
/// [`Transcript::calls_since`]: crate::Transcript::calls_since
/// [`Faults::request_log`]: crate::Faults::request_log
#[derive(Debug, Clone)]
pub struct Calls {
    /// In the order in which they arrived.
    lines: Vec<Arc<Line>>,
}

impl Calls {
    pub(crate) fn new(mut lines: Vec<Arc<Line>>) -> Self {
        lines.retain(|line| line.origin == Origin::Client);
        lines.sort_by_key(|line| line.start);
        Self { lines }
    }

    /// Returns the requests in the order in which they arrived.
    pub fn lines(&self) -> &[Arc<Line>] {
        &self.lines
    }

    /// Returns how many requests there were.
    pub fn total(&self) -> usize {
        self.lines.len()
    }

    /// Returns how often an operation of a service was called, on all its instances.
    pub fn count(&self, service: &str, operation: &str) -> usize {
        let asked = |line: &&Arc<Line>| line.service == service && line.operation == operation;
        self.lines.iter().filter(asked).count()
    }

    /// Returns the count of each operation, by service and operation.
    pub fn table(&self) -> BTreeMap<(&str, &str), usize> {
        let mut table = BTreeMap::new();
        for line in &self.lines {
            *table.entry((line.service, line.operation.as_str())).or_default() += 1;
        }
        table
    }

    /// Returns a longest sequence of requests of which each arrived after the one before it had been answered.
    ///
    /// Its length is the number of round trips that had to be waited for, or more: requests that were sent together
    /// may be served one after the other. [`Faults::latency`](crate::Faults::latency) lets such requests overlap.
    pub fn longest_chain(&self) -> Vec<Arc<Line>> {
        let mut moments = BTreeMap::new();
        for (index, line) in self.lines.iter().enumerate() {
            moments.insert(line.start, (index, true));
            if let Some(end) = line.end() {
                moments.insert(end, (index, false));
            }
        }
        // For each request: the length of the longest chain that it ends, and the request before it in that chain.
        let mut chains: Vec<(usize, Option<usize>)> = vec![(0, None); self.lines.len()];
        let mut longest_answered: Option<usize> = None;
        let mut longest: Option<usize> = None;
        let longer = |chains: &[(usize, Option<usize>)], index: usize, best: Option<usize>| match best {
            Some(best) if chains[best].0 >= chains[index].0 => Some(best),
            _ => Some(index),
        };
        for (index, starts) in moments.into_values() {
            if starts {
                let before = longest_answered.map_or(0, |before| chains[before].0);
                chains[index] = (before + 1, longest_answered);
                longest = longer(&chains, index, longest);
            } else {
                longest_answered = longer(&chains, index, longest_answered);
            }
        }
        let mut chain: Vec<_> = std::iter::successors(longest, |index| chains[*index].1)
            .map(|index| Arc::clone(&self.lines[index]))
            .collect();
        chain.reverse();
        chain
    }
}

/// One line per operation with its count, then the total and the length of the longest chain.
impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((service, operation), count) in self.table() {
            writeln!(f, "{count:>5}  {service:<8} {operation}")?;
        }
        write!(f, "{:>5}  in all, {} of them one after the other", self.total(), self.longest_chain().len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::request::Access;

    fn line(operation: &str, start: u64, end: Option<u64>) -> Arc<Line> {
        let line = Line {
            service: "b2",
            instance: None,
            operation: operation.to_owned(),
            access: Access::Read,
            origin: Origin::Client,
            start,
            text: String::new(),
            end: OnceLock::new(),
        };
        if let Some(end) = end {
            line.end.set(end).unwrap();
        }
        Arc::new(line)
    }

    fn chain(calls: &Calls) -> Vec<String> {
        calls.longest_chain().iter().map(|line| line.operation.clone()).collect()
    }

    #[test]
    fn a_chain_is_what_was_answered_before_the_next_arrived() {
        assert!(Calls::new(Vec::new()).longest_chain().is_empty());
        // a ─┬─ b (long) ─── e
        //    ├─ c ── d
        let calls = Calls::new(vec![
            line("a", 0, Some(1)),
            line("b", 2, Some(7)),
            line("c", 3, Some(4)),
            line("d", 5, Some(6)),
            line("e", 8, None),
        ]);
        assert_eq!(chain(&calls), ["a", "c", "d", "e"]);
        assert_eq!(chain(&Calls::new(vec![line("a", 0, None), line("b", 1, Some(2))])), ["a"]);
    }

    #[test]
    fn the_table_counts_the_client_s_requests() {
        let appliance = Line { origin: Origin::Appliance, ..(*line("y", 4, None)).clone() };
        let calls = Calls::new(vec![
            line("x", 0, Some(1)),
            line("y", 2, Some(3)),
            line("x", 5, Some(6)),
            Arc::new(appliance),
        ]);
        assert_eq!(calls.table(), BTreeMap::from([(("b2", "x"), 2), (("b2", "y"), 1)]));
        assert_eq!((calls.total(), calls.count("b2", "y")), (3, 1));
        let table = "    2  b2       x\n    1  b2       y\n    3  in all, 3 of them one after the other";
        assert_eq!(calls.to_string(), table);
    }
}
