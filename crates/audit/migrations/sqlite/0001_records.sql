-- Index of the log: one row per entry, derived from it (src/log/row.rs). The files of the log are the truth;
-- only rows behind the newest checkpoint are not in them yet.
CREATE TABLE audit_records (
    tenant    TEXT NOT NULL,
    log_index INTEGER NOT NULL,
    service   TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    previous  BLOB NOT NULL,
    hash      BLOB NOT NULL,
    record    BLOB NOT NULL,
    id        TEXT NOT NULL,
    occurred  INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    method    TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    resource  TEXT NOT NULL,
    action    TEXT NOT NULL,
    PRIMARY KEY (tenant, log_index)
);
-- The log and the chains are of the installation, not of a tenant.
CREATE UNIQUE INDEX audit_records_log_index ON audit_records (log_index);
CREATE UNIQUE INDEX audit_records_chain ON audit_records (service, sequence);
CREATE INDEX audit_records_subject ON audit_records (tenant, subject, log_index);
CREATE INDEX audit_records_resource ON audit_records (tenant, resource, log_index);
CREATE INDEX audit_records_occurred ON audit_records (tenant, occurred);
