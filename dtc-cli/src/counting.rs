//! A number that rises on a terminal while something long goes on.

use indicatif::{ProgressBar, ProgressStyle};

use crate::screen::Screen;

/// A number on the terminal; nothing where there is none.
pub(crate) struct Counting(Option<ProgressBar>);

impl Counting {
    /// Begins at 0: `0 locks extended`.
    pub(crate) fn of(screen: &Screen, what: &'static str) -> Self {
        let bar = screen.on_terminal().then(|| screen.bars().add(ProgressBar::new_spinner()));
        if let Some(bar) = &bar {
            if let Ok(style) = ProgressStyle::with_template("{pos} {msg}") {
                bar.set_style(style);
            }
            bar.set_message(what);
        }
        Self(bar)
    }

    /// Shows this number.
    pub(crate) fn set(&self, number: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(number);
        }
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.0.take().inspect(ProgressBar::finish_and_clear);
    }
}
