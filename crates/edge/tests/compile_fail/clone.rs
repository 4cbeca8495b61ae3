// error: E0599 | clone

pub fn out(cell: &datawave_raw::RawCell) -> datawave_raw::RawCell {
    datawave_raw::RawCell::clone(cell)
}
