use super::IdRule;
pub(super) const RULES: &[IdRule] = &[];
