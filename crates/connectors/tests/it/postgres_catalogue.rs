//! What a PostgreSQL database is said to hold.

use datawave_connectors::{Engine, TableKind, TableRef};
use datawave_core::Reason;
use sqlx::Row;

use crate::support::server::database;
use crate::support::{assert_failure, discover, failure_of, numbers, plan, table, texts};

#[tokio::test]
async fn tables_columns_types_keys_comments_and_defaults_are_read() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE SCHEMA hr; CREATE TABLE hr.town(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE); \
             CREATE DOMAIN hr.mail AS varchar(80) NOT NULL; \
             CREATE TABLE hr.person(gone int, code varchar(12) NOT NULL, part int, town bigint DEFAULT 7 REFERENCES hr.town, \
               mail hr.mail, upper_code text GENERATED ALWAYS AS (upper(code)) STORED, tags text[], \
               PRIMARY KEY (part, code)); \
             ALTER TABLE hr.person DROP COLUMN gone; \
             CREATE UNIQUE INDEX ON hr.person(mail); CREATE UNIQUE INDEX ON hr.person(tags) WHERE part > 0; \
             CREATE TABLE hr.visit(part int, code varchar(12), FOREIGN KEY (part, code) REFERENCES hr.person(part, code)); \
             COMMENT ON TABLE hr.person IS 'people of ann@example.org'; COMMENT ON COLUMN hr.person.mail IS 'write to'",
        )
        .await;
    let mut source = database.open().await;
    let engine = source.engine();
    assert_eq!(engine.engine, Engine::Postgres);
    assert!(
        engine.version.split('.').all(|part| part.parse::<u32>().is_ok()),
        "{}",
        engine.version
    );
    let discovery = discover(&mut source).await;
    let person = table(&discovery, "person");
    assert_eq!((person.at.schema.as_str(), person.kind), ("hr", TableKind::Table));
    assert_eq!(
        person.comment.as_ref().unwrap().expose(),
        "people of ann@example.org"
    );
    let columns: Vec<_> = person
        .columns
        .iter()
        .map(|c| {
            (
                c.name.as_str(),
                c.declared_type.as_str(),
                c.ordinal,
                c.nullable,
                c.generated,
                c.unique,
            )
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("code", "character varying(12)", 2, false, false, false),
            ("part", "integer", 3, false, false, false),
            ("town", "bigint", 4, true, false, false),
            ("mail", "hr.mail", 5, false, false, true),
            ("upper_code", "text", 6, true, true, false),
            ("tags", "text[]", 7, true, false, false),
        ]
    );
    assert_eq!(person.columns[2].default.as_ref().unwrap().expose(), "7");
    assert_eq!(person.columns[3].comment.as_ref().unwrap().expose(), "write to");
    assert_eq!(person.primary_key, ["part", "code"]);
    let [key] = person.foreign_keys.as_slice() else {
        panic!("one foreign key")
    };
    let town = TableRef {
        schema: "hr".into(),
        table: "town".into(),
    };
    assert_eq!(
        (&*key.columns, &key.references, &*key.referenced_columns),
        (&["town".to_owned()][..], &town, &["id".to_owned()][..])
    );
    assert_eq!(
        table(&discovery, "visit").foreign_keys[0].columns,
        ["part", "code"]
    );
    assert!(table(&discovery, "town").columns.iter().all(|c| c.unique));
    assert!(table(&discovery, "town").columns[0].generated, "identity");
    assert!(
        !format!("{discovery:?}").contains("ann@"),
        "comments cannot be printed by accident"
    );
}

#[tokio::test]
async fn every_kind_of_table_is_listed_and_read() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE plain(a int); INSERT INTO plain VALUES (1); \
             CREATE VIEW seen AS SELECT a FROM plain; CREATE MATERIALIZED VIEW kept AS SELECT a FROM plain; \
             CREATE MATERIALIZED VIEW unfilled AS SELECT a FROM plain WITH NO DATA; \
             CREATE TABLE parted(a int) PARTITION BY RANGE (a); \
             CREATE TABLE part_low PARTITION OF parted FOR VALUES FROM (0) TO (10); INSERT INTO parted VALUES (5); \
             CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; \
             CREATE FOREIGN TABLE far(a int) SERVER files OPTIONS (program 'echo 9'); \
             CREATE FOREIGN TABLE lost(a int) SERVER files OPTIONS (filename '/nowhere/ann@example.org'); \
             CREATE TABLE child(b int) INHERITS (plain); INSERT INTO child VALUES (2, 3); CREATE TEMP TABLE mine(a int)",
        )
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    let kinds: Vec<_> = discovery
        .tables
        .iter()
        .map(|t| (t.at.table.as_str(), t.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("child", TableKind::Table),
            ("far", TableKind::ForeignTable),
            ("kept", TableKind::MaterializedView),
            ("lost", TableKind::ForeignTable),
            ("part_low", TableKind::Table),
            ("parted", TableKind::PartitionedTable),
            ("plain", TableKind::Table),
            ("seen", TableKind::View),
            ("unfilled", TableKind::MaterializedView),
        ]
    );
    assert_eq!(
        table(&discovery, "part_low").partition_of.as_ref().unwrap().table,
        "parted"
    );
    for (name, expected) in [
        ("plain", 1),
        ("seen", 1),
        ("kept", 1),
        ("parted", 5),
        ("part_low", 5),
        ("far", 9),
        ("child", 2),
    ] {
        let sample = source.sample(table(&discovery, name), &plan(10)).await.unwrap();
        let values = numbers(&sample.columns[0]);
        // A view over a parent sees the children too; the parent itself gives its own rows.
        assert!(values.contains(&expected), "{name} {values:?}");
        if name == "plain" {
            assert_eq!(values, [1]);
        }
    }
    for name in ["lost", "unfilled"] {
        let failure = source
            .sample(table(&discovery, name), &plan(10))
            .await
            .err()
            .unwrap();
        assert_failure(&failure, Reason::SourceBroken, &["ann@"]);
    }
}

#[tokio::test]
async fn the_columns_are_those_of_the_engines_own_catalogue() {
    let Some(database) = database().await else { return };
    let mut sql = String::new();
    for i in 0..40 {
        sql.push_str(&format!(
            "CREATE SCHEMA s{i}; CREATE TABLE s{i}.t(a int, b text, \"C {i}\" date); CREATE VIEW s{i}.v AS SELECT a FROM s{i}.t;"
        ));
    }
    database.run(&sql).await;
    let discovery = discover(&mut database.open().await).await;
    let mut ours: Vec<String> = discovery
        .tables
        .iter()
        .flat_map(|t| {
            t.columns
                .iter()
                .map(move |c| format!("{}.{}.{}", t.at.schema, t.at.table, c.name))
        })
        .collect();
    ours.sort();
    let mut connection = database.server.connect(&database.name).await;
    let mut theirs: Vec<String> = sqlx::query(
        "SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns \
         WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
    .iter()
    .map(|row| row.get(0))
    .collect();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 160);
}

#[tokio::test]
async fn row_estimates_are_the_engines_own() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE t(a int); INSERT INTO t SELECT generate_series(1, 5000); ANALYZE t; \
             CREATE TABLE fresh(a int); INSERT INTO fresh VALUES (1); \
             CREATE TABLE empty(a int); \
             CREATE TABLE p(a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9999); \
             INSERT INTO p SELECT generate_series(1, 700); ANALYZE p1",
        )
        .await;
    let discovery = discover(&mut database.open().await).await;
    let estimate = |name| table(&discovery, name).row_estimate;
    assert_eq!(estimate("t"), Some(5000));
    assert_eq!(estimate("fresh"), None, "never analysed");
    assert_eq!(estimate("p"), Some(700));
}

#[tokio::test]
async fn what_may_not_be_read_is_listed_with_the_grants_that_are_missing() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    database
        .run(&format!(
            "CREATE SCHEMA shut; CREATE TABLE shut.\"se\"\"cret\"(a int); CREATE TABLE public.shut2(a int); \
             CREATE TABLE partly(a int, b text); INSERT INTO partly VALUES (1, 'x'); GRANT SELECT(a) ON partly TO {role}; \
             CREATE TABLE open(a int); GRANT SELECT ON open TO {role}"
        ))
        .await;
    let mut source = database.open_as(&role).await;
    let discovery = discover(&mut source).await;
    assert_eq!(discovery.tables.len(), 4, "all are listed");
    assert!(table(&discovery, "open").missing_grants.is_empty());
    let secret = table(&discovery, "se\"cret");
    assert_eq!(
        secret.missing_grants,
        [
            format!("GRANT USAGE ON SCHEMA \"shut\" TO \"{role}\";"),
            format!("GRANT SELECT ON \"shut\".\"se\"\"cret\" TO \"{role}\";"),
        ]
    );
    let sample = source.sample(secret, &plan(5)).await.unwrap();
    let failure = failure_of(&sample.columns[0]).unwrap();
    assert_failure(failure, Reason::SourceGrantMissing, &[]);
    assert!(failure.remedy().unwrap().contains(&secret.missing_grants[1]));

    let sample = source
        .sample(table(&discovery, "partly"), &plan(5))
        .await
        .unwrap();
    assert_eq!(
        texts(&sample.columns[0]),
        [Some("1".to_owned())],
        "a granted column is read"
    );
    assert_failure(
        failure_of(&sample.columns[1]).unwrap(),
        Reason::SourceGrantMissing,
        &[],
    );

    for grant in discovery.tables.iter().flat_map(|t| &t.missing_grants) {
        database.run(grant).await;
    }
    let discovery = discover(&mut source).await;
    assert!(
        discovery.tables.iter().all(|t| t.missing_grants.is_empty()),
        "they are exact"
    );
    let sample = source
        .sample(table(&discovery, "se\"cret"), &plan(5))
        .await
        .unwrap();
    assert!(failure_of(&sample.columns[0]).is_none());
}

#[tokio::test]
async fn row_level_security_is_told() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE TABLE u(a int)")
        .await;
    let discovery = discover(&mut database.open().await).await;
    assert!(table(&discovery, "t").row_security);
    assert!(!table(&discovery, "u").row_security);
}
