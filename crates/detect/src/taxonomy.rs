//! The coarse labels of the taxonomy and what follows from each.

/// What a column holds, coarsely: the vocabulary of labels in the catalog. Finer types are
/// [`crate::InfoType`]s; each belongs to one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Name of a natural person or a part of it.
    PersonName,
    /// E-mail address.
    Email,
    /// Telephone or fax number.
    Phone,
    /// Street address, or one line of it.
    Address,
    /// Postal code.
    Postcode,
    /// City, town or village.
    City,
    /// State, province, county.
    Region,
    /// Country, by name or code.
    Country,
    /// Date of birth or a part of it.
    DateOfBirth,
    /// Number that a state or a health system gave to a person.
    NationalId,
    /// Number of a tax payer, person or company.
    TaxId,
    /// Passport number or machine-readable zone.
    Passport,
    /// Driving licence number.
    DriverLicence,
    /// Payment card number.
    CreditCard,
    /// Account number, IBAN, routing code.
    BankAccount,
    /// IPv4 or IPv6 address.
    IpAddress,
    /// Hardware address of a network interface.
    MacAddress,
    /// IMEI, IMSI, ICCID, advertising id.
    DeviceId,
    /// Web address.
    Url,
    /// Login or handle.
    Username,
    /// Password, key, token, salt, PIN.
    Secret,
    /// Latitude, longitude or both.
    GeoCoordinate,
    /// Diagnosis, treatment, medication, insurance of the sick.
    Health,
    /// Sex or gender.
    Gender,
    /// Age, marital status, nationality, occupation.
    Demographic,
    /// Religion, ethnicity, politics, union, orientation, convictions (Art. 9 and 10 GDPR).
    SpecialCategory,
    /// Salary, balance, income, score of a person.
    Financial,
    /// Vehicle identification number or plate.
    VehicleId,
    /// Picture or template of a body.
    BiometricPhoto,
    /// Prose in which personal data occur.
    FreeTextPii,
}

impl Label {
    /// Every label, in the order of declaration.
    pub const ALL: [Label; 30] = [
        Label::PersonName,
        Label::Email,
        Label::Phone,
        Label::Address,
        Label::Postcode,
        Label::City,
        Label::Region,
        Label::Country,
        Label::DateOfBirth,
        Label::NationalId,
        Label::TaxId,
        Label::Passport,
        Label::DriverLicence,
        Label::CreditCard,
        Label::BankAccount,
        Label::IpAddress,
        Label::MacAddress,
        Label::DeviceId,
        Label::Url,
        Label::Username,
        Label::Secret,
        Label::GeoCoordinate,
        Label::Health,
        Label::Gender,
        Label::Demographic,
        Label::SpecialCategory,
        Label::Financial,
        Label::VehicleId,
        Label::BiometricPhoto,
        Label::FreeTextPii,
    ];

    /// The name used in contracts and in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Label::PersonName => "person_name",
            Label::Email => "email",
            Label::Phone => "phone",
            Label::Address => "address",
            Label::Postcode => "postcode",
            Label::City => "city",
            Label::Region => "region",
            Label::Country => "country",
            Label::DateOfBirth => "date_of_birth",
            Label::NationalId => "national_id",
            Label::TaxId => "tax_id",
            Label::Passport => "passport",
            Label::DriverLicence => "driver_licence",
            Label::CreditCard => "credit_card",
            Label::BankAccount => "bank_account",
            Label::IpAddress => "ip_address",
            Label::MacAddress => "mac_address",
            Label::DeviceId => "device_id",
            Label::Url => "url",
            Label::Username => "username",
            Label::Secret => "secret",
            Label::GeoCoordinate => "geo_coordinate",
            Label::Health => "health",
            Label::Gender => "gender",
            Label::Demographic => "demographic",
            Label::SpecialCategory => "special_category",
            Label::Financial => "financial",
            Label::VehicleId => "vehicle_id",
            Label::BiometricPhoto => "biometric_photo",
            Label::FreeTextPii => "free_text_pii",
        }
    }

    /// Group that the label belongs to in findings.
    pub fn category(self) -> Category {
        match self {
            Label::PersonName
            | Label::NationalId
            | Label::TaxId
            | Label::Passport
            | Label::DriverLicence
            | Label::VehicleId
            | Label::DateOfBirth => Category::Identifier,
            Label::Email | Label::Phone | Label::FreeTextPii => Category::Contact,
            Label::Address
            | Label::Postcode
            | Label::City
            | Label::Region
            | Label::Country
            | Label::GeoCoordinate => Category::Location,
            Label::CreditCard | Label::BankAccount | Label::Financial => Category::Financial,
            Label::Health => Category::Health,
            Label::Username | Label::Secret => Category::Credential,
            Label::IpAddress | Label::MacAddress | Label::DeviceId | Label::Url => Category::Technical,
            Label::Gender | Label::Demographic | Label::SpecialCategory | Label::BiometricPhoto => {
                Category::Special
            }
        }
    }

    /// How much harm a leak does.
    pub fn sensitivity(self) -> Sensitivity {
        match self {
            Label::City | Label::Region | Label::Country | Label::Url => Sensitivity::Low,
            Label::NationalId
            | Label::TaxId
            | Label::Passport
            | Label::DriverLicence
            | Label::CreditCard
            | Label::BankAccount
            | Label::Secret
            | Label::Health
            | Label::SpecialCategory
            | Label::BiometricPhoto => Sensitivity::High,
            _ => Sensitivity::Medium,
        }
    }
}

/// Group of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Tells who somebody is.
    Identifier,
    /// Tells how to reach somebody.
    Contact,
    /// Tells where somebody or something is.
    Location,
    /// Money and the means of paying.
    Financial,
    /// Health.
    Health,
    /// Opens doors.
    Credential,
    /// Devices and networks.
    Technical,
    /// Special categories of the law and plain demographics.
    Special,
}

impl Category {
    /// The name used in contracts.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Identifier => "identifier",
            Category::Contact => "contact",
            Category::Location => "location",
            Category::Financial => "financial",
            Category::Health => "health",
            Category::Credential => "credential",
            Category::Technical => "technical",
            Category::Special => "special",
        }
    }
}

/// How much harm a leak does to the person concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sensitivity {
    /// Little by itself.
    Low,
    /// Personal data.
    Medium,
    /// Identity theft, discrimination, loss of money.
    High,
}

impl Sensitivity {
    /// The name used in contracts.
    pub fn as_str(self) -> &'static str {
        match self {
            Sensitivity::Low => "low",
            Sensitivity::Medium => "medium",
            Sensitivity::High => "high",
        }
    }
}
