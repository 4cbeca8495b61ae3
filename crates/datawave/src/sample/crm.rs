//! The CRM: companies, contacts, deals, notes.

use super::calendar::{date, moment, recent};
use super::database::{Database, Table, row};
use super::people::{Person, remark};
use super::rng::Rng;

const COMPANIES: i64 = 300;
const CONTACTS: i64 = 1_500;
const NOTES: usize = 4_000;

const WORDS: &[&str] = &[
    "Nord", "Alpen", "Delta", "Sakura", "Orion", "Granit", "Baltic", "Verde", "Polar", "Lumen",
];
const TRADES: &[&str] = &[
    "Logistics",
    "Textil",
    "Foods",
    "Optik",
    "Maschinenbau",
    "Energia",
    "Pharma",
    "Print",
];
const FORMS: &[&str] = &["GmbH", "Ltd", "S.A.", "Sp. z o.o.", "K.K.", "Inc."];
const STAGES: &[&str] = &["lead", "qualified", "offer", "won", "lost"];

pub(super) fn database(mut rng: Rng) -> Database {
    let rng = &mut rng;
    Database {
        tables: vec![companies(rng), contacts(rng), deals(rng), notes(rng), settings()],
        after: &[
            "create index contact_company on contact (company_id)",
            "create view contact_directory as select c.first_name, c.last_name, c.email, o.name as company
             from contact c join company o on o.id = c.company_id",
            "create view pipeline as select stage, count(*) as deals, sum(amount) as amount from deal group by stage",
        ],
    }
}

fn companies(rng: &mut Rng) -> Table {
    let rows = (1..=COMPANIES)
        .map(|id| {
            let name = format!("{} {} {}", rng.pick(WORDS), rng.pick(TRADES), rng.pick(FORMS));
            let seat = Person::any(rng);
            let site = format!("https://www.company{id}.example.com/{}", seat.locale.language);
            row![
                id,
                name,
                site,
                seat.street,
                seat.postcode,
                seat.city,
                seat.locale.code,
                rng.range(3, 9_000)
            ]
        })
        .collect();
    Table {
        name: "company",
        columns:
            "id integer primary key, name varchar(120) not null, website varchar(200), street varchar(120),
                  postcode varchar(12), city varchar(80), country char(2), headcount integer",
        rows,
    }
}

fn contacts(rng: &mut Rng) -> Table {
    let rows = (1..=CONTACTS)
        .map(|id| {
            let person = Person::any(rng);
            // What people really do to a field for telephone numbers.
            let phone = match rng.below(20) {
                0 => None,
                1 => Some("n/a".to_owned()),
                _ => Some(person.phone),
            };
            row![
                id,
                rng.range(1, COMPANIES),
                person.given,
                person.family,
                person.email,
                phone,
                date(person.born),
                person.locale.language,
                i64::from(rng.chance(2, 3)),
                moment(rng, 1_500),
            ]
        })
        .collect();
    Table {
        name: "contact",
        columns: "id integer primary key, company_id integer not null references company (id),
                  first_name varchar(60), last_name varchar(60), email varchar(120), phone varchar(40),
                  birthday date, language char(2), newsletter boolean, created_at timestamp",
        rows,
    }
}

fn deals(rng: &mut Rng) -> Table {
    let rows = (1..=900)
        .map(|id| {
            let closes = recent(rng, 700);
            row![
                id,
                format!("D-{}-{:05}", 2024 + id % 3, id),
                rng.range(1, COMPANIES),
                *rng.pick(STAGES),
                (rng.real(500.0, 250_000.0) * 100.0).round() / 100.0,
                *rng.pick(&["EUR", "USD", "GBP", "JPY"]),
                date(closes),
            ]
        })
        .collect();
    Table {
        name: "deal",
        columns: "id integer primary key, reference varchar(20), company_id integer references company (id),
                  stage varchar(20), amount numeric(12,2), currency char(3), close_date date",
        rows,
    }
}

fn notes(rng: &mut Rng) -> Table {
    let rows = (0..NOTES)
        .map(|nth| {
            row![
                nth as i64 + 1,
                rng.range(1, CONTACTS),
                moment(rng, 900),
                remark(rng, nth)
            ]
        })
        .collect();
    Table {
        name: "note",
        columns: "id integer primary key, contact_id integer references contact (id), written_at timestamp, body text",
        rows,
    }
}

fn settings() -> Table {
    let rows = [
        ("schema_version", "3.12.1"),
        ("api_base", "https://crm.example.com/v2"),
        ("page_size", "50"),
        ("timezone", "Europe/Berlin"),
    ]
    .into_iter()
    .map(|(key, value)| row![key, value])
    .collect();
    Table {
        name: "setting",
        columns: "\"key\" varchar(60) primary key, \"value\" text",
        rows,
    }
}
