// error: E0277 | RawCell

pub fn out(cell: &datawave_raw::RawCell) -> String {
    format!("{cell:?}")
}
