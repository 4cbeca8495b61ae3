CREATE TABLE scans (
    tenant TEXT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT NOT NULL,
    source_name TEXT NOT NULL,
    edge TEXT NOT NULL,
    state TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    lease_id TEXT,
    lease_instance TEXT,
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
    tenant TEXT NOT NULL,
    scan TEXT NOT NULL,
    position BIGINT NOT NULL,
    table_key TEXT NOT NULL,
    state TEXT NOT NULL,
    discovered BYTEA NOT NULL,
    CONSTRAINT scan_tables_pk PRIMARY KEY (tenant, scan, table_key)
);
CREATE INDEX scan_tables_position_idx ON scan_tables (tenant, scan, state, position);

CREATE TABLE received_batches (
    tenant TEXT NOT NULL,
    batch TEXT NOT NULL,
    scan TEXT NOT NULL,
    received BIGINT NOT NULL,
    CONSTRAINT received_batches_pk PRIMARY KEY (tenant, batch)
);

-- What still has to reach the catalog and classification, in order per scan.
CREATE TABLE deliveries (
    tenant TEXT NOT NULL,
    scan TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    target TEXT NOT NULL,
    payload BYTEA NOT NULL,
    CONSTRAINT deliveries_pk PRIMARY KEY (tenant, scan, sequence)
);
