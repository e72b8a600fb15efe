//! The service's clock, as read from the `Date` headers of its answers.

use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use http_core::ResponseHead;

/// The latest `Date` header, and the monotonic time at which it was received.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Option<(SystemTime, Instant)>>);

impl Clock {
    pub(crate) fn note(&self, head: &ResponseHead) {
        if let Some(date) = head.header("date").and_then(|text| httpdate::parse_http_date(text).ok()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, Instant::now()));
        }
    }

    pub(crate) fn now(&self) -> Option<SystemTime> {
        let noted = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.and_then(|(date, at)| date.checked_add(at.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn gotcha_28_the_time_is_the_services_however_wrong_it_is_here() {
        let clock = Clock::default();
        assert_eq!(clock.now(), None);
        let head = |date| ResponseHead::from_parts("b2_list_buckets", 200, &[("date", date)]);
        clock.note(&head("Fri, 15 Jan 2027 08:00:00 GMT"));
        clock.note(&head("junk"));
        let reported = SystemTime::from(crate::ids::UnixMillis::new(1_800_000_000_000));
        let now = clock.now().unwrap();
        assert!(now >= reported && now < reported + Duration::from_mins(1), "{now:?}");
    }
}
