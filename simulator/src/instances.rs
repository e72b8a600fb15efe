//! The instances of one service: appliances, accounts, tenants or servers.

use std::sync::Arc;

use serde::Serialize;

use crate::core::{DEFAULT_ID, Started};
use crate::error::{Error, ErrorKind};

/// What a builder was given for each instance, with its id, in order.
pub(crate) type Wanted<S> = Vec<(Arc<str>, S)>;

/// The running instances of one service, of which there is at least one.
#[derive(Debug)]
pub(crate) struct Instances<H, A> {
    pub(crate) first: Started<H, A>,
    pub(crate) others: Vec<Started<H, A>>,
}

impl<H, A: Clone> Instances<H, A> {
    pub(crate) fn get(&self, id: &str) -> Option<&H> {
        self.all().find(|instance| *instance.id == *id).map(|instance| &instance.handle)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Started<H, A>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The addresses of all but the first.
    pub(crate) fn other_addresses(&self) -> Others<A> {
        let others = self.others.iter();
        Others {
            first: Arc::clone(&self.first.id),
            others: others.map(|it| Named { id: Arc::clone(&it.id), address: it.address.clone() }).collect(),
        }
    }
}

/// The addresses of a service's instances but the first.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Others<A> {
    #[serde(skip)]
    first: Arc<str>,
    others: Vec<Named<A>>,
}

#[derive(Debug, Clone, Serialize)]
struct Named<A> {
    id: Arc<str>,
    #[serde(flatten)]
    address: A,
}

impl<A> Others<A> {
    pub(crate) fn is_empty(&self) -> bool {
        self.others.is_empty()
    }

    /// Every one by its id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &A)> {
        self.others.iter().map(|other| (&*other.id, &other.address))
    }

    /// Finds the address of an instance by its id; `first` is the first one's.
    pub(crate) fn get<'a>(&'a self, id: &str, first: &'a A) -> Option<&'a A> {
        if *self.first == *id {
            return Some(first);
        }
        self.others.iter().find(|other| *other.id == *id).map(|other| &other.address)
    }
}

/// The instances that are wanted, the first apart from the others.
#[derive(Debug)]
pub(crate) struct Divided<S> {
    pub(crate) first: (Arc<str>, S),
    pub(crate) others: Wanted<S>,
}

/// Starts each instance that is wanted: the default one where none is.
pub(crate) async fn start_each<S, H, A, F>(
    kind: &str,
    wanted: Wanted<S>,
    start: impl Fn(Arc<str>, S) -> F,
) -> Result<Instances<H, A>, Error>
where
    S: Default,
    F: Future<Output = Result<Started<H, A>, Error>>,
{
    let Divided { first: (id, settings), others } = divided(kind, wanted)?;
    let mut started = Instances { first: start(id, settings).await?, others: Vec::new() };
    for (id, settings) in others {
        started.others.push(start(id, settings).await?);
    }
    Ok(started)
}

/// Returns the instances that are wanted, the first apart from the others: the default one where none is wanted.
pub(crate) fn divided<S: Default>(kind: &str, wanted: Wanted<S>) -> Result<Divided<S>, Error> {
    for (index, (id, _)) in wanted.iter().enumerate() {
        if wanted[..index].iter().any(|(other, _)| other == id) {
            return Err(Error::new(ErrorKind::Setup, format!("there are two {kind} with the id {id}")));
        }
    }
    let mut wanted = wanted.into_iter();
    let first = wanted.next().unwrap_or_else(|| (DEFAULT_ID.into(), S::default()));
    Ok(Divided { first, others: wanted.collect() })
}
