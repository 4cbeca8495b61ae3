//! Reading rows of a PostgreSQL table: head, random blocks, tail.

use std::collections::HashSet;

use datawave_core::{Failure, Reason};
use datawave_raw::{RawCell, RawKind};
use sqlx::postgres::PgRow;

use super::Server;
use super::session::{Session, integer, not_filled, octets, text};
use crate::limits::Limits;
use crate::model::{Form, Storage, Table, TableKind};
use crate::quote::postgres as quoted;
use crate::sample::{Gather, Outcome, Sample, SamplePlan};

/// Columns of one statement: two results each stay below PostgreSQL's limit of 1,664.
const CHUNK: usize = 400;

/// Octets that a row takes at least in a page: header, line pointer, alignment.
const SMALLEST_ROW: i64 = 28;

/// Address of a row: the table that holds it, its block, its place in there.
const ADDRESS: &str = "r.tableoid::pg_catalog.text || r.ctid::pg_catalog.text";

/// How many more blocks than necessary are visited, a part of their rows from each: rows of one block tend to
/// be alike, because they were written together.
const SPREAD: f64 = 8.0;

/// Blocks at the end of a table that are looked at most: rows so wide that they need more have a shorter tail.
const MAX_TAIL: i64 = 256;

pub(super) async fn sample(
    session: &mut Session,
    server: &Server,
    limits: &Limits,
    table: &Table,
    plan: &SamplePlan,
) -> Result<Sample, Failure> {
    let shown = table.at.to_string();
    if matches!(table.storage, Storage::Unpopulated) {
        return Err(not_filled(&shown));
    }
    let mut out = Sample {
        columns: Vec::with_capacity(table.columns.len()),
        rows: 0,
        cost: session.take_cost(),
        truncated_by: None,
        incomplete: None,
    };
    let mut wanted = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        out.columns.push(if column.excluded {
            Outcome::Excluded
        } else if column.readable {
            wanted.push(index);
            Outcome::Read(Vec::new())
        } else {
            Outcome::Failed(not_granted(table))
        });
    }
    if wanted.is_empty() || plan.rows == 0 {
        return Ok(out);
    }
    let mut reader = Reader {
        session,
        server,
        value_bytes: limits.value_bytes,
        table,
        plan,
        shown,
    };
    let result = reader.columns(&wanted, &mut out).await;
    out.cost.add(session.take_cost());
    result.map(|()| out)
}

fn not_granted(table: &Table) -> Failure {
    let remedy = if table.missing_grants.is_empty() {
        "let an owner grant SELECT on it".to_owned()
    } else {
        format!("let an owner run: {}", table.missing_grants.join(" "))
    };
    Failure::new(
        Reason::SourceGrantMissing,
        format!("this login may not read {}", table.at),
    )
    .with_remedy(remedy)
}

struct Reader<'a> {
    session: &'a mut Session,
    server: &'a Server,
    value_bytes: u32,
    table: &'a Table,
    plan: &'a SamplePlan,
    shown: String,
}

impl Reader<'_> {
    async fn columns(&mut self, wanted: &[usize], out: &mut Sample) -> Result<(), Failure> {
        for chunk in wanted.chunks(CHUNK) {
            let share = self.plan.byte_share(chunk.len(), wanted.len());
            match self.chunk(chunk, share).await {
                Ok(read) => out.keep(chunk, read),
                Err(failure) if self.is_final(&failure) => return Err(failure),
                Err(whole) => {
                    // A table that gives no row at all is broken as such; otherwise one of its columns is.
                    if self.any_row().await.is_err() {
                        return Err(whole);
                    }
                    let share = self.plan.byte_share(1, wanted.len());
                    for index in chunk {
                        match self.chunk(std::slice::from_ref(index), share).await {
                            Ok(read) => out.keep(std::slice::from_ref(index), read),
                            Err(failure) if self.session.is_lost() => return Err(failure),
                            Err(failure) => out.columns[*index] = Outcome::Failed(failure),
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// A statement that ran out of time would do so again for every column.
    fn is_final(&self, failure: &Failure) -> bool {
        self.session.is_lost() || failure.reason() == Reason::SourceTimeout
    }

    async fn any_row(&mut self) -> Result<(), Failure> {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", self.from("")?);
        self.session.begin().await?;
        let result = self
            .session
            .rows(sql, &format!("reading {}", self.shown), |_| Ok(false))
            .await;
        self.session.end().await?;
        result
    }

    /// The table with an alias. Rows of children are read where they are listed themselves, as their own tables.
    fn from(&self, sampling: &str) -> Result<String, Failure> {
        let only = if self.table.kind == TableKind::Table {
            "ONLY "
        } else {
            ""
        };
        let (schema, table) = (quoted(&self.table.at.schema)?, quoted(&self.table.at.table)?);
        Ok(format!("{only}{schema}.{table} AS r{sampling}"))
    }

    /// Reads the parts of the plan for some columns in one transaction.
    async fn chunk(
        &mut self,
        indices: &[usize],
        max_bytes: u64,
    ) -> Result<(Gather, Option<Failure>), Failure> {
        let mut gather = Gather::new(indices.len(), self.plan.rows, max_bytes);
        self.session.begin().await?;
        let result = self.parts(indices, &mut gather).await;
        self.session.end().await?;
        result.map(|later| (gather, later))
    }

    /// An error of the first part fails all; one of a later part is returned beside what was read.
    async fn parts(&mut self, indices: &[usize], gather: &mut Gather) -> Result<Option<Failure>, Failure> {
        let list = self.select_list(indices)?;
        let rows = self.plan.rows;
        let Storage::Heap {
            oid,
            partitioned,
            whole: true,
        } = self.table.storage
        else {
            let sql = format!(
                "SELECT NULL::pg_catalog.text, {list} FROM {} LIMIT {rows}",
                self.from("")?
            );
            self.read(gather, indices, sql).await?;
            return Ok(None);
        };
        let blocks = self.blocks(oid, partitioned).await?;
        let (head, middle, tail) = self.plan.parts();
        let first = if self.is_small(blocks) { rows } else { head };
        let sql = format!("SELECT {ADDRESS}, {list} FROM {} LIMIT {first}", self.from("")?);
        let seen = self.read(gather, indices, sql).await?;
        if gather.rows < u64::from(first) || gather.is_full() {
            return Ok(None);
        }
        let rest = async {
            // How many rows a block holds shows in the part just read.
            let density = (gather.rows as f64 / seen.max(1) as f64).max(1.0);
            let tail = if partitioned { 0 } else { tail };
            if tail > 0 {
                let span = ((f64::from(tail) / density).ceil() as i64 + 1).min(MAX_TAIL);
                let from_block = (blocks - span).max(0);
                let per_block = self.server.block_size / SMALLEST_ROW;
                // A list of addresses is fetched block by block on every version; ranges of them only since 14.
                let sql = format!(
                    "SELECT {ADDRESS}, {list} FROM {} WHERE r.ctid = ANY (ARRAY(SELECT \
                     ('(' || b || ',' || o || ')')::pg_catalog.tid FROM \
                     pg_catalog.generate_series({from_block}, {}) AS b, pg_catalog.generate_series(1, {per_block}) AS o)) \
                     ORDER BY r.ctid DESC LIMIT {tail}",
                    self.from("")?,
                    (blocks - 1).max(0),
                );
                self.read(gather, indices, sql).await?;
            }
            if gather.is_full() {
                return Ok(());
            }
            self.read_middle(gather, indices, &list, blocks, density, middle).await?;
            // What overlaps leave free is filled from where the head ended.
            if !gather.is_full() && density * blocks as f64 <= f64::from(rows) * 4.0 {
                let sql = format!("SELECT {ADDRESS}, {list} FROM {} LIMIT {rows}", self.from("")?);
                self.read(gather, indices, sql).await?;
            }
            Ok(())
        }
        .await;
        Ok(rest.err())
    }

    /// Random blocks. The engine draws them from the seed; of each, every `thin`th row is taken. Where that
    /// gives more rows than fit, the order by a hash keeps the limit from preferring the first blocks.
    async fn read_middle(
        &mut self,
        gather: &mut Gather,
        indices: &[usize],
        list: &str,
        blocks: i64,
        density: f64,
        middle: u32,
    ) -> Result<(), Failure> {
        let room = middle.max(gather.room());
        let needed = f64::from(room) / density;
        let visited = (needed * SPREAD.min(density.max(1.0))).clamp(1.0, blocks.max(1) as f64);
        let percent = (visited / blocks.max(1) as f64 * 100.0).clamp(0.000_001, 100.0);
        let thin = (visited * density / f64::from(room.max(1))).floor().max(1.0) as u64;
        let seed = self.plan.seed % 1_000_000_007;
        let sampling = format!(" TABLESAMPLE SYSTEM ({percent:.6}) REPEATABLE ({seed})");
        let sql = format!(
            "SELECT {ADDRESS}, {list} FROM {} WHERE \
             (r.ctid::pg_catalog.text::pg_catalog.point)[1]::pg_catalog.int8 % {thin} = {} \
             ORDER BY pg_catalog.hashtext({ADDRESS}), 1 LIMIT {}",
            self.from(&sampling)?,
            seed % thin,
            gather.room(),
        );
        self.read(gather, indices, sql).await.map(drop)
    }

    /// Whether the table fits the plan, so that one statement reads it whole.
    fn is_small(&self, blocks: i64) -> bool {
        let fits = |rows: i64| rows <= i64::from(self.plan.rows);
        fits(blocks.saturating_mul(self.server.block_size / SMALLEST_ROW))
            || (self.table.row_estimate.is_some_and(fits) && blocks <= i64::from(self.plan.rows))
    }

    /// Blocks that the table, or all parts of it, take on disk now.
    async fn blocks(&mut self, oid: i64, partitioned: bool) -> Result<i64, Failure> {
        let size = if partitioned {
            format!(
                "(SELECT sum(pg_catalog.pg_relation_size(t.relid)) FROM pg_catalog.pg_partition_tree({oid}::pg_catalog.oid) t \
                 WHERE t.isleaf)"
            )
        } else {
            format!("pg_catalog.pg_relation_size({oid}::pg_catalog.oid)")
        };
        let mut bytes = 0;
        self.session
            .rows(
                format!("SELECT coalesce({size}, 0)::pg_catalog.int8"),
                &format!("reading {}", self.shown),
                |row| {
                    bytes = integer(row, 0).unwrap_or(0);
                    Ok(true)
                },
            )
            .await?;
        Ok(bytes / self.server.block_size)
    }

    /// Runs one part; returns how many blocks its rows came from.
    async fn read(&mut self, gather: &mut Gather, indices: &[usize], sql: String) -> Result<usize, Failure> {
        let before = gather.bytes;
        let forms: Vec<Form> = indices.iter().map(|i| self.table.columns[*i].form).collect();
        let mut blocks = HashSet::new();
        let doing = format!("reading {}", self.shown);
        let result = self
            .session
            .rows(sql, &doing, |row| {
                let address = text(row, 0);
                if let Some((block, _)) = address.as_deref().and_then(|a| a.split_once(',')) {
                    blocks.insert(block.to_owned());
                }
                let cells = forms
                    .iter()
                    .enumerate()
                    .map(|(i, form)| cell(row, 1 + 2 * i, *form))
                    .collect();
                gather.take(address.map(String::into_bytes), cells);
                Ok(!gather.is_full())
            })
            .await;
        self.session.count_bytes(gather.bytes - before);
        result.map(|()| blocks.len())
    }

    /// Two results per column: the value, cut, and the whole length where it was cut.
    fn select_list(&self, indices: &[usize]) -> Result<String, Failure> {
        let keep = self.value_bytes;
        let mut parts = Vec::with_capacity(indices.len());
        for index in indices {
            let column = &self.table.columns[*index];
            let name = format!("r.{}", quoted(&column.name)?);
            parts.push(match column.form {
                Form::Octets => format!(
                    "pg_catalog.substring({name}::pg_catalog.bytea, 1, {keep}), \
                     CASE WHEN pg_catalog.octet_length({name}::pg_catalog.bytea) > {keep} \
                     THEN pg_catalog.octet_length({name}::pg_catalog.bytea)::pg_catalog.int8 END"
                ),
                Form::Text(_) | Form::Dynamic => format!(
                    "pg_catalog.left({name}::pg_catalog.text, {keep}), \
                     CASE WHEN pg_catalog.octet_length({name}::pg_catalog.text) > {keep} \
                     THEN pg_catalog.octet_length({name}::pg_catalog.text)::pg_catalog.int8 END"
                ),
            });
        }
        Ok(parts.join(", "))
    }
}

fn cell(row: &PgRow, index: usize, form: Form) -> Option<RawCell> {
    let bytes = octets(row, index)?;
    let kind = match form {
        Form::Text(kind) => kind,
        Form::Octets => RawKind::Binary,
        Form::Dynamic => RawKind::Text,
    };
    Some(
        match integer(row, index + 1).and_then(|full| u64::try_from(full).ok()) {
            Some(full) => RawCell::truncated(kind, bytes, full),
            None => RawCell::new(kind, bytes),
        },
    )
}
