//! Reading rows of a SQLite table: head, random blocks, tail.

use std::ops::Range;

use datawave_core::Failure;
use datawave_raw::{RawCell, RawKind};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use sqlx::{TypeInfo, ValueRef};

use super::Utf16;
use super::error::Doing;
use super::session::{Bound, Session, integer};
use crate::limits::Limits;
use crate::model::{Storage, Table};
use crate::quote;
use crate::sample::{Draw, Gather, Outcome, Sample, SamplePlan};

/// Columns of one statement: two results each stay below SQLite's limit of 2,000.
const CHUNK: usize = 500;

/// Rows of one random block.
const BLOCK: u32 = 10;

/// Values longer than this are not even loaded by the engine: their length is known from the record's header,
/// their content would take as much memory as the whole process has.
const MAX_LOAD: u64 = 128 * 1024 * 1024;

pub(super) async fn sample(
    session: &mut Session,
    utf16: Utf16,
    limits: &Limits,
    table: &Table,
    plan: &SamplePlan,
) -> Result<Sample, Failure> {
    let wanted: Vec<usize> = (0..table.columns.len())
        .filter(|index| !table.columns[*index].excluded)
        .collect();
    let mut out = Sample {
        columns: table
            .columns
            .iter()
            .map(|column| {
                if column.excluded {
                    Outcome::Excluded
                } else {
                    Outcome::Read(Vec::new())
                }
            })
            .collect(),
        rows: 0,
        cost: session.take_cost(),
        truncated_by: None,
        incomplete: None,
    };
    if wanted.is_empty() || plan.rows == 0 {
        return Ok(out);
    }
    let mut reader = Reader {
        session,
        utf16,
        value_bytes: limits.value_bytes,
        table,
        plan,
    };
    // One transaction, so that columns read by different statements come from the same rows.
    reader.session.control("BEGIN").await?;
    let result = reader.columns(&wanted, &mut out).await;
    let ended = reader.session.control("ROLLBACK").await;
    out.cost.add(session.take_cost());
    result?;
    ended?;
    Ok(out)
}

struct Reader<'a> {
    session: &'a mut Session,
    utf16: Utf16,
    value_bytes: u32,
    table: &'a Table,
    plan: &'a SamplePlan,
}

impl Reader<'_> {
    async fn columns(&mut self, wanted: &[usize], out: &mut Sample) -> Result<(), Failure> {
        for chunk in wanted.chunks(CHUNK) {
            let share = self.plan.byte_share(chunk.len(), wanted.len());
            match self.chunk(chunk, share).await {
                Ok(read) => out.keep(chunk, read),
                Err(failure) if self.session.is_lost() => return Err(failure),
                Err(whole) => {
                    // A table that gives no row at all is broken as such; otherwise one of its columns is.
                    if self.any_row().await.is_err() {
                        return Err(whole);
                    }
                    for index in chunk {
                        let share = self.plan.byte_share(1, wanted.len());
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

    async fn any_row(&mut self) -> Result<(), Failure> {
        let shown = self.table.at.to_string();
        let sql = format!("SELECT 1 FROM {} LIMIT 1", self.from()?);
        self.session
            .rows(sql, Vec::new(), &Doing::Read(&shown), |_| Ok(false))
            .await
    }

    fn from(&self) -> Result<String, Failure> {
        Ok(format!("main.{} AS r", quote::sqlite(&self.table.at.table)?))
    }

    /// Reads the parts of the plan for some columns. An error after the first part is kept beside what was read.
    async fn chunk(
        &mut self,
        indices: &[usize],
        max_bytes: u64,
    ) -> Result<(Gather, Option<Failure>), Failure> {
        let mut gather = Gather::new(indices.len(), self.plan.rows, max_bytes);
        let list = self.select_list(indices)?;
        let from = self.from()?;
        let Storage::RowId(id) = self.table.storage else {
            let sql = format!("SELECT NULL, {list} FROM {from} LIMIT ?1");
            self.read(&mut gather, sql, vec![limit(self.plan.rows)]).await?;
            return Ok((gather, None));
        };
        let Some(ids) = self.ends(id).await? else {
            return Ok((gather, None));
        };
        let ascending =
            format!("SELECT r.{id}, {list} FROM {from} WHERE r.{id} >= ?1 ORDER BY r.{id} LIMIT ?2");
        let from_id = |start: i64, rows: u32| vec![Bound::Integer(start), limit(rows)];
        let span = ids.end.saturating_sub(ids.start);
        if span < i64::from(self.plan.rows) {
            self.read(&mut gather, ascending, from_id(ids.start, self.plan.rows))
                .await?;
            return Ok((gather, None));
        }
        let (head, middle, tail) = self.plan.parts();
        self.read(&mut gather, ascending.clone(), from_id(ids.start, head))
            .await?;
        let rest = async {
            // The tail comes before the blocks: with few row ids in a wide span it must not lose its place.
            let descending = format!("SELECT r.{id}, {list} FROM {from} ORDER BY r.{id} DESC LIMIT ?1");
            self.read(&mut gather, descending, vec![limit(tail)]).await?;
            let mut draw = Draw::new(self.plan.seed);
            for _ in 0..middle.div_ceil(BLOCK) {
                let rows = BLOCK.min(gather.room());
                if gather.is_full() || rows == 0 {
                    break;
                }
                let start = draw.between(ids.start, ids.end);
                self.read(&mut gather, ascending.clone(), from_id(start, rows))
                    .await?;
            }
            // Blocks that fell on the same rows leave room: fill it from where the head ended.
            if gather.room() > 0 && !gather.is_full() {
                self.read(&mut gather, ascending, from_id(ids.start, self.plan.rows))
                    .await?;
            }
            Ok(())
        }
        .await;
        Ok((gather, rest.err()))
    }

    /// First and last row id; `None` for an empty table.
    async fn ends(&mut self, id: &str) -> Result<Option<Range<i64>>, Failure> {
        let shown = self.table.at.to_string();
        let from = self.from()?;
        let sql = format!("SELECT (SELECT min(r.{id}) FROM {from}), (SELECT max(r.{id}) FROM {from})");
        let mut ends = None;
        self.session
            .rows(sql, Vec::new(), &Doing::Read(&shown), |row| {
                ends = integer(row, 0).zip(integer(row, 1)).map(|(low, high)| low..high);
                Ok(false)
            })
            .await?;
        Ok(ends)
    }

    async fn read(&mut self, gather: &mut Gather, sql: String, bound: Vec<Bound>) -> Result<(), Failure> {
        let shown = self.table.at.to_string();
        let (columns, utf16) = (gather.columns.len(), self.utf16);
        let before = gather.bytes;
        let result = self
            .session
            .rows(sql, bound, &Doing::Read(&shown), |row| {
                let key = integer(row, 0).map(|id| id.to_le_bytes().to_vec());
                let cells = (0..columns).map(|i| cell(row, 1 + 2 * i, utf16)).collect();
                gather.take(key, cells);
                Ok(!gather.is_full())
            })
            .await;
        self.session.count_bytes(gather.bytes - before);
        result
    }

    /// Two results per column: the value, cut, and what was cut. The second is NULL for a whole value, the
    /// value's length in octets for text that was cut, and its negative for a blob that was cut.
    ///
    /// Text is cut as octets: `substr` on text would end at the first NUL. `octet_length` and `typeof` read the
    /// record's header only.
    fn select_list(&self, indices: &[usize]) -> Result<String, Failure> {
        let keep = self.value_bytes;
        let mut parts = Vec::with_capacity(indices.len());
        for index in indices {
            let column = format!("r.{}", quote::sqlite(&self.table.columns[*index].name)?);
            parts.push(format!(
                "CASE WHEN typeof({column}) IN ('text', 'blob') AND octet_length({column}) > {keep} \
                 THEN CASE WHEN octet_length({column}) > {MAX_LOAD} THEN x'' \
                 ELSE substr(CAST({column} AS BLOB), 1, {keep}) END ELSE {column} END, \
                 CASE WHEN typeof({column}) = 'text' AND octet_length({column}) > {keep} THEN octet_length({column}) \
                 WHEN typeof({column}) = 'blob' AND octet_length({column}) > {keep} THEN -octet_length({column}) END"
            ));
        }
        Ok(parts.join(", "))
    }
}

fn limit(rows: u32) -> Bound {
    Bound::Integer(i64::from(rows))
}

/// One value, by the type that it itself has: SQLite's columns promise nothing.
fn cell(row: &SqliteRow, index: usize, utf16: Utf16) -> Option<RawCell> {
    let value = row.try_get_raw(index).ok()?;
    if value.is_null() {
        return None;
    }
    let name = value.type_info().name().to_owned();
    let bytes = || row.try_get_unchecked::<Vec<u8>, _>(index).ok();
    if let Some(cut) = integer(row, index + 1) {
        let full = cut.unsigned_abs();
        return if cut > 0 {
            let text = whole_characters(from_encoding(bytes()?, utf16));
            // UTF-16 can grow on its way to UTF-8: what was cut must still tell that it was.
            let full = full.max(text.len() as u64 + 1);
            Some(RawCell::truncated(RawKind::Text, text, full))
        } else {
            Some(RawCell::truncated(RawKind::Binary, bytes()?, full))
        };
    }
    match name.as_str() {
        "INTEGER" => {
            let number: i64 = row.try_get_unchecked(index).ok()?;
            Some(RawCell::new(RawKind::Integer, number.to_string().into_bytes()))
        }
        "REAL" => {
            let number: f64 = row.try_get_unchecked(index).ok()?;
            Some(RawCell::new(RawKind::Float, number.to_string().into_bytes()))
        }
        "BLOB" => Some(RawCell::new(RawKind::Binary, bytes()?)),
        _ => Some(RawCell::new(RawKind::Text, bytes()?)),
    }
}

/// Text that was cut as octets is still in the database's encoding.
fn from_encoding(bytes: Vec<u8>, utf16: Utf16) -> Vec<u8> {
    let unit: fn([u8; 2]) -> u16 = match utf16 {
        Utf16::No => return bytes,
        Utf16::Little => u16::from_le_bytes,
        Utf16::Big => u16::from_be_bytes,
    };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into_bytes()
}

/// Drops the part of a character that the cut left at the end; other octets that are not UTF-8 stay.
fn whole_characters(mut bytes: Vec<u8>) -> Vec<u8> {
    let start = bytes.len().saturating_sub(3);
    for index in (start..bytes.len()).rev() {
        let width = match bytes[index] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => 1,
        };
        if index + width > bytes.len() {
            bytes.truncate(index);
        }
        break;
    }
    bytes
}
