//! Reasons: the list in code, the contract and the pages say the same.

use std::collections::BTreeSet;
use std::fs;

use datawave_core::Reason;
use prost_reflect::DescriptorPool;

use crate::repo;

#[test]
fn the_contract_mirrors_the_list_in_order() {
    let pool = DescriptorPool::decode(datawave_proto::DESCRIPTOR_SET).expect("the descriptor set decodes");
    let contract = pool
        .get_enum_by_name("datawave.errors.v1.ErrorReason")
        .expect("the contract has the reasons");
    let wire: Vec<(i32, String)> = contract
        .values()
        .filter(|value| value.number() != 0)
        .map(|value| {
            (
                value.number(),
                value.name().trim_start_matches("ERROR_REASON_").to_owned(),
            )
        })
        .collect();
    let code: Vec<(i32, String)> = (1..)
        .zip(Reason::ALL.iter().map(|reason| reason.as_str().to_owned()))
        .collect();
    assert_eq!(wire, code);
}

#[test]
fn every_reason_has_a_page_and_every_page_a_reason() {
    let pages: BTreeSet<String> = fs::read_dir(repo::root().join("docs/errors"))
        .expect("docs/errors")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .map(|name| name.trim_end_matches(".md").to_owned())
        .collect();
    let reasons: BTreeSet<String> = Reason::ALL
        .iter()
        .map(|reason| reason.as_str().to_owned())
        .collect();
    assert_eq!(pages, reasons);
}

#[test]
fn a_page_says_what_happened_why_and_what_to_do() {
    let index =
        fs::read_to_string(repo::root().join("docs/errors/README.md")).expect("the index of the pages");
    for reason in Reason::ALL {
        let name = reason.as_str();
        assert!(
            index.contains(&format!("({name}.md)")),
            "{name} is missing in docs/errors/README.md"
        );
        let page = fs::read_to_string(repo::root().join(format!("docs/errors/{name}.md"))).expect("the page");
        assert!(
            page.starts_with(&format!("# {name}\n")),
            "{name}: its title is its name"
        );
        // The status code of the page is the kind in code: `NotFound` is NOT_FOUND.
        let mut kind = String::new();
        for c in format!("{:?}", reason.kind()).chars() {
            if c.is_uppercase() && !kind.is_empty() {
                kind.push('_');
            }
            kind.push(c.to_ascii_uppercase());
        }
        assert!(
            page.contains(&format!("Status code `{kind}`.")),
            "{name}: its status code is {kind}"
        );
        for part in [
            "## What happened\n\n",
            "## Likely cause\n\n- ",
            "## What to do\n\n- ",
        ] {
            assert!(page.contains(part), "{name}: no {part:?}");
        }
    }
}
