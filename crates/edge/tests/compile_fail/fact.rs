// error: E0308 | RawCell

pub fn out(cell: datawave_raw::RawCell) -> datawave_facts::Fact {
    datawave_facts::Fact::from(cell)
}
