CREATE TABLE sources (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    credential_ref TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    edge TEXT COLLATE "C" NOT NULL,
    include_patterns TEXT COLLATE "C" NOT NULL,
    exclude_patterns TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    CONSTRAINT sources_id_pk PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sources_display_name_unique ON sources (tenant, display_name);
