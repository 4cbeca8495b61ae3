// error: E0308 | RawCell

pub fn out(writer: &mut datawave_edge::wire::FrameWriter<Vec<u8>>, cell: datawave_raw::RawCell) {
    let _ = writer.fact(cell);
}
