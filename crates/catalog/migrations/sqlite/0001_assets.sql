CREATE TABLE assets (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    source_name TEXT NOT NULL,
    database_name TEXT NOT NULL,
    schema_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    column_name TEXT NOT NULL,
    qualified_name TEXT NOT NULL,
    parent TEXT,
    comment TEXT NOT NULL,
    description TEXT NOT NULL,
    owner TEXT NOT NULL,
    details TEXT NOT NULL,
    labels TEXT NOT NULL,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    CONSTRAINT assets_id_pk PRIMARY KEY (tenant, id)
);
CREATE INDEX assets_qualified_name_idx ON assets (tenant, qualified_name, id);
CREATE INDEX assets_source_idx ON assets (tenant, source, kind);
CREATE INDEX assets_parent_idx ON assets (tenant, parent);
CREATE UNIQUE INDEX assets_revision_idx ON assets (tenant, revision);

CREATE TABLE asset_labels (
    tenant TEXT NOT NULL,
    asset TEXT NOT NULL,
    label TEXT NOT NULL,
    CONSTRAINT asset_labels_pk PRIMARY KEY (tenant, label, asset)
);
CREATE INDEX asset_labels_asset_idx ON asset_labels (tenant, asset);

CREATE TABLE asset_versions (
    tenant TEXT NOT NULL,
    asset TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed INTEGER NOT NULL,
    CONSTRAINT asset_versions_pk PRIMARY KEY (tenant, asset, version)
);

-- One counter per tenant, raised in every change: its order is commit order on every engine, which is what
-- watchers and the search index follow.
CREATE TABLE revisions (
    tenant TEXT NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT revisions_pk PRIMARY KEY (tenant)
);

CREATE TABLE applied_batches (
    tenant TEXT NOT NULL,
    batch TEXT NOT NULL,
    applied INTEGER NOT NULL,
    CONSTRAINT applied_batches_pk PRIMARY KEY (tenant, batch)
);
