-- What the last scan found per column, whether it found a type or not.
CREATE TABLE column_results (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    column_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    scan TEXT NOT NULL,
    has_findings BOOLEAN NOT NULL,
    document BLOB NOT NULL,
    updated INTEGER NOT NULL,
    CONSTRAINT column_results_pk PRIMARY KEY (tenant, source, column_key)
);
CREATE INDEX column_results_sort_idx ON column_results (tenant, sort_key);
CREATE INDEX column_results_scan_idx ON column_results (tenant, scan, sort_key);

CREATE TABLE findings (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    column_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    CONSTRAINT findings_id_pk PRIMARY KEY (tenant, id)
);
CREATE INDEX findings_column_idx ON findings (tenant, source, column_key);
CREATE INDEX findings_sort_idx ON findings (tenant, sort_key, id);

CREATE TABLE received_batches (
    tenant TEXT NOT NULL,
    batch TEXT NOT NULL,
    created_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    received INTEGER NOT NULL,
    CONSTRAINT received_batches_pk PRIMARY KEY (tenant, batch)
);

-- Labels that the catalog has not taken over yet, in the order in which they were decided.
CREATE TABLE label_deliveries (
    tenant TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    payload BLOB NOT NULL,
    CONSTRAINT label_deliveries_pk PRIMARY KEY (tenant, sequence)
);

CREATE TABLE delivery_sequences (
    tenant TEXT NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT delivery_sequences_pk PRIMARY KEY (tenant)
);
