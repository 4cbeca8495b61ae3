//! What a delivery of records must look like, and what can be asked of the log. Pure.

use datawave_core::digest::sha256_parts;
use datawave_core::{Actor, ActorKind, Failure, Reason, Timestamp};
use datawave_db::ChainedRecord;

use crate::log::entry::is_service;
use crate::log::{Entry, Hash, Malformed};

/// The chain that `actor` may append to: a service its own, an edge node that of the node. Nobody can speak in
/// the name of another.
pub(crate) fn chain_of(actor: &Actor) -> Result<String, Failure> {
    let name = match actor.kind {
        ActorKind::Service => actor.subject.strip_prefix("service:").map(str::to_owned),
        ActorKind::Edge => actor
            .subject
            .strip_prefix("edge:")
            .map(|name| format!("edge-{name}")),
        ActorKind::User | ActorKind::Anonymous => None,
    };
    name.filter(|name| is_service(name)).ok_or_else(|| {
        Failure::new(
            Reason::PermissionMissing,
            "only services and edge nodes hand over audit records",
        )
        .with_remedy("call with the identity of a service")
    })
}

/// The entries of a delivery to `chain`: each linked to the one before, without gaps.
///
/// # Errors
/// `INVALID_REQUEST` naming the record at fault.
pub(crate) fn entries(chain: &str, records: Vec<ChainedRecord>) -> Result<Vec<Entry>, Failure> {
    let mut entries: Vec<Entry> = Vec::with_capacity(records.len());
    for (at, link) in records.into_iter().enumerate() {
        let wrong = |field: &str, why: &str| Failure::invalid(format!("records[{at}].{field}"), why);
        // An edge node calls its one chain `edge`; the log has many nodes.
        let own = link.service == chain || (link.service == "edge" && chain.starts_with("edge-"));
        if !own {
            return Err(wrong("service", "must be the chain of the caller"));
        }
        if !link.is_consistent() {
            return Err(wrong(
                "hash",
                "must be the hash of the previous hash and the record",
            ));
        }
        let entry = Entry {
            service: chain.to_owned(),
            sequence: u64::try_from(link.sequence).map_err(|_| wrong("sequence", "must be at least 1"))?,
            previous: link.previous,
            record: link.record,
        };
        if let Some(before) = entries.last() {
            if entry.sequence != before.sequence + 1 {
                return Err(wrong("sequence", "must follow the one before"));
            }
            if entry.previous != before.hash() {
                return Err(wrong("previous", "must be the hash of the record before"));
            }
        }
        let sound: Result<(), Malformed> = entry.encode().and_then(|_| entry.audit_record().map(|_| ()));
        sound.map_err(|why| wrong("record", &why.to_string()))?;
        entries.push(entry);
    }
    Ok(entries)
}

/// The end of a chain as the log has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChainEnd {
    /// Sequence of the last record; 0 when there is none.
    pub(crate) sequence: i64,
    /// Its hash; zeros when there is none.
    pub(crate) hash: Hash,
}

/// What to do with a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Something before it is missing: nothing can be taken.
    Gap,
    /// The first `known` have numbers that the log holds already; the others are new.
    Take { known: usize },
}

/// Compares a delivery with the end of its chain.
pub(crate) fn plan(entries: &[Entry], end: ChainEnd) -> Plan {
    let expected = u64::try_from(end.sequence).unwrap_or(0) + 1;
    match entries.first() {
        Some(first) if first.sequence > expected => Plan::Gap,
        Some(first) => {
            let known = usize::try_from(expected - first.sequence).unwrap_or(usize::MAX);
            Plan::Take {
                known: known.min(entries.len()),
            }
        }
        None => Plan::Take { known: 0 },
    }
}

/// The service has another history than the log: one of the two was restored from a backup, or changed.
pub(crate) fn forked(service: &str, sequence: u64) -> Failure {
    Failure::new(
        Reason::AuditTampered,
        format!("record {sequence} of {service} does not continue what the audit log holds of it"),
    )
    .with_remedy(
        "run `datawave audit verify`; if the store of the service was restored from a backup, restore the \
         newest one",
    )
}

/// What a list is narrowed to; empty texts and `None` narrow nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordFilter {
    pub(crate) subject: String,
    pub(crate) resource: String,
    /// `allow` or `deny`.
    pub(crate) verdict: String,
    /// From here on.
    pub(crate) start: Option<Timestamp>,
    /// Before this.
    pub(crate) end: Option<Timestamp>,
}

impl RecordFilter {
    /// What page tokens of this list are bound to.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let time = |time: Option<Timestamp>| time.map_or_else(String::new, |t| t.as_micros().to_string());
        let (start, end) = (time(self.start), time(self.end));
        let parts = [
            "list_records",
            &self.subject,
            &self.resource,
            &self.verdict,
            &start,
            &end,
        ];
        sha256_parts(&parts.map(str::as_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_chain() {
        let chain = |actor: Actor| chain_of(&actor).ok();
        assert_eq!(chain(Actor::service("catalog")).as_deref(), Some("catalog"));
        assert_eq!(chain(Actor::edge("berlin-1")).as_deref(), Some("edge-berlin-1"));
        assert_eq!(chain(Actor::edge("a b")), None);
        assert_eq!(chain(Actor::user("admin", &["admin"])), None);
        assert_eq!(chain(Actor::anonymous()), None);
    }

    #[test]
    fn a_delivery_is_new_partly_known_known_or_too_early() {
        let entry = |sequence| Entry {
            service: "catalog".to_owned(),
            sequence,
            previous: [0; 32],
            record: Vec::new(),
        };
        let delivery = [entry(5), entry(6)];
        let at = |sequence| {
            plan(
                &delivery,
                ChainEnd {
                    sequence,
                    hash: [0; 32],
                },
            )
        };
        assert_eq!(at(3), Plan::Gap);
        assert_eq!(at(4), Plan::Take { known: 0 });
        assert_eq!(at(5), Plan::Take { known: 1 });
        assert_eq!(at(6), Plan::Take { known: 2 });
        assert_eq!(at(60), Plan::Take { known: 2 });
    }
}
