-- Tables that the crate db owns in every store. Same names and columns as in ../sqlite.
CREATE TABLE dw_outbox (
    position     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           TEXT COLLATE "C" NOT NULL,
    tenant       TEXT COLLATE "C" NOT NULL,
    topic        TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    ordering_key TEXT COLLATE "C" NOT NULL,
    occurred     BIGINT NOT NULL,
    trace_id     TEXT COLLATE "C",
    payload      BYTEA NOT NULL
);

CREATE TABLE dw_audit_rows (
    sequence BIGINT PRIMARY KEY,
    id       TEXT COLLATE "C" NOT NULL,
    tenant   TEXT COLLATE "C" NOT NULL,
    record   BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    hash     BYTEA NOT NULL,
    CONSTRAINT dw_audit_rows_id_unique UNIQUE (id)
);

-- One row: the end of the chain, and how far the relay has delivered it.
CREATE TABLE dw_audit_head (
    id        BIGINT PRIMARY KEY,
    sequence  BIGINT NOT NULL,
    hash      BYTEA NOT NULL,
    delivered BIGINT NOT NULL
);

CREATE TABLE dw_idempotency (
    tenant   TEXT COLLATE "C" NOT NULL,
    method   TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    digest   BYTEA NOT NULL,
    resource TEXT COLLATE "C",
    created  BIGINT NOT NULL,
    PRIMARY KEY (tenant, method, key)
);
CREATE INDEX dw_idempotency_created_idx ON dw_idempotency (tenant, created);

INSERT INTO dw_audit_head (id, sequence, hash, delivered) VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0);
