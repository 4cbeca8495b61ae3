//! Values of PostgreSQL: every type, any size, and a broken column beside good ones.

use datawave_core::Reason;
use datawave_raw::RawKind;

use crate::support::server::{database, database_as};
use crate::support::{assert_failure, discover, failure_of, plan, sample, table, texts};

/// Type, a value of it as SQL, and what must arrive.
const TYPES: &[(&str, &str, &str, RawKind)] = &[
    ("smallint", "-7", "-7", RawKind::Integer),
    ("integer", "2147483647", "2147483647", RawKind::Integer),
    (
        "bigint",
        "-9223372036854775808",
        "-9223372036854775808",
        RawKind::Integer,
    ),
    ("oid", "4294967295", "4294967295", RawKind::Integer),
    ("real", "1.5", "1.5", RawKind::Float),
    ("double precision", "'NaN'", "NaN", RawKind::Float),
    (
        "numeric(30,10)",
        "12345678901234567890.0123456789",
        "12345678901234567890.0123456789",
        RawKind::Float,
    ),
    ("money", "12.34", "$12.34", RawKind::Text),
    ("boolean", "true", "true", RawKind::Boolean),
    ("text", "'Zoë 🦀'", "Zoë 🦀", RawKind::Text),
    ("varchar(20)", "'ann'", "ann", RawKind::Text),
    ("char(6)", "'ann'", "ann", RawKind::Text),
    ("\"char\"", "'x'", "x", RawKind::Text),
    ("name", "'a_name'", "a_name", RawKind::Text),
    ("bytea", "'\\x00ff61'", "\u{0}\u{fffd}a", RawKind::Binary),
    ("date", "'2024-02-29'", "2024-02-29", RawKind::Temporal),
    ("time", "'23:59:59.5'", "23:59:59.5", RawKind::Temporal),
    ("timetz", "'23:59:59+02'", "23:59:59+02", RawKind::Temporal),
    (
        "timestamp",
        "'2024-02-29 12:00'",
        "2024-02-29 12:00:00",
        RawKind::Temporal,
    ),
    (
        "timestamptz",
        "'2024-02-29 12:00+02'",
        "2024-02-29 10:00:00+00",
        RawKind::Temporal,
    ),
    ("interval", "'1 day 02:00'", "1 day 02:00:00", RawKind::Text),
    (
        "uuid",
        "'0191d7a2-1111-7222-8333-444455556666'",
        "0191d7a2-1111-7222-8333-444455556666",
        RawKind::Text,
    ),
    ("json", "'{\"a\": 1}'", "{\"a\": 1}", RawKind::Json),
    ("jsonb", "'{\"a\":1}'", "{\"a\": 1}", RawKind::Json),
    ("jsonpath", "'$.a'", "$.\"a\"", RawKind::Text),
    ("xml", "'<a>b</a>'", "<a>b</a>", RawKind::Text),
    ("inet", "'192.0.2.1/24'", "192.0.2.1/24", RawKind::Text),
    ("cidr", "'192.0.2.0/24'", "192.0.2.0/24", RawKind::Text),
    (
        "macaddr",
        "'08:00:2b:01:02:03'",
        "08:00:2b:01:02:03",
        RawKind::Text,
    ),
    (
        "macaddr8",
        "'08:00:2b:01:02:03:04:05'",
        "08:00:2b:01:02:03:04:05",
        RawKind::Text,
    ),
    ("bit(4)", "B'1010'", "1010", RawKind::Text),
    ("bit varying(9)", "B'101'", "101", RawKind::Text),
    ("point", "'(1,2)'", "(1,2)", RawKind::Text),
    ("line", "'{1,2,3}'", "{1,2,3}", RawKind::Text),
    ("lseg", "'[(1,2),(3,4)]'", "[(1,2),(3,4)]", RawKind::Text),
    ("box", "'(3,4),(1,2)'", "(3,4),(1,2)", RawKind::Text),
    ("path", "'((1,2),(3,4))'", "((1,2),(3,4))", RawKind::Text),
    ("polygon", "'((1,2),(3,4))'", "((1,2),(3,4))", RawKind::Text),
    ("circle", "'<(1,2),3>'", "<(1,2),3>", RawKind::Text),
    ("tsvector", "'a fat cat'", "'a' 'cat' 'fat'", RawKind::Text),
    ("tsquery", "'a & b'", "'a' & 'b'", RawKind::Text),
    ("int4range", "'[1,5)'", "[1,5)", RawKind::Text),
    ("int8multirange", "'{[1,5)}'", "{[1,5)}", RawKind::Text),
    (
        "tstzrange",
        "'[2024-01-01 00:00+00,)'",
        "[\"2024-01-01 00:00:00+00\",)",
        RawKind::Text,
    ),
    ("text[]", "ARRAY['a','b c']", "{a,\"b c\"}", RawKind::Text),
    ("int[][]", "'{{1,2},{3,4}}'", "{{1,2},{3,4}}", RawKind::Text),
    ("jsonb[]", "ARRAY['1'::jsonb]", "{1}", RawKind::Text),
    ("pg_lsn", "'16/B374D848'", "16/B374D848", RawKind::Text),
    ("regclass", "'pg_class'::regclass", "pg_class", RawKind::Text),
    ("pg_snapshot", "'10:20:10,14'", "10:20:10,14", RawKind::Text),
    ("public.mood", "'happy'", "happy", RawKind::Text),
    (
        "public.mail",
        "'ann@example.org'",
        "ann@example.org",
        RawKind::Text,
    ),
    ("public.picture", "'\\x61'", "a", RawKind::Binary),
    ("public.age", "33", "33", RawKind::Integer),
    (
        "public.address",
        "ROW('Main St', 5)",
        "(\"Main St\",5)",
        RawKind::Text,
    ),
    ("public.mood[]", "'{happy,sad}'", "{happy,sad}", RawKind::Text),
    (
        "public.address[]",
        "ARRAY[ROW('x', 1)::public.address]",
        "{\"(x,1)\"}",
        RawKind::Text,
    ),
    ("public.hstore", "'a=>1'", "\"a\"=>\"1\"", RawKind::Text),
    ("public.citext", "'Ann'", "Ann", RawKind::Text),
    ("public.ltree", "'Top.Science'", "Top.Science", RawKind::Text),
];

#[tokio::test]
async fn every_type_arrives_without_the_loss_of_a_column() {
    let Some(database) = database().await else { return };
    let columns: Vec<String> = TYPES
        .iter()
        .enumerate()
        .map(|(i, t)| format!("c{i} {}", t.0))
        .collect();
    let values: Vec<&str> = TYPES.iter().map(|t| t.1).collect();
    database
        .run(&format!(
            "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; \
             CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE DOMAIN mail0 AS text; CREATE DOMAIN mail AS mail0; \
             CREATE DOMAIN picture AS bytea; CREATE DOMAIN age AS int CHECK (VALUE > 0); \
             CREATE TYPE address AS (street text, number int); \
             CREATE TABLE t({}); INSERT INTO t VALUES ({}); INSERT INTO t DEFAULT VALUES",
            columns.join(", "),
            values.join(", ")
        ))
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(10)).await;
    assert_eq!(sample.columns.len(), TYPES.len());
    for ((name, _, expected, kind), outcome) in TYPES.iter().zip(&sample.columns) {
        assert_eq!(texts(outcome), [Some((*expected).to_owned()), None], "{name}");
        assert_eq!(outcome.values()[0].as_ref().unwrap().kind(), *kind, "{name}");
    }
}

#[tokio::test]
async fn a_value_of_100_mib_is_cut_at_the_source_and_keeps_its_length() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE t(s text, b bytea, j jsonb); \
             INSERT INTO t SELECT repeat('é', 52428800), convert_to(repeat('x', 104857600), 'UTF8'), \
               to_jsonb(repeat('y', 20000))",
        )
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(10)).await;
    let cell = |i: usize| sample.columns[i].values()[0].as_ref().unwrap();
    assert_eq!(
        (cell(0).expose().len(), cell(0).full_length()),
        (2 * 8_192, 104_857_600)
    );
    assert!(cell(0).expose_text().is_some(), "cut between characters");
    assert_eq!(
        (cell(1).expose().len(), cell(1).full_length()),
        (8_192, 104_857_600)
    );
    assert_eq!((cell(2).expose().len(), cell(2).full_length()), (8_192, 20_002));
    assert!((0..3).all(|i| cell(i).is_truncated()));
    assert!(sample.cost.bytes < 40_000);
}

#[tokio::test]
async fn a_value_at_the_limit_is_whole_also_where_characters_are_wide() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(s text); INSERT INTO t VALUES (repeat('漢', 8192))")
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(10)).await;
    let cell = sample.columns[0].values()[0].as_ref().unwrap();
    assert_eq!(cell.expose().len(), 3 * 8_192);
    assert!(!cell.is_truncated());
}

#[tokio::test]
async fn values_with_invalid_utf8_arrive_as_their_octets() {
    let Some(database) = database_as("ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0").await else {
        return;
    };
    database
        .run("CREATE TABLE t(s text); INSERT INTO t VALUES (E'a\\xff\\xfeb')")
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(10)).await;
    assert!(
        failure_of(&sample.columns[0]).is_none(),
        "{:?}",
        failure_of(&sample.columns[0])
    );
    assert_eq!(
        sample.columns[0].values()[0].as_ref().unwrap().expose(),
        b"a\xff\xfeb"
    );
}

#[tokio::test]
async fn a_column_that_fails_does_not_fail_the_others() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE t(a text, b int); INSERT INTO t VALUES ('ann@example.org', 0), ('7', 1); \
             CREATE VIEW v AS SELECT a::int AS bad, 1 / b AS worse, a AS good, b FROM t",
        )
        .await;
    let sample = sample(&mut database.open().await, "v", &plan(10)).await;
    for index in [0, 1] {
        assert_failure(
            failure_of(&sample.columns[index]).unwrap(),
            Reason::SourceBroken,
            &["ann@"],
        );
    }
    assert_eq!(texts(&sample.columns[2]).len(), 2);
    assert_eq!(texts(&sample.columns[3]).len(), 2);
}

#[tokio::test]
async fn a_view_that_always_fails_is_a_failed_table() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE FUNCTION boom() RETURNS SETOF int LANGUAGE plpgsql AS \
               $$ BEGIN RAISE EXCEPTION 'ann@example.org exists'; END $$; \
             CREATE VIEW v AS SELECT boom AS a, 1 AS b FROM boom(); CREATE TABLE t(a int); INSERT INTO t VALUES (1)",
        )
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    let failure = source
        .sample(table(&discovery, "v"), &plan(10))
        .await
        .err()
        .unwrap();
    assert_failure(&failure, Reason::SourceBroken, &["ann@"]);
    assert_eq!(
        source
            .sample(table(&discovery, "t"), &plan(10))
            .await
            .unwrap()
            .rows,
        1,
        "the session goes on"
    );
}

#[tokio::test]
async fn wide_tables_are_read_to_the_last_column() {
    let Some(database) = database().await else { return };
    let columns: Vec<String> = (0..1_500).map(|i| format!("c{i} smallint DEFAULT {i}")).collect();
    database
        .run(&format!(
            "CREATE TABLE t({}); INSERT INTO t DEFAULT VALUES",
            columns.join(",")
        ))
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(10)).await;
    let read: Vec<i64> = sample
        .columns
        .iter()
        .map(|c| crate::support::numbers(c)[0])
        .collect();
    assert_eq!(read, (0..1_500).collect::<Vec<i64>>());
}
