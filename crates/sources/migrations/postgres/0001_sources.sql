CREATE TABLE sources (
    tenant TEXT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    engine TEXT NOT NULL,
    url TEXT NOT NULL,
    credential_ref TEXT NOT NULL,
    login TEXT NOT NULL,
    edge TEXT NOT NULL,
    include_patterns TEXT NOT NULL,
    exclude_patterns TEXT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT sources_id_pk PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sources_display_name_unique ON sources (tenant, display_name);
