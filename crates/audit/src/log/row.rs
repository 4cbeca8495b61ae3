//! The row that the SQL index keeps of an entry. It is derived from the entry alone, so that verification can
//! derive it again and compare.

use datawave_core::Verdict;

use super::{Entry, Hash, Malformed};

/// One row of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    /// Place in the log, from 0. Signed, as it is in SQL: a forged row may hold anything.
    pub index: i64,
    /// As in [`Entry`].
    pub service: String,
    /// As in [`Entry`].
    pub sequence: i64,
    /// As in [`Entry`].
    pub previous: Vec<u8>,
    /// [`Entry::hash`].
    pub hash: Vec<u8>,
    /// As in [`Entry`].
    pub record: Vec<u8>,
    /// What people search by.
    pub columns: Columns,
}

/// Parts of the record that the index can filter by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Tenant.
    pub tenant: String,
    /// Id of the record.
    pub id: String,
    /// Microseconds since the epoch.
    pub time: i64,
    /// Who acted.
    pub subject: String,
    /// Full method name.
    pub method: String,
    /// `allow` or `deny`.
    pub verdict: String,
    /// What was touched.
    pub resource: String,
    /// What was done.
    pub action: String,
}

impl IndexRow {
    /// The row of `entry`.
    ///
    /// # Errors
    /// When the entry holds no record.
    pub fn of(index: u64, entry: &Entry) -> Result<Self, Malformed> {
        let record = entry.audit_record()?;
        let verdict = match record.verdict {
            Verdict::Allow => "allow",
            Verdict::Deny => "deny",
        };
        Ok(Self {
            index: i64::try_from(index).map_err(|_| Malformed("the log is too long"))?,
            service: entry.service.clone(),
            sequence: i64::try_from(entry.sequence).map_err(|_| Malformed("the sequence is too long"))?,
            previous: entry.previous.to_vec(),
            hash: entry.hash().to_vec(),
            record: entry.record.clone(),
            columns: Columns {
                tenant: storable(record.tenant),
                id: storable(record.id),
                time: record.time.as_micros(),
                subject: storable(record.subject),
                method: storable(record.method),
                verdict: verdict.to_owned(),
                resource: storable(record.resource),
                action: storable(record.action),
            },
        })
    }

    /// The entry that this row says it is of.
    ///
    /// # Errors
    /// When the sequence or the hash cannot be one.
    pub fn entry(&self) -> Result<Entry, Malformed> {
        Ok(Entry {
            service: self.service.clone(),
            sequence: u64::try_from(self.sequence).map_err(|_| Malformed("not a sequence number"))?,
            previous: Hash::try_from(self.previous.as_slice()).map_err(|_| Malformed("not a hash"))?,
            record: self.record.clone(),
        })
    }

    /// Name of the first part in which the two differ.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let (a, b) = (&self.columns, &other.columns);
        let parts = [
            ("index", self.index == other.index),
            ("record", self.record == other.record),
            ("service", self.service == other.service),
            ("sequence", self.sequence == other.sequence),
            ("previous hash", self.previous == other.previous),
            ("hash", self.hash == other.hash),
            ("tenant", a.tenant == b.tenant),
            ("id", a.id == b.id),
            ("time", a.time == b.time),
            ("subject", a.subject == b.subject),
            ("method", a.method == b.method),
            ("verdict", a.verdict == b.verdict),
            ("resource", a.resource == b.resource),
            ("action", a.action == b.action),
        ];
        parts.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

/// Bytes of a column, far below what indexes of all engines can hold.
const MAX_COLUMN_BYTES: usize = 512;

/// What the index holds of a text: no store holds U+0000, and no index very long texts. The record itself has
/// them as they are; a column to search by can do without.
fn storable(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_COLUMN_BYTES));
    if text.contains('\0') {
        text.replace('\0', " ")
    } else {
        text
    }
}
