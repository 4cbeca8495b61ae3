CREATE TABLE scans (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_name TEXT COLLATE "C" NOT NULL,
    edge TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    lease_id TEXT COLLATE "C",
    lease_instance TEXT COLLATE "C",
    lease_until BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT scans_id_pk PRIMARY KEY (tenant, id)
);
-- One scan of a source at a time, held by the store itself.
CREATE UNIQUE INDEX scans_source_active_unique ON scans (tenant, source) WHERE active;
CREATE INDEX scans_edge_active_idx ON scans (edge, active);
CREATE INDEX scans_source_idx ON scans (tenant, source, id);

CREATE TABLE scan_tables (
    tenant TEXT COLLATE "C" NOT NULL,
    scan TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    table_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    discovered BYTEA NOT NULL,
    -- What the table's result was and what it counted for, so that it can be taken back when it is read again.
    result_batch TEXT COLLATE "C",
    columns_ok BIGINT NOT NULL,
    columns_skipped BIGINT NOT NULL,
    columns_failed BIGINT NOT NULL,
    columns_with_findings BIGINT NOT NULL,
    CONSTRAINT scan_tables_pk PRIMARY KEY (tenant, scan, table_key)
);
CREATE INDEX scan_tables_position_idx ON scan_tables (tenant, scan, state, position);

CREATE TABLE received_batches (
    tenant TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL,
    scan TEXT COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    CONSTRAINT received_batches_pk PRIMARY KEY (tenant, batch)
);

-- What still has to reach the catalog and classification, in order per scan.
CREATE TABLE deliveries (
    tenant TEXT COLLATE "C" NOT NULL,
    scan TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    payload BYTEA NOT NULL,
    CONSTRAINT deliveries_pk PRIMARY KEY (tenant, scan, sequence)
);
