//! Places.

use super::{InfoType, entry};
use crate::taxonomy::Label::*;

pub(super) const TYPES: &[InfoType] = &[
    entry("address", Address, "Street address"),
    entry("postcode", Postcode, "Postal code"),
    entry("city", City, "City"),
    entry("region", Region, "State or province"),
    entry("country", Country, "Country"),
    entry("geo_coordinate", GeoCoordinate, "Geographic coordinate"),
];
