// error: E0599 | to_string

pub fn out(cell: &datawave_raw::RawCell) -> String {
    cell.to_string()
}
