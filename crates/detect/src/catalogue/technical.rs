//! Devices, networks, logins, secrets.

use super::{InfoType, entry};
use crate::taxonomy::Label::*;

pub(super) const TYPES: &[InfoType] = &[
    entry("ip_address", IpAddress, "IP address"),
    entry("mac_address", MacAddress, "MAC address"),
    entry("device_id", DeviceId, "Device identifier"),
    entry("url", Url, "Web address"),
    entry("username", Username, "Login or handle"),
    entry("password", Secret, "Password, PIN or salt"),
    entry("password_hash", Secret, "Password hash"),
    entry("token", Secret, "Token"),
    entry("api_key", Secret, "Key or secret"),
    entry("jwt", Secret, "JSON web token"),
    entry("private_key", Secret, "Private key"),
];
