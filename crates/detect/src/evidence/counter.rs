//! What speaks against: types that the declaration excludes, values that do not fit the claim, keys,
//! harmless kinds.

use crate::judgement::Evidence;
use crate::reasons::{Identifier, Reason};
use crate::scoring::{self, Candidates, Context};
use datawave_facts::EvidenceKind;

/// Adds the counter-evidence to every candidate, and returns what speaks against any type.
pub(crate) fn counter(context: &Context<'_>, index: usize, candidates: &mut Candidates) -> Vec<Evidence> {
    let column = &context.columns[index];
    let profile = &column.profile;
    let kinds = scoring::harmless_kinds(column);
    for candidate in candidates.iter_mut() {
        let label = candidate.entry.label;
        let against = column.column_type.against(label, candidate.infotype);
        candidate.say(
            EvidenceKind::DeclaredType,
            -against,
            if against > 0.0 {
                Reason::TypeExcludes
            } else {
                Reason::TypeFits
            },
        );
        if profile.filled > 0 {
            let fit = scoring::fit_of(label, candidate.infotype, profile);
            // A shape that was counted as evidence already is not counted twice.
            let weight = fit.weight(profile.filled);
            if weight < 0.0 || !candidate.by_value {
                let off = profile.filled.saturating_sub(fit.support);
                let (support, reason) = if weight < 0.0 {
                    (
                        off,
                        Reason::ValuesContradict {
                            support: off,
                            total: profile.filled,
                        },
                    )
                } else {
                    (
                        fit.support,
                        Reason::Format {
                            infotype: candidate.infotype,
                            support: fit.support,
                            total: profile.filled,
                        },
                    )
                };
                candidate.count(EvidenceKind::Format, weight, support, profile.filled, reason);
            }
            candidate.matched.get_or_insert(fit.support);
            for kind in &kinds {
                if !kind.spares.contains(&label) {
                    candidate.evidence.push(kind.evidence());
                }
            }
        }
        if let Some((table, _)) = column.input.references {
            candidate.say(
                EvidenceKind::KeyRole,
                -3.0,
                Reason::Reference {
                    table: Identifier::of_schema(table),
                },
            );
        }
    }
    kinds.iter().map(scoring::HarmlessKind::evidence).collect()
}
