//! Delivery of discovered tables, in batches that fit a message.

use datawave_core::{digest, ids};
use datawave_facts::{CostFact, EngineFact, TableFact};
use datawave_proto::datawave::catalog::v1::DiscoveredTable;
use datawave_proto::datawave::edge::v1::SubmitTablesRequest;
use prost::Message as _;

use crate::assignment::Lease;
use crate::convert;
use crate::error::LinkError;
use crate::link::{Transport, Uplink};

/// Most tables of one batch.
const BATCH_TABLES: usize = 500;
/// Size at which a batch is sent, in encoded bytes. The centre accepts messages of 4 MiB.
const BATCH_BYTES: usize = 1 << 20;

/// A running delivery. Dropped before [`Self::finish`], discovery counts as not finished and begins anew with
/// the next lease; tables that were delivered are then delivered again, to no further effect.
pub struct Discovery<'a, T> {
    uplink: &'a Uplink<T>,
    lease: &'a Lease,
    tables: Vec<DiscoveredTable>,
    bytes: usize,
}

impl<'a, T: Transport> Discovery<'a, T> {
    pub(crate) fn new(uplink: &'a Uplink<T>, lease: &'a Lease) -> Self {
        Self {
            uplink,
            lease,
            tables: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds a table; sends a batch when one is full.
    pub async fn add(&mut self, table: &TableFact) -> Result<(), LinkError> {
        let message = convert::discovered_table(table);
        let size = message.encoded_len();
        if !self.tables.is_empty() && (self.bytes + size > BATCH_BYTES || self.tables.len() >= BATCH_TABLES) {
            let request = self.request(false);
            self.uplink.submit_tables(request).await?;
        }
        self.bytes += size;
        self.tables.push(message);
        Ok(())
    }

    /// Sends what is left and ends discovery.
    pub async fn finish(
        mut self,
        engine: &EngineFact,
        engine_version: &str,
        cost: CostFact,
    ) -> Result<(), LinkError> {
        let mut request = self.request(true);
        request.source_engine = convert::cut(&format!("{} {}", engine.engine, engine.version), 100);
        request.engine_version = convert::cut(engine_version, 64);
        request.cost = Some(convert::cost(cost));
        self.uplink.submit_tables(request).await
    }

    fn request(&mut self, last: bool) -> SubmitTablesRequest {
        self.bytes = 0;
        let tables = std::mem::take(&mut self.tables);
        SubmitTablesRequest {
            batch_id: batch_id(&self.lease.scan, &tables, last),
            scan: self.lease.scan.clone(),
            lease_id: self.lease.id.clone(),
            tables,
            last,
            ..SubmitTablesRequest::default()
        }
    }
}

/// Follows from the content: the same tables of the same scan are the same batch, changed ones are another.
/// (The encoding of these messages has no maps in it, so equal content is equal bytes.)
fn batch_id(scan: &str, tables: &[DiscoveredTable], last: bool) -> String {
    let content: Vec<u8> = tables
        .iter()
        .flat_map(|t| t.encode_length_delimited_to_vec())
        .collect();
    let digest = digest::hex(&digest::sha256(&content));
    ids::derived("dsc", &[scan, &digest, if last { "last" } else { "more" }])
}
