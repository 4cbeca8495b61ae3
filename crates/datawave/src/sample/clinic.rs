//! The clinic: patients, visits, diagnoses, prescriptions, laboratory values.

use super::calendar::{date, moment, recent};
use super::database::{Database, Table, row};
use super::people::Person;
use super::rng::Rng;

const PATIENTS: i64 = 1_000;
const VISITS: i64 = 3_000;

const DIAGNOSES: &[(&str, &str)] = &[
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("I10", "Essential hypertension"),
    ("J45.9", "Asthma, unspecified"),
    ("F32.1", "Moderate depressive episode"),
    ("M54.5", "Low back pain"),
    ("Z00.0", "General examination"),
    ("B20", "HIV disease"),
];
const DRUGS: &[(&str, &str)] = &[
    ("A10BA02", "Metformin 850 mg"),
    ("C09AA05", "Ramipril 5 mg"),
    ("R03AC02", "Salbutamol 100 µg"),
    ("N06AB06", "Sertralin 50 mg"),
    ("M01AE01", "Ibuprofen 600 mg"),
];
const BLOOD: &[&str] = &["A+", "A-", "B+", "B-", "AB+", "AB-", "0+", "0-"];
const TESTS: &[(&str, &str, f64, f64)] = &[
    ("HbA1c", "%", 4.5, 11.0),
    ("LDL", "mg/dL", 60.0, 190.0),
    ("Creatinine", "mg/dL", 0.5, 2.1),
    ("TSH", "mU/L", 0.3, 6.0),
];

pub(super) fn database(mut rng: Rng) -> Database {
    let rng = &mut rng;
    Database {
        tables: vec![
            patients(rng),
            diagnosis_codes(),
            visits(rng),
            prescriptions(rng),
            laboratory(rng),
            rooms(),
        ],
        after: &[
            "create view visit_list as select p.pat_name, v.visited_at, d.description from visit v
             join patient p on p.patient_no = v.patient_no join diagnosis_code d on d.code = v.icd10",
            "create view occupancy as select ward, sum(beds) as beds from room group by ward",
        ],
    }
}

fn patients(rng: &mut Rng) -> Table {
    let rows = (1..=PATIENTS)
        .map(|id| {
            let person = Person::any(rng);
            let contact = Person::of(rng, person.locale);
            row![
                100_000 + id,
                person.full_name(),
                date(person.born),
                if person.female { "female" } else { "male" },
                *rng.pick(BLOOD),
                rng.range(148, 202),
                (rng.real(45.0, 130.0) * 10.0).round() / 10.0,
                format!("{}{}", rng.letters("ABCDEFGHKLMNPRSTUVWXYZ", 1), rng.digits(9)),
                person.national,
                person.street,
                person.postcode,
                person.city,
                person.region,
                format!("{} ({})", contact.full_name(), contact.phone),
            ]
        })
        .collect();
    Table {
        name: "patient",
        columns: "patient_no integer primary key, pat_name varchar(120), dob date, sex varchar(6), blood_type varchar(3),
                  height_cm integer, weight_kg real, insurance_no varchar(12), national_no varchar(24), street varchar(120),
                  zip varchar(12), town varchar(80), region varchar(80), emergency_contact varchar(200)",
        rows,
    }
}

fn diagnosis_codes() -> Table {
    Table {
        name: "diagnosis_code",
        columns: "code varchar(8) primary key, description varchar(200)",
        rows: DIAGNOSES.iter().map(|(code, text)| row![*code, *text]).collect(),
    }
}

fn visits(rng: &mut Rng) -> Table {
    let rows = (1..=VISITS)
        .map(|id| {
            let code = rng.pick(DIAGNOSES).0;
            let pressure = format!("{}/{}", rng.range(95, 178), rng.range(58, 105));
            row![
                id,
                100_000 + rng.range(1, PATIENTS),
                moment(rng, 1_000),
                code,
                pressure,
                rng.range(48, 120),
                rng.range(1, 40)
            ]
        })
        .collect();
    Table {
        name: "visit",
        columns: "id integer primary key, patient_no integer references patient (patient_no), visited_at timestamp,
                  icd10 varchar(8) references diagnosis_code (code), blood_pressure varchar(7), pulse integer, room integer",
        rows,
    }
}

fn prescriptions(rng: &mut Rng) -> Table {
    let rows = (1..=1_800)
        .map(|id| {
            let (code, drug) = rng.pick(DRUGS);
            row![
                id,
                rng.range(1, VISITS),
                *code,
                *drug,
                format!("{}-0-{}", rng.below(3), rng.below(3)),
                date(recent(rng, 900))
            ]
        })
        .collect();
    Table {
        name: "prescription",
        columns: "id integer primary key, visit_id integer references visit (id), atc_code char(7), medication varchar(80),
                  dosage varchar(12), prescribed_on date",
        rows,
    }
}

fn laboratory(rng: &mut Rng) -> Table {
    let rows = (1..=3_000)
        .map(|id| {
            let (test, unit, low, high) = rng.pick(TESTS);
            row![
                id,
                rng.range(1, VISITS),
                *test,
                (rng.real(*low, *high) * 100.0).round() / 100.0,
                *unit
            ]
        })
        .collect();
    Table {
        name: "lab_result",
        columns: "id integer primary key, visit_id integer references visit (id), test varchar(20), value real, unit varchar(10)",
        rows,
    }
}

fn rooms() -> Table {
    let rows = (1..=40i64)
        .map(|room| {
            row![
                room,
                format!("{}.{:02}", room % 4, room),
                ["A", "B", "C"][(room % 3) as usize],
                1 + room % 3
            ]
        })
        .collect();
    Table {
        name: "room",
        columns: "id integer primary key, door varchar(6), ward char(1), beds integer",
        rows,
    }
}
