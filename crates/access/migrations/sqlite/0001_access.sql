CREATE TABLE tokens (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    lookup TEXT NOT NULL,
    digest BLOB NOT NULL,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires INTEGER,
    revoked INTEGER,
    CONSTRAINT tokens_id_pk PRIMARY KEY (tenant, id)
);
-- The one search over all tenants: a bearer token arrives before its tenant is known.
CREATE UNIQUE INDEX tokens_lookup_idx ON tokens (lookup);
CREATE INDEX tokens_subject_idx ON tokens (tenant, subject);

CREATE TABLE bindings (
    tenant TEXT NOT NULL,
    subject TEXT NOT NULL,
    role TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CONSTRAINT bindings_subject_role_pk PRIMARY KEY (tenant, subject, role)
);

-- Every text of the policies that was ever in force. Rows are only added.
CREATE TABLE policies (
    tenant TEXT NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CONSTRAINT policies_revision_pk PRIMARY KEY (tenant, revision)
);
