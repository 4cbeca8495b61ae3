CREATE TABLE sources (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    engine TEXT NOT NULL,
    url TEXT NOT NULL,
    credential_ref TEXT NOT NULL,
    login TEXT NOT NULL,
    edge TEXT NOT NULL,
    include_patterns TEXT NOT NULL,
    exclude_patterns TEXT NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    CONSTRAINT sources_id_pk PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sources_display_name_unique ON sources (tenant, display_name);
