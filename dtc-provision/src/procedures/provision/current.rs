//! A plan held against the world (X1).

use super::plan::{Plan, plan};
use crate::error::{Error, ErrorKind};
use crate::facts::Observation;
use crate::phases::first_run::FirstRunPhase;
use crate::phases::identity::InInventory;
use crate::phases::tasks;

/// A plan that was held against the world just now.
#[derive(Debug)]
pub struct Current<T>(T);

impl Current<Plan> {
    /// The plan.
    pub fn get(&self) -> &Plan {
        &self.0
    }
}

impl Plan {
    /// Refuses the plan if a fact that one of its steps acts on has changed: planning again from what is so now must
    /// give the same steps. A new finding changes no step. What a step waits for may have come meanwhile: it looks for
    /// that itself.
    ///
    /// # Errors
    /// [`ErrorKind::Stale`] names the first step that differs; a rule that stops the work now is refused as ever.
    pub fn against(self, now: &Observation) -> Result<Current<Self>, Error> {
        let mut again = plan(&self.site, now, self.fresh)?;
        if self.identity.in_inventory == InInventory::Await {
            again.identity.in_inventory = InInventory::Await;
        }
        let seen = now.known()?;
        for pool in &mut again.pools {
            let Some(planned) = self.pools.iter().find(|planned| planned.pool == pool.pool) else { continue };
            // The run to join may have ended meanwhile: its job says how. It has to be the last run of this pool's task.
            let FirstRunPhase::Join { job } = &planned.first_run else { continue };
            let last = tasks::of_pool(seen, &pool.pool)?.and_then(|task| task.last_run.as_ref());
            if last.is_some_and(|last| last.job == *job) {
                pool.first_run.clone_from(&planned.first_run);
            }
        }
        match first_change(&self, &again) {
            None => Ok(Current(self)),
            Some(changed) => Err(ErrorKind::Stale { changed }.into()),
        }
    }

    /// Whether another plan's steps act on the same facts.
    fn acts_like(&self, other: &Self) -> bool {
        let acts = |plan: &Self| {
            let plan = plan.clone();
            (
                (plan.bucket, plan.retention, plan.identity, plan.snmp, plan.secrets),
                (plan.key, plan.orphans, plan.credential, plan.pools, plan.documentation),
            )
        };
        self.scope.reaches_the_same_as(&other.scope) && acts(self) == acts(other)
    }
}

/// The first step in which two plans differ, for saying why one is stale.
fn first_change(planned: &Plan, now: &Plan) -> Option<String> {
    if planned.acts_like(now) {
        return None;
    }
    let (before, after) = (planned.steps(), now.steps());
    let differing = before.iter().zip(&after).find(|(before, after)| before != after);
    Some(match differing {
        Some((before, after)) if before.subject == after.subject => {
            format!("{} is not what it was", before.subject)
        }
        Some((before, after)) => format!("{} became {}", before.subject, after.subject),
        None => "facts that its steps act on have changed".to_owned(),
    })
}
