// error: E0277 | RawCell: serde::Serialize

fn needs<T: serde::Serialize>(_: &T) {}

pub fn out(cell: &datawave_raw::RawCell) {
    needs(cell);
}
