//! Policies that were parsed and checked, with the revision they belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::str::FromStr;

use cedar_policy::{
    Entity, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use datawave_core::{Failure, Reason};

/// The permissions, as a Cedar schema.
const PERMISSIONS: &str = include_str!("../policies/permissions.cedarschema");

/// The policies of a fresh installation.
pub const DEFAULT_POLICIES: &str = include_str!("../policies/default.cedar");

/// The most bytes of policy text that are accepted.
const MAX_TEXT: usize = 256 * 1024;

/// A checked set of policies. Immutable; share it in an `Arc`.
pub struct Snapshot {
    text: String,
    revision: u64,
    pub(crate) policies: PolicySet,
    /// Permission name to the action that policies speak of, which knows the groups it is in.
    pub(crate) permissions: BTreeMap<String, Entity>,
    pub(crate) types: Types,
}

/// Names of entity types, parsed once.
pub(crate) struct Types {
    pub(crate) role: EntityTypeName,
    pub(crate) subject: EntityTypeName,
    pub(crate) resource: EntityTypeName,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision)
            .field("policies", &self.policies.num_of_policies())
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Parses `text` and checks it strictly against the permissions and entity types.
    ///
    /// Errors: `INVALID_REQUEST`, saying where and what, when the text is no Cedar, names an unknown
    /// permission, has a type error, lacks an `@id` or uses one twice, or contains a template.
    pub fn compile(text: &str, revision: u64) -> Result<Self, Failure> {
        if text.len() > MAX_TEXT {
            return Err(invalid("are larger than 256 KiB"));
        }
        let schema = schema()?;
        let parsed =
            PolicySet::from_str(text).map_err(|errors| invalid(format!("cannot be parsed: {errors}")))?;
        if parsed.num_of_templates() > 0 {
            return Err(invalid(
                "contain a template (?principal or ?resource), which nothing here links",
            ));
        }
        let policies = named(&parsed)?;
        check(&policies, schema.clone())?;
        let actions = schema.action_entities().map_err(Failure::internal)?;
        let permissions = actions_with_resources(&schema)
            .filter_map(|action| Some((id_of(action), actions.get(action)?.clone())))
            .collect();
        Ok(Self {
            text: text.to_owned(),
            revision,
            policies,
            permissions,
            types: Types {
                role: entity_type("Role")?,
                subject: entity_type("Subject")?,
                resource: entity_type("Resource")?,
            },
        })
    }

    /// The policies of a fresh installation.
    pub fn default_policies(revision: u64) -> Result<Self, Failure> {
        Self::compile(DEFAULT_POLICIES, revision)
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Revision of the text; a later text has a higher one.
    pub fn revision(&self) -> u64 {
        self.revision
    }
}

/// Every permission, sorted.
pub fn permissions() -> Result<BTreeSet<String>, Failure> {
    let schema = schema()?;
    Ok(actions_with_resources(&schema).map(id_of).collect())
}

fn schema() -> Result<Schema, Failure> {
    let (schema, _warnings) = Schema::from_cedarschema_str(PERMISSIONS).map_err(Failure::internal)?;
    Ok(schema)
}

fn entity_type(name: &str) -> Result<EntityTypeName, Failure> {
    EntityTypeName::from_str(name).map_err(Failure::internal)
}

fn id_of(action: &EntityUid) -> String {
    AsRef::<str>::as_ref(action.id()).to_owned()
}

/// Actions that apply to something: permissions, but not their groups.
fn actions_with_resources(schema: &Schema) -> impl Iterator<Item = &EntityUid> {
    schema.actions().filter(|action| {
        schema
            .resources_for_action(action)
            .is_some_and(|mut resources| resources.next().is_some())
    })
}

/// The same policies under the names in their `@id`, which is what decisions report.
fn named(parsed: &PolicySet) -> Result<PolicySet, Failure> {
    let mut policies = PolicySet::new();
    for policy in parsed.policies() {
        let name = policy
            .annotation("id")
            .filter(|name| is_name(name))
            .ok_or_else(|| {
                invalid(format!(
                    "have a policy without a usable @id (1 to 64 of a-z, 0-9, '-'): {}",
                    policy
                        .to_cedar()
                        .map_or_else(String::new, |text| text.chars().take(120).collect())
                ))
            })?;
        policies
            .add(policy.new_id(PolicyId::new(name)))
            .map_err(|_| invalid(format!("have two policies with @id(\"{name}\")")))?;
    }
    Ok(policies)
}

/// Names beginning with `rule:` are those of the rules in code, so no ':' here.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn check(policies: &PolicySet, schema: Schema) -> Result<(), Failure> {
    let result = Validator::new(schema).validate(policies, ValidationMode::Strict);
    if result.validation_passed() {
        return Ok(());
    }
    let mut text = String::from("do not fit the permissions:");
    for error in result.validation_errors().take(10) {
        let _ = write!(text, " {error};");
    }
    Err(invalid(text.trim_end_matches(';')))
}

fn invalid(what: impl Into<String>) -> Failure {
    let what = what.into();
    Failure::new(Reason::InvalidRequest, format!("the policies {what}"))
        .with_violation("policies", what)
        .with_remedy(
            "correct the policies; the permissions that exist are listed in \
             crates/authz/policies/permissions.cedarschema",
        )
}

/// An entity of a type.
pub(crate) fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}
