-- What the last scan found per column, whether it found a type or not.
CREATE TABLE column_results (
    tenant TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    column_key TEXT COLLATE "C" NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    scan TEXT COLLATE "C" NOT NULL,
    has_findings BOOLEAN NOT NULL,
    document BYTEA NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT column_results_pk PRIMARY KEY (tenant, source, column_key)
);
CREATE INDEX column_results_sort_idx ON column_results (tenant, sort_key);
CREATE INDEX column_results_scan_idx ON column_results (tenant, scan, sort_key);

CREATE TABLE findings (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    column_key TEXT COLLATE "C" NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT findings_id_pk PRIMARY KEY (tenant, id)
);
CREATE INDEX findings_column_idx ON findings (tenant, source, column_key);
CREATE INDEX findings_sort_idx ON findings (tenant, sort_key, id);

CREATE TABLE received_batches (
    tenant TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL,
    created_count BIGINT NOT NULL,
    changed_count BIGINT NOT NULL,
    received BIGINT NOT NULL,
    CONSTRAINT received_batches_pk PRIMARY KEY (tenant, batch)
);

-- Labels that the catalog has not taken over yet, in the order in which they were decided.
CREATE TABLE label_deliveries (
    tenant TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    CONSTRAINT label_deliveries_pk PRIMARY KEY (tenant, sequence)
);

CREATE TABLE delivery_sequences (
    tenant TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT delivery_sequences_pk PRIMARY KEY (tenant)
);
