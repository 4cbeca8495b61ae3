//! The catalogue of types: data, a file per domain, identifiers of persons and companies a file per part of
//! the world.

pub(crate) mod countries;
mod finance;
mod people;
mod places;
mod technical;

use crate::taxonomy::{Category, Label, Sensitivity};

/// A type that the engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfoType {
    /// Stable id, such as `pl_pesel`.
    pub id: &'static str,
    /// Coarse label it belongs to.
    pub label: Label,
    /// Name for people, English.
    pub name: &'static str,
    /// Country that issues it (ISO 3166 alpha-2, lower case); `None` when it is not of one country.
    pub country: Option<&'static str>,
}

impl InfoType {
    /// Group of its label.
    pub fn category(&self) -> Category {
        self.label.category()
    }

    /// Harm of a leak.
    pub fn sensitivity(&self) -> Sensitivity {
        self.label.sensitivity()
    }
}

/// Shorthand of the tables.
pub(crate) const fn entry(id: &'static str, label: Label, name: &'static str) -> InfoType {
    InfoType {
        id,
        label,
        name,
        country: None,
    }
}

/// Every type, by domain.
pub(crate) fn all() -> Vec<InfoType> {
    let mut types = Vec::new();
    for table in [people::TYPES, places::TYPES, finance::TYPES, technical::TYPES] {
        types.extend_from_slice(table);
    }
    types.extend(countries::rules().map(|rule| InfoType {
        id: rule.id,
        label: rule.label,
        name: rule.name,
        country: rule.country,
    }));
    types
}
