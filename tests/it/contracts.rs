//! The contracts as data: what every method and field must say, and what no message of the centre may hold.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value,
};

use crate::repo;

const SITE_CENTRAL: i32 = 1;
const SITE_EDGE: i32 = 2;
const SENSITIVITY_PERSONAL: i32 = 3;
const SENSITIVITY_SECRET: i32 = 4;
const SENSITIVITY_RAW: i32 = 5;

fn pool() -> DescriptorPool {
    DescriptorPool::decode(datawave_proto::DESCRIPTOR_SET).expect("the descriptor set decodes")
}

fn methods(pool: &DescriptorPool) -> Vec<MethodDescriptor> {
    let found: Vec<_> = pool
        .services()
        .filter(|service| service.package_name().starts_with("datawave."))
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .collect();
    assert!(found.len() > 20, "the contracts have methods");
    found
}

/// The method's `datawave.options.v1.method`, when it has one.
fn rule(method: &MethodDescriptor) -> Option<DynamicMessage> {
    let extension = method
        .parent_pool()
        .get_extension_by_name("datawave.options.v1.method")?;
    let options = method.options();
    if !options.has_extension(&extension) {
        return None;
    }
    match options.get_extension(&extension).into_owned() {
        Value::Message(rule) => Some(rule),
        _ => None,
    }
}

fn number(rule: &DynamicMessage, field: &str) -> i32 {
    rule.get_field_by_name(field)
        .and_then(|value| value.as_enum_number())
        .unwrap_or(0)
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field)
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn sensitivity(field: &FieldDescriptor) -> i32 {
    let extension = field
        .parent_pool()
        .get_extension_by_name("datawave.options.v1.sensitivity")
        .expect("the sensitivity option");
    field
        .options()
        .get_extension(&extension)
        .as_enum_number()
        .unwrap_or(0)
}

/// Messages that can be reached from `roots` by their fields, our own packages only.
fn reachable(roots: Vec<MessageDescriptor>) -> BTreeMap<String, MessageDescriptor> {
    let mut seen = BTreeMap::new();
    let mut queue: VecDeque<_> = roots.into();
    while let Some(message) = queue.pop_front() {
        if seen
            .insert(message.full_name().to_owned(), message.clone())
            .is_some()
        {
            continue;
        }
        for field in message.fields() {
            if let Kind::Message(inner) = field.kind() {
                queue.push_back(inner);
            }
        }
    }
    seen
}

/// Every message that the centre sends, receives, or publishes as an event.
fn central(pool: &DescriptorPool) -> BTreeMap<String, MessageDescriptor> {
    let mut roots: Vec<MessageDescriptor> = methods(pool)
        .into_iter()
        .filter(|method| rule(method).is_some_and(|rule| number(&rule, "site") == SITE_CENTRAL))
        .flat_map(|method| [method.input(), method.output()])
        .collect();
    roots.extend(
        pool.all_messages()
            .filter(|message| message.package_name() == "datawave.events.v1"),
    );
    reachable(roots)
}

#[test]
fn every_method_says_who_may_call_it_what_is_audited_and_where_it_runs() {
    let pool = pool();
    let mut wrong = Vec::new();
    for method in methods(&pool) {
        let name = method.full_name().to_owned();
        let Some(rule) = rule(&method) else {
            wrong.push(format!("{name}: no datawave.options.v1.method"));
            continue;
        };
        let permission = text(&rule, "permission");
        let parts = permission.split('.').count();
        if permission != "public"
            && !(parts == 3
                && permission
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_'))
        {
            wrong.push(format!(
                "{name}: permission {permission:?} is not area.resource.verb"
            ));
        }
        if number(&rule, "audit") == 0 {
            wrong.push(format!("{name}: audit is not decided"));
        }
        if ![SITE_CENTRAL, SITE_EDGE].contains(&number(&rule, "site")) {
            wrong.push(format!("{name}: site is not decided"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Methods whose repeat does something else, on purpose. Clients do not retry them.
const NOT_REPEATABLE: &[(&str, &str)] = &[
    (
        "datawave.access.v1.AccessService.CreateToken",
        "the secret is shown once and not stored, so a repeat cannot give it again",
    ),
    (
        "datawave.edge.v1.EdgeLinkService.LeaseScan",
        "a repeat leases the next scan; a lease whose answer was lost runs out",
    ),
];

#[test]
fn every_method_says_what_a_repeat_does() {
    let pool = pool();
    let mut wrong = Vec::new();
    for method in methods(&pool) {
        let options = method.options();
        let level = options
            .get_field_by_name("idempotency_level")
            .and_then(|value| value.as_enum_number())
            .unwrap_or(0);
        // Either the method is idempotent by nature, or its request carries a key that makes a repeat safe.
        let has_key = ["request_id", "batch_id"]
            .iter()
            .any(|key| method.input().get_field_by_name(key).is_some());
        // A change that is audited cannot be free of side effects.
        let changes = rule(&method).is_some_and(|rule| number(&rule, "audit") == 3);
        let excused = NOT_REPEATABLE.iter().any(|(name, _)| *name == method.full_name());
        if level == 0 && !has_key && !excused {
            wrong.push(format!(
                "{}: neither idempotency_level nor request_id",
                method.full_name()
            ));
        }
        if level == 1 && changes {
            wrong.push(format!(
                "{}: NO_SIDE_EFFECTS and audited as a change",
                method.full_name()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_method_table_has_every_method_of_the_contract() {
    let pool = pool();
    let contract: BTreeSet<String> = methods(&pool)
        .iter()
        .map(|method| format!("/{}/{}", method.parent_service().full_name(), method.name()))
        .collect();
    let table: BTreeSet<String> = datawave_proto::METHODS
        .iter()
        .map(|method| method.path.to_owned())
        .collect();
    assert_eq!(contract, table);
}

#[test]
fn credentials_and_persons_are_marked() {
    let pool = pool();
    let secret = [
        "secret",
        "password",
        "token_secret",
        "private_key",
        "api_key",
        "bearer",
    ];
    let personal = [
        "subject",
        "owner",
        "email",
        "login",
        "created_by",
        "started_by",
        "decided_by",
        "changed_by",
        "origin",
    ];
    let mut wrong = Vec::new();
    for message in pool
        .all_messages()
        .filter(|message| message.package_name().starts_with("datawave."))
    {
        for field in message
            .fields()
            .filter(|field| matches!(field.kind(), Kind::String | Kind::Bytes))
        {
            let is = sensitivity(&field);
            if secret.contains(&field.name()) && is != SENSITIVITY_SECRET {
                wrong.push(format!("{} is a credential and not SECRET", field.full_name()));
            }
            if personal.contains(&field.name()) && is != SENSITIVITY_PERSONAL {
                wrong.push(format!(
                    "{} may name a person and is not PERSONAL",
                    field.full_name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_message_of_the_centre_has_a_field_for_raw_values() {
    let mut wrong = Vec::new();
    for message in central(&pool()).values() {
        for field in message.fields() {
            if sensitivity(&field) == SENSITIVITY_RAW {
                wrong.push(format!("{} is RAW and reaches the centre", field.full_name()));
            }
        }
        // Types that hold anything hold a value too.
        if [
            "google.protobuf.Any",
            "google.protobuf.Struct",
            "google.protobuf.Value",
            "google.protobuf.ListValue",
        ]
        .contains(&message.full_name())
        {
            wrong.push(format!("{} reaches the centre", message.full_name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a text of the centre may be. The list is closed: there is no word for "a value of the source".
const TEXT_KINDS: &[(&str, &str)] = &[
    (
        "id",
        "an identifier, address, etag, token or trace id that we make",
    ),
    (
        "word",
        "one of a closed set of words: a state, a label, a reason, a role, a type of engine",
    ),
    (
        "schema-name",
        "a name or type from the source's catalogue (decision 16)",
    ),
    (
        "cleaned",
        "a comment from the source, personal data replaced at the site",
    ),
    ("person", "an account's name"),
    (
        "written",
        "a text that a person or an administrator wrote into DataWave",
    ),
    (
        "message",
        "a text of ours about an act or an error, made from names and codes",
    ),
    ("address", "an address of a source without credentials"),
    ("credential", "a credential, shown once or write-only"),
    ("digest", "a hash, signature or canonical record"),
];

/// Every text or bytes field of a message of the centre, with what it is.
///
/// A field that is added fails here until somebody has decided what it may hold and has written it down.
#[test]
fn every_text_field_of_the_centre_is_decided() {
    let decided = fs::read_to_string(repo::root().join("tests/contracts/central-text-fields.txt"))
        .expect("the decisions");
    let decided: BTreeMap<&str, &str> = decided
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("a field and what it is"))
        .map(|(field, kind)| (field, kind.trim()))
        .collect();
    let fields: BTreeMap<String, FieldDescriptor> = central(&pool())
        .values()
        .filter(|message| message.package_name().starts_with("datawave."))
        .flat_map(|message| message.fields().collect::<Vec<_>>())
        .filter(|field| matches!(field.kind(), Kind::String | Kind::Bytes))
        .map(|field| (field.full_name().to_owned(), field))
        .collect();

    let undecided: Vec<_> = fields
        .keys()
        .filter(|field| !decided.contains_key(field.as_str()))
        .collect();
    assert!(
        undecided.is_empty(),
        "decide in tests/contracts/central-text-fields.txt: {undecided:#?}"
    );
    let gone: Vec<_> = decided
        .keys()
        .filter(|field| !fields.contains_key(**field))
        .collect();
    assert!(gone.is_empty(), "no such field any more: {gone:#?}");

    for (field, kind) in &decided {
        assert!(
            TEXT_KINDS.iter().any(|(known, _)| known == kind),
            "{field}: {kind:?} is no kind of text"
        );
        let descriptor = &fields[*field];
        if matches!(descriptor.kind(), Kind::Bytes) {
            assert!(
                ["digest", "id"].contains(kind),
                "{field}: bytes of the centre are digests"
            );
        }
        assert_eq!(
            *kind == "credential",
            sensitivity(descriptor) == SENSITIVITY_SECRET,
            "{field}: a credential is SECRET and nothing else is"
        );
        if *kind == "person" {
            assert_eq!(
                sensitivity(descriptor),
                SENSITIVITY_PERSONAL,
                "{field} names a person"
            );
        }
    }
}

#[test]
fn raw_text_exists_in_calls_of_the_edge_only() {
    let pool = pool();
    let edge = reachable(
        methods(&pool)
            .into_iter()
            .filter(|method| rule(method).is_some_and(|rule| number(&rule, "site") == SITE_EDGE))
            .flat_map(|method| [method.input(), method.output()])
            .collect(),
    );
    for message in pool
        .all_messages()
        .filter(|message| message.package_name().starts_with("datawave."))
    {
        for field in message
            .fields()
            .filter(|field| sensitivity(field) == SENSITIVITY_RAW)
        {
            assert!(
                edge.contains_key(message.full_name()),
                "{} is RAW and no edge method uses it",
                field.full_name()
            );
        }
    }
    let has_raw = edge.values().any(|message| {
        message
            .fields()
            .any(|field| sensitivity(&field) == SENSITIVITY_RAW)
    });
    assert!(has_raw, "inspect takes raw text, so the rule looks at something");
}
