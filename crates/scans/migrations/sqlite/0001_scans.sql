CREATE TABLE scans (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    source_name TEXT NOT NULL,
    edge TEXT NOT NULL,
    state TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    lease_id TEXT,
    lease_instance TEXT,
    lease_until INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    CONSTRAINT scans_id_pk PRIMARY KEY (tenant, id)
);
-- One scan of a source at a time, held by the store itself.
CREATE UNIQUE INDEX scans_source_active_unique ON scans (tenant, source) WHERE active;
CREATE INDEX scans_edge_active_idx ON scans (edge, active);
CREATE INDEX scans_source_idx ON scans (tenant, source, id);

CREATE TABLE scan_tables (
    tenant TEXT NOT NULL,
    scan TEXT NOT NULL,
    position INTEGER NOT NULL,
    table_key TEXT NOT NULL,
    state TEXT NOT NULL,
    discovered BLOB NOT NULL,
    -- What the table's result was and what it counted for, so that it can be taken back when it is read again.
    result_batch TEXT,
    columns_ok INTEGER NOT NULL,
    columns_skipped INTEGER NOT NULL,
    columns_failed INTEGER NOT NULL,
    columns_with_findings INTEGER NOT NULL,
    CONSTRAINT scan_tables_pk PRIMARY KEY (tenant, scan, table_key)
);
CREATE INDEX scan_tables_position_idx ON scan_tables (tenant, scan, state, position);

CREATE TABLE received_batches (
    tenant TEXT NOT NULL,
    batch TEXT NOT NULL,
    scan TEXT NOT NULL,
    received INTEGER NOT NULL,
    CONSTRAINT received_batches_pk PRIMARY KEY (tenant, batch)
);

-- What still has to reach the catalog and classification, in order per scan.
CREATE TABLE deliveries (
    tenant TEXT NOT NULL,
    scan TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    target TEXT NOT NULL,
    payload BLOB NOT NULL,
    CONSTRAINT deliveries_pk PRIMARY KEY (tenant, scan, sequence)
);
