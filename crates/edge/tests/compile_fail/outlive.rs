// error: E0505 | cannot move out of `cell`

pub fn out(cell: datawave_raw::RawCell) -> usize {
    let text = cell.expose();
    drop(cell);
    text.len()
}
