//! Handing records over to the audit service, for the relay of any service.

use std::sync::Arc;

use datawave_core::{CallContext, Failure, TenantId};
use datawave_db::relay::Sink;
use datawave_db::{ChainedRecord, Db, audit_rows};
use datawave_proto::datawave::audit::v1::AppendRecordsRequest;
use datawave_proto::datawave::audit::v1::audit_service_client::AuditServiceClient;
use datawave_rpc::{Channel, failure, outgoing};

use crate::convert::pb_record;

/// Bytes of records in one call, far below the limit of a message; a longer single record goes alone.
const CALL_BYTES: usize = 1 << 20;
const BATCH: usize = 128;

/// The sink for [`datawave_db::relay::spawn_audit`] of the store `db`: delivers to the audit service at the
/// other end of `channel`, which must be called with the identity of that store's service.
///
/// When the log asks for earlier records than the relay has at hand, because the store of the audit service
/// was restored from a backup, they are read from `db` again and handed over first.
pub fn relay_sink(db: Db, channel: Channel) -> Sink<ChainedRecord> {
    Arc::new(move |records| {
        let handover = Handover {
            db: db.clone(),
            channel: channel.clone(),
        };
        Box::pin(async move { handover.deliver(records).await })
    })
}

struct Handover {
    db: Db,
    channel: Channel,
}

impl Handover {
    async fn deliver(&self, records: Vec<ChainedRecord>) -> Result<(), Failure> {
        let Some(last) = records.last().map(|record| record.sequence) else {
            return Ok(());
        };
        let mut next = self.send(records).await?;
        while next <= last {
            let earlier = audit_rows(&mut self.db.read().await?, next, BATCH).await?;
            let before = next;
            next = self.send(earlier).await?;
            if next <= before {
                return Err(Failure::internal(format!(
                    "the audit log asks for record {before} of {}, which its store does not have",
                    self.db.service()
                )));
            }
        }
        Ok(())
    }

    /// Sends in calls of bounded size; gives what the log expects next.
    async fn send(&self, records: Vec<ChainedRecord>) -> Result<i64, Failure> {
        let mut client = AuditServiceClient::new(self.channel.clone());
        let context = CallContext::background(TenantId::default_tenant(), self.db.service(), "audit relay");
        let mut next = 0;
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let (mut call, mut bytes) = (Vec::new(), 0);
            while let Some(record) =
                records.next_if(|record| call.is_empty() || bytes + record.record.len() <= CALL_BYTES)
            {
                bytes += record.record.len();
                call.push(pb_record(record));
            }
            let request = outgoing(&context, AppendRecordsRequest { records: call });
            next = client
                .append_records(request)
                .await
                .map_err(failure)?
                .into_inner()
                .next_sequence;
        }
        Ok(next)
    }
}
