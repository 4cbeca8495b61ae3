//! Which service is reached which way.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use datawave_core::{Actor, Failure, Reason};

use super::{Channel, Way};
use crate::stack::Stack;

/// How a service is reached.
#[derive(Clone, Debug)]
pub enum Route {
    /// It is mounted in this process.
    Local(Stack),
    /// It is another process; the channel carries the identity of this one.
    Remote(Channel),
}

/// The services that a process can call, by name.
///
/// Services call one another in circles at run time, but cannot be built in circles: so a service gets a
/// [`MeshHandle`] when it is built, and the routes are set once all are mounted. The owner of the `Mesh` is the
/// process; handles hold it weakly, so dropping it ends all calls and frees every service.
#[derive(Debug, Default)]
pub struct Mesh {
    slots: Arc<Slots>,
}

#[derive(Debug, Default)]
pub(super) struct Slots(RwLock<BTreeMap<String, Route>>);

impl Mesh {
    /// A mesh without routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets (or replaces) the way to `service`; later calls on existing channels take it.
    pub fn set(&self, service: &str, route: Route) {
        // A writer that panicked left the map as it was: every operation on it is a single step.
        let mut slots = self.slots.0.write().unwrap_or_else(PoisonError::into_inner);
        slots.insert(service.to_owned(), route);
    }

    /// The mesh as `caller` uses it. In-process services see this caller; remote ones see the identity of the
    /// route's certificate or token.
    pub fn handle(&self, caller: Actor) -> MeshHandle {
        MeshHandle {
            slots: Arc::downgrade(&self.slots),
            caller,
        }
    }
}

/// The mesh in the hands of one caller.
#[derive(Clone, Debug)]
pub struct MeshHandle {
    slots: Weak<Slots>,
    caller: Actor,
}

impl MeshHandle {
    /// A channel to `service`. The way is looked up with each call: the service may be mounted later, and until
    /// then calls fail with DEPENDENCY_UNAVAILABLE.
    pub fn channel(&self, service: &str) -> Channel {
        Channel::new(Way::Slot {
            slots: self.slots.clone(),
            service: service.to_owned(),
            caller: self.caller.clone(),
        })
    }

    /// Who calls through this handle.
    pub fn caller(&self) -> &Actor {
        &self.caller
    }
}

/// The way to `service` now. A remote route brings its own token along.
pub(super) fn resolve(slots: &Weak<Slots>, service: &str, caller: Actor) -> Result<Resolved, Failure> {
    let slots = slots.upgrade().ok_or_else(|| {
        Failure::new(Reason::DependencyUnavailable, "this process is shutting down")
            .with_remedy("try again on another replica, or after the restart")
    })?;
    let slots = slots.0.read().unwrap_or_else(PoisonError::into_inner);
    match slots.get(service) {
        Some(Route::Local(stack)) => Ok(Resolved {
            way: Way::Local {
                stack: stack.clone(),
                caller,
            },
            bearer: None,
        }),
        Some(Route::Remote(channel)) => Ok(Resolved {
            way: channel.way.clone(),
            bearer: channel.bearer.clone(),
        }),
        None => Err(Failure::new(
            Reason::DependencyUnavailable,
            format!("no way to the service `{service}` is configured"),
        )
        .with_remedy("mount the service in this process, or configure its address")),
    }
}

pub(super) struct Resolved {
    pub(super) way: Way,
    pub(super) bearer: Option<http::HeaderValue>,
}
