// error: E0616 | private

pub fn out(cell: &datawave_raw::RawCell) -> usize {
    cell.bytes.len()
}
