// error: E0308 | RawCell

pub fn out<'a>(cell: datawave_raw::RawCell) -> datawave_uplink::ColumnReport<'a> {
    datawave_uplink::ColumnReport {
        ordinal: 1,
        declared_type: "text",
        verdict: cell,
    }
}
