//! Walks the rows of the index beside the entries of the log.

use std::iter::Peekable;

use datawave_core::Failure;

use super::chain::Chains;
use super::{IndexRow, ProblemKind, Report, Rows};

pub(crate) struct RowCursor<'a, 'r> {
    rows: Peekable<&'a mut Rows<'r>>,
    seen: u64,
}

impl<'a, 'r> RowCursor<'a, 'r> {
    pub(crate) fn new(rows: &'a mut Rows<'r>) -> Self {
        Self {
            rows: rows.peekable(),
            seen: 0,
        }
    }

    fn take_if(&mut self, wanted: impl Fn(i64) -> bool) -> Result<Option<IndexRow>, Failure> {
        match self
            .rows
            .next_if(|row| row.as_ref().map_or(true, |row| wanted(row.index)))
        {
            None => Ok(None),
            Some(row) => {
                self.seen += 1;
                row.map(Some)
            }
        }
    }

    /// Compares the row of `index` with the one that follows from the entry; `None` when the entry is damaged,
    /// which is reported elsewhere.
    pub(crate) fn compare(
        &mut self,
        index: u64,
        expected: Option<&IndexRow>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let at = i64::try_from(index).unwrap_or(i64::MAX);
        while let Some(stray) = self.take_if(|i| i < at)? {
            let what = format!("the index has a row {} too many", stray.index);
            // A row twice is noticed when the next entry is at hand, so the place is that of the row.
            let index = u64::try_from(stray.index).unwrap_or(0);
            report.add(ProblemKind::Row, index, index, what);
        }
        match (self.take_if(|i| i == at)?, expected) {
            (None, _) => report.add(
                ProblemKind::Row,
                index,
                index,
                format!("entry {index} has no row"),
            ),
            (Some(_), None) => {}
            (Some(row), Some(expected)) => {
                if let Some(part) = row.difference(expected) {
                    let what = format!("entry {index} and its row differ in: {part}");
                    report.add(ProblemKind::Row, index, index, what);
                }
            }
        }
        Ok(())
    }

    /// Looks at the rows behind the end of the log: accepted records that are not sealed yet.
    pub(crate) fn finish(
        mut self,
        size: u64,
        chains: &mut Chains,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let mut next = size;
        while let Some(row) = self.take_if(|_| true)? {
            let at = u64::try_from(row.index).unwrap_or(0);
            if at != next {
                let what = format!("the index has a row {} where {next} should follow", row.index);
                report.add(ProblemKind::Row, at.min(next), at.min(next), what);
                next = at;
            }
            match row
                .entry()
                .and_then(|entry| Ok((IndexRow::of(at, &entry)?, entry)))
            {
                Err(why) => report.add(ProblemKind::Row, at, at, format!("row {at}: {why}")),
                Ok((expected, entry)) => {
                    chains.follow(at, &entry, report);
                    if let Some(part) = row.difference(&expected) {
                        report.add(
                            ProblemKind::Row,
                            at,
                            at,
                            format!("row {at} contradicts itself in: {part}"),
                        );
                    }
                }
            }
            report.unsealed_rows += 1;
            next = next.saturating_add(1);
        }
        report.rows = Some(self.seen);
        Ok(())
    }
}
