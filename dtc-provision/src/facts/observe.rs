//! One look at everything, as much of it at the same time as depends on nothing else.

use dtc_naming::{DeviceGuid, LocationUuid};

use super::appliance::Shown;
use super::fact::{Fact, Unread};
use super::held::{Held, Records};
use super::identity::{self, Identity};
use super::place::{self, Place};
use super::remembering::remembering;
use super::store::StoreFacts;
use super::{Observation, opening, store, vault};
use crate::error::Refusal;
use crate::ports::Views;
use crate::site::Site;

/// Reads everything that a plan acts on; writes nothing, since nothing it holds can.
///
/// It never fails as a whole: what a service does not answer, and what a rule refuses, is unread with its reason.
pub async fn observe(site: &Site, views: &Views) -> Observation {
    look(site, &remembering(views)).await.0
}

/// [`observe`], with the secrets that the vault holds. The views should be [`remembering`] ones.
pub(crate) async fn look(site: &Site, views: &Views) -> (Observation, Held) {
    let (outside, shown) = tokio::join!(Outside::read(site, views), Shown::read(views));
    let Outside { place, store, records } = outside;
    let backed_up = backed_up(site, &shown).into();
    let identity = identity::read(site, views, &place, &shown.system, &shown.pools).await.into();
    let (held, in_bucket, ticket) = tokio::join!(
        Held::recall(views, &records, &place, &identity),
        store::in_bucket(views, &store, &identity, &backed_up),
        ticket(site, views, &place, &identity),
    );
    let pair_by_hand = opening::read(views, &store, &backed_up, &held).await;
    let vault = vault::facts(views, &records, &place, &shown.system, &identity, &held, pair_by_hand).await;
    let observation = Observation {
        vault: vault.into(),
        snmp: shown.snmp(&held).into(),
        credentials: shown.credentials(&held).into(),
        tasks: shown.tasks(views, &records, &held).await.into(),
        place,
        backed_up,
        identity,
        store,
        in_bucket: in_bucket.into(),
        ticket,
        system: shown.system,
        pools: shown.pools,
        snapshot_tasks: shown.snapshot_tasks,
    };
    (observation, held)
}

/// What the services know without the appliance.
struct Outside {
    place: Fact<Place>,
    store: Fact<StoreFacts>,
    records: Fact<Records>,
}

impl Outside {
    /// Reads it, and asks early for what is needed once the appliance has answered: the views remember it.
    async fn read(site: &Site, views: &Views) -> Self {
        // Each is asked as soon as it can be: one service that does not answer holds up none of the others.
        let by_place = async {
            let place: Fact<Place> = place::read(site, views).await.into();
            let (store, records, ()) = tokio::join!(
                store::read(views, &place),
                vault::records(site, views, &place),
                identity::ask_early(views, &place),
            );
            Self { store: store.into(), records: records.into(), place }
        };
        let (outside, ()) = tokio::join!(by_place, vault::ask_early(site, views));
        outside
    }
}

fn backed_up(site: &Site, shown: &Shown) -> Result<Vec<dtc_naming::PoolName>, Unread> {
    Ok(identity::backed_up(site, shown.pools.needed("the appliance's pools")?)?)
}

async fn ticket(
    site: &Site,
    views: &Views,
    place: &Fact<Place>,
    identity: &Fact<Identity>,
) -> Option<Fact<bool>> {
    let ticket = site.ticket.as_ref()?;
    let noted = async {
        let place = place.needed("the client and its location")?;
        let guid = identity.needed("the Device GUID")?.guid();
        let marker = completion_marker(place.location_uuid, guid);
        let noted = views.tickets.note(ticket, &marker).await?.is_some();
        // What cannot be documented in the end is not begun (X1c).
        let refused =
            if noted { None } else { views.tickets.refuses(ticket, place.organization_uuid).await? };
        match refused {
            None => Ok(noted),
            Some(why) => Err(Unread::from(Refusal::precondition(
                "X1c",
                format!("no note can be added to the ticket {ticket}: {why}"),
                "Put that right, or name another ticket in the site file; nothing was changed",
            ))),
        }
    };
    Some(noted.await.into())
}

/// Distinguishes the note that documents completion from every other (V6).
pub(crate) fn completion_marker(location: LocationUuid, device: Option<DeviceGuid>) -> String {
    match device {
        Some(device) => format!("[dtc backup {location} {device}]"),
        None => format!("[dtc backup {location}]"),
    }
}
