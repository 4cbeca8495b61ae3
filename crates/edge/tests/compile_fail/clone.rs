// error: E0277 | RawCell: Clone

pub fn out(cell: &datawave_raw::RawCell) -> datawave_raw::RawCell {
    datawave_raw::RawCell::clone(cell)
}
