CREATE TABLE assets (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_name TEXT COLLATE "C" NOT NULL,
    database_name TEXT COLLATE "C" NOT NULL,
    schema_name TEXT COLLATE "C" NOT NULL,
    table_name TEXT COLLATE "C" NOT NULL,
    column_name TEXT COLLATE "C" NOT NULL,
    qualified_name TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C",
    comment TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    details TEXT COLLATE "C" NOT NULL,
    labels TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT assets_id_pk PRIMARY KEY (tenant, id)
);
CREATE INDEX assets_qualified_name_idx ON assets (tenant, qualified_name, id);
CREATE INDEX assets_source_idx ON assets (tenant, source, kind);
CREATE INDEX assets_parent_idx ON assets (tenant, parent);
CREATE UNIQUE INDEX assets_revision_idx ON assets (tenant, revision);

CREATE TABLE asset_labels (
    tenant TEXT COLLATE "C" NOT NULL,
    asset TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    CONSTRAINT asset_labels_pk PRIMARY KEY (tenant, label, asset)
);
CREATE INDEX asset_labels_asset_idx ON asset_labels (tenant, asset);

CREATE TABLE asset_versions (
    tenant TEXT COLLATE "C" NOT NULL,
    asset TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    changed BIGINT NOT NULL,
    CONSTRAINT asset_versions_pk PRIMARY KEY (tenant, asset, version)
);

-- One counter per tenant, raised in every change: its order is commit order on every engine, which is what
-- watchers and the search index follow.
CREATE TABLE revisions (
    tenant TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT revisions_pk PRIMARY KEY (tenant)
);

CREATE TABLE applied_batches (
    tenant TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL,
    applied BIGINT NOT NULL,
    CONSTRAINT applied_batches_pk PRIMARY KEY (tenant, batch)
);
