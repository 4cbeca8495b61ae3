// What the other cases do with a value, done with a fact. This compiles.

fn serialise<T: serde::Serialize>(_: &T) {}

pub fn shown(fact: &datawave_facts::Fact) -> String {
    serialise(fact);
    format!("{:?}", fact.clone())
}

pub fn framed(writer: &mut datawave_edge::wire::FrameWriter<Vec<u8>>, fact: datawave_facts::Fact) {
    let _ = writer.fact(fact);
}

pub fn sent(table: &datawave_uplink::PendingTable, verdict: datawave_facts::VerdictFact) {
    let _ = datawave_uplink::TableResult {
        source: "sources/src_1",
        table,
        columns: vec![datawave_uplink::ColumnReport { ordinal: 1, declared_type: "text", verdict }],
        failure: None,
        cost: datawave_facts::CostFact::default(),
    };
}

pub fn examined(cell: &datawave_raw::RawCell) -> usize {
    cell.expose().len()
}
