//! A catalog behind the real server stack, on one engine.

use std::sync::Arc;

use datawave_catalog::{Catalog, CatalogDeps, MIGRATIONS, Path};
use datawave_core::{Failure, RandomIds, SystemClock};
use datawave_infra::search::LocalIndex;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::catalog::v1::{
    Asset, ColumnDetails, DiscoveredColumn, DiscoveredTable, GetAssetRequest, TableDetails,
    UpsertAssetsRequest,
};
use datawave_proto::datawave::common::v1::ColumnPath;
use datawave_rpc::{Channel, Stack, failure};
use datawave_testkit::mesh::{TestMesh, as_role, as_service, default_policy};
use datawave_testkit::{TestStore, both};

pub(crate) const SOURCE: &str = "sources/src_00000000000000000000000001";

pub(crate) type Client = CatalogServiceClient<Channel>;

pub(crate) struct Bench {
    pub(crate) catalog: Catalog,
    stack: Stack,
    store: Arc<TestStore>,
    _dir: tempfile::TempDir,
}

/// The same catalog on every engine.
pub(crate) async fn benches() -> Vec<Bench> {
    let mut out = Vec::new();
    for store in both("catalog", MIGRATIONS).await {
        out.push(Bench::open(Arc::new(store)).await);
    }
    out
}

impl Bench {
    async fn open(store: Arc<TestStore>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let policy = default_policy();
        let deps = CatalogDeps {
            url: store.url.clone(),
            index: Arc::new(LocalIndex::open(dir.path().join("search")).await.unwrap()),
            policy: Arc::clone(&policy),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            page_key: [7; 32],
        };
        let catalog = Catalog::open(deps).await.unwrap();
        let mesh = TestMesh::new(&policy, Arc::new(SystemClock), Arc::new(RandomIds));
        let stack = mesh.service("catalog", catalog.routes(), catalog.db()).build();
        Self {
            catalog,
            stack,
            store,
            _dir: dir,
        }
    }

    /// The same store with a search index that has nothing in it.
    pub(crate) async fn reopened_with_empty_index(&self) -> Self {
        Self::open(Arc::clone(&self.store)).await
    }

    pub(crate) fn role(&self, role: &str) -> Client {
        CatalogServiceClient::new(as_role(&self.stack, role))
    }

    pub(crate) fn service(&self, name: &str) -> Client {
        CatalogServiceClient::new(as_service(&self.stack, name))
    }

    /// Catalogues tables with their columns, as a scan does.
    pub(crate) async fn discover(&self, batch: &str, tables: &[(&str, &[&str])]) -> (u32, u32) {
        let tables = tables.iter().map(|(table, columns)| DiscoveredTable {
            path: Some(path(table, "")),
            comment: String::new(),
            details: Some(TableDetails {
                table_kind: "table".into(),
                row_estimate: Some(10),
                ..Default::default()
            }),
            columns: columns
                .iter()
                .zip(1..)
                .map(|(column, ordinal)| DiscoveredColumn {
                    column: (*column).into(),
                    comment: String::new(),
                    details: Some(ColumnDetails {
                        ordinal,
                        declared_type: "TEXT".into(),
                        ..Default::default()
                    }),
                })
                .collect(),
        });
        let request = UpsertAssetsRequest {
            batch_id: batch.into(),
            source: SOURCE.into(),
            source_name: "shop".into(),
            tables: tables.collect(),
        };
        let answer = self
            .service("scans")
            .upsert_assets(request)
            .await
            .unwrap()
            .into_inner();
        (answer.created, answer.changed)
    }

    pub(crate) async fn column(&self, table: &str, column: &str) -> Asset {
        let at = Path {
            database: "shop".into(),
            schema: "main".into(),
            table: table.into(),
            column: column.into(),
        };
        let name = format!("assets/{}", datawave_catalog::asset_id(SOURCE, &at));
        self.get(&name).await.unwrap()
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Asset, Failure> {
        let answer = self
            .role("viewer")
            .get_asset(GetAssetRequest { name: name.into() })
            .await
            .map_err(failure)?;
        Ok(answer.into_inner().asset.unwrap())
    }

    /// Every audit record of the store, oldest first.
    pub(crate) async fn audit(&self) -> Vec<datawave_core::AuditRecord> {
        let mut session = self.catalog.db().read().await.unwrap();
        let rows = datawave_db::audit_rows(&mut session, 1, 10_000).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice(&row.record).unwrap())
            .collect()
    }
}

pub(crate) fn path(table: &str, column: &str) -> ColumnPath {
    ColumnPath {
        database: "shop".into(),
        schema: "main".into(),
        table: table.into(),
        column: column.into(),
    }
}
