-- Index of the log: one row per entry, derived from it (src/log/row.rs). The files of the log are the truth;
-- only rows behind the newest checkpoint are not in them yet.
CREATE TABLE audit_records (
    tenant    TEXT COLLATE "C" NOT NULL,
    log_index BIGINT NOT NULL,
    service   TEXT COLLATE "C" NOT NULL,
    sequence  BIGINT NOT NULL,
    previous  BYTEA NOT NULL,
    hash      BYTEA NOT NULL,
    record    BYTEA NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    occurred  BIGINT NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    method    TEXT COLLATE "C" NOT NULL,
    verdict   TEXT COLLATE "C" NOT NULL,
    resource  TEXT COLLATE "C" NOT NULL,
    action    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, log_index)
);
-- The log and the chains are of the installation, not of a tenant.
CREATE UNIQUE INDEX audit_records_log_index ON audit_records (log_index);
CREATE UNIQUE INDEX audit_records_chain ON audit_records (service, sequence);
CREATE INDEX audit_records_subject ON audit_records (tenant, subject, log_index);
CREATE INDEX audit_records_resource ON audit_records (tenant, resource, log_index);
CREATE INDEX audit_records_occurred ON audit_records (tenant, occurred);
