//! Declared types, coarsely, and which labels they exclude.

use crate::taxonomy::Label;

/// A declared type, coarsely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Boolean,
    Integer,
    Decimal,
    Text,
    Date,
    Timestamp,
    Binary,
    Network,
    Geometry,
    Uuid,
    Document,
    Unknown,
}

impl ColumnType {
    /// Reads the type as databases write it.
    pub(crate) fn of(declared: &str) -> Self {
        let lower = declared.to_ascii_lowercase();
        let word = lower
            .trim()
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .unwrap_or("");
        match word {
            "bool" | "boolean" | "bit" | "flag" => Self::Boolean,
            "tinyint" if lower.contains("(1)") => Self::Boolean,
            "int" | "integer" | "bigint" | "smallint" | "tinyint" | "mediumint" | "serial" | "bigserial"
            | "smallserial" | "int2" | "int4" | "int8" | "year" => Self::Integer,
            "decimal" | "numeric" | "float" | "double" | "real" | "money" | "smallmoney" | "number"
            | "float4" | "float8" => Self::Decimal,
            "date" => Self::Date,
            "timestamp" | "datetime" | "timestamptz" | "datetime2" | "smalldatetime" | "time" | "timetz"
            | "interval" | "datetimeoffset" => Self::Timestamp,
            "blob" | "bytea" | "binary" | "varbinary" | "mediumblob" | "longblob" | "tinyblob" | "image"
            | "raw" => Self::Binary,
            "inet" | "cidr" | "macaddr" | "macaddr8" => Self::Network,
            "point" | "geometry" | "geography" | "polygon" => Self::Geometry,
            "uuid" | "uniqueidentifier" => Self::Uuid,
            "json" | "jsonb" | "xml" | "hstore" => Self::Document,
            "char" | "varchar" | "text" | "nchar" | "nvarchar" | "character" | "varchar2" | "nvarchar2"
            | "clob" | "mediumtext" | "longtext" | "tinytext" | "ntext" | "string" | "enum" | "set"
            | "citext" | "bpchar" => Self::Text,
            _ => Self::Unknown,
        }
    }

    /// Nats against `infotype` of `label` from the type alone; 0 when it fits.
    pub(crate) fn against(self, label: Label, infotype: &str) -> f64 {
        use Label::*;
        const NEVER: f64 = 9.0;
        match self {
            Self::Text | Self::Unknown => 0.0,
            Self::Boolean => match label {
                Health | SpecialCategory => 1.0,
                Gender | Demographic => 3.0,
                _ => NEVER,
            },
            Self::Integer => match label {
                NationalId | TaxId | CreditCard | BankAccount | Phone | Postcode | Demographic
                | Financial | DeviceId | DriverLicence => 0.0,
                DateOfBirth if infotype == "date_of_birth" => 1.0,
                Passport | IpAddress | Health | SpecialCategory | Gender => 1.0,
                Secret if infotype == "password" => 2.0,
                Username | Country | Region | City => 4.0,
                _ => NEVER,
            },
            Self::Decimal => match label {
                GeoCoordinate | Financial => 0.0,
                Health | NationalId | Phone | BankAccount => 2.0,
                Demographic => 2.5,
                _ => NEVER,
            },
            Self::Date => match label {
                DateOfBirth => -0.7,
                _ => NEVER,
            },
            Self::Timestamp => match label {
                DateOfBirth => 0.3,
                _ => NEVER,
            },
            Self::Binary => match label {
                BiometricPhoto => -0.5,
                Secret => 0.5,
                IpAddress | DeviceId => 1.0,
                _ => 5.0,
            },
            Self::Network => match label {
                IpAddress | MacAddress => -4.0,
                _ => NEVER,
            },
            Self::Geometry => match label {
                GeoCoordinate => -4.0,
                _ => NEVER,
            },
            Self::Uuid => match label {
                DeviceId | Secret => 0.5,
                _ => NEVER,
            },
            Self::Document => match label {
                FreeTextPii | Health | BiometricPhoto | GeoCoordinate | Address => 0.0,
                _ => 2.0,
            },
        }
    }
}
