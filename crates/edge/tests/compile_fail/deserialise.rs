// error: E0277 | RawCell: serde::Deserialize

fn needs<T: for<'a> serde::Deserialize<'a>>() {}

pub fn out() {
    needs::<datawave_raw::RawCell>();
}
