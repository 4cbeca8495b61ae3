// error: E0277 | From<RawCell>

pub fn out(cell: datawave_raw::RawCell) -> String {
    String::from(cell)
}
