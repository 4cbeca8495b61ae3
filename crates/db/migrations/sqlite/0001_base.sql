-- Tables that the crate db owns in every store. Same names and columns as in ../postgres.
CREATE TABLE dw_outbox (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL,
    tenant       TEXT NOT NULL,
    topic        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    ordering_key TEXT NOT NULL,
    occurred     INTEGER NOT NULL,
    trace_id     TEXT,
    payload      BLOB NOT NULL
);

CREATE TABLE dw_audit_rows (
    sequence INTEGER PRIMARY KEY,
    id       TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    record   BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash     BLOB NOT NULL,
    CONSTRAINT dw_audit_rows_id_unique UNIQUE (id)
);

-- One row: the end of the chain, and how far the relay has delivered it.
CREATE TABLE dw_audit_head (
    id        INTEGER PRIMARY KEY,
    sequence  INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    delivered INTEGER NOT NULL
);

CREATE TABLE dw_idempotency (
    tenant   TEXT NOT NULL,
    method   TEXT NOT NULL,
    key      TEXT NOT NULL,
    digest   BLOB NOT NULL,
    resource TEXT,
    created  INTEGER NOT NULL,
    PRIMARY KEY (tenant, method, key)
);
CREATE INDEX dw_idempotency_created_idx ON dw_idempotency (tenant, created);

INSERT INTO dw_audit_head (id, sequence, hash, delivered) VALUES (1, 0, zeroblob(32), 0);
