//! The repository tests its own habits. Each rule is a function from sources to what breaks it, so that each can be
//! shown to fail on made-up sources as well as to hold on ours.

mod attributes;
mod cited;
mod facts;
mod functions;
mod graph;
mod growing;
mod manifests;
mod mask;
mod misuses;
mod once;
mod paths;
mod places;
mod rooms;
mod shape;
mod tree;
mod words;
mod writers;

/// Ends the test with every breach of a rule, one a line.
#[track_caller]
fn assert_none(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breach(es):\n  {}", breaches.len(), breaches.join("\n  "));
}
