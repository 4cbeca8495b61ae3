CREATE TABLE tokens (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    lookup TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    expires BIGINT,
    revoked BIGINT,
    CONSTRAINT tokens_id_pk PRIMARY KEY (tenant, id)
);
-- The one search over all tenants: a bearer token arrives before its tenant is known.
CREATE UNIQUE INDEX tokens_lookup_idx ON tokens (lookup);
CREATE INDEX tokens_subject_idx ON tokens (tenant, subject);

CREATE TABLE bindings (
    tenant TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    CONSTRAINT bindings_subject_role_pk PRIMARY KEY (tenant, subject, role)
);

-- Every text of the policies that was ever in force. Rows are only added.
CREATE TABLE policies (
    tenant TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    CONSTRAINT policies_revision_pk PRIMARY KEY (tenant, revision)
);
