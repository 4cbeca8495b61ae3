//! HR: employees, pay, absences, applicants.

use super::calendar::{TODAY, date, recent};
use super::database::{Database, Table, Value, row};
use super::ids;
use super::locales::LOCALES;
use super::people::Person;
use super::rng::Rng;

const EMPLOYEES: i64 = 500;

const DEPARTMENTS: &[(&str, &str)] = &[
    ("ENG", "Engineering"),
    ("SAL", "Sales"),
    ("FIN", "Finance"),
    ("OPS", "Operations"),
    ("MED", "Clinic"),
    ("HR", "People"),
];
const JOBS: &[&str] = &[
    "engineer",
    "accountant",
    "nurse",
    "sales manager",
    "technician",
    "analyst",
    "driver",
];
const FAITHS: &[&str] = &["none", "rk", "ev", "isl", "jd"];

pub(super) fn database(mut rng: Rng) -> Database {
    let rng = &mut rng;
    Database {
        tables: vec![
            departments(),
            employees(rng),
            payroll(rng),
            absences(rng),
            applicants(rng),
        ],
        after: &[
            "create view headcount as select department, count(*) as people from employee group by department",
            "create view birthdays as select full_name, strftime('%m-%d', date_of_birth) as day from employee",
        ],
    }
}

fn departments() -> Table {
    let rows = DEPARTMENTS
        .iter()
        .enumerate()
        .map(|(at, (code, name))| row![*code, *name, format!("CC-{}", 4_100 + at * 10)])
        .collect();
    Table {
        name: "department",
        columns: "code varchar(4) primary key, name varchar(60) not null, cost_center varchar(12)",
        rows,
    }
}

fn employees(rng: &mut Rng) -> Table {
    let rows = (1..=EMPLOYEES)
        .map(|id| {
            // Offices in five countries.
            let locale = &LOCALES[rng.below(5)];
            let person = Person::of(rng, locale);
            let manager = (id > 12).then(|| rng.range(1, 12));
            row![
                id,
                format!("E{id:05}"),
                person.full_name(),
                person.login.clone(),
                format!("{}@corp.example", person.login),
                if person.female { "F" } else { "M" },
                date(person.born),
                *rng.pick(&["single", "married", "divorced", "widowed"]),
                *rng.pick(FAITHS),
                person.national,
                ids::iban(rng, locale.code),
                format!("{}, {} {}", person.street, person.postcode, person.city),
                rng.pick(DEPARTMENTS).0,
                *rng.pick(JOBS),
                manager,
                date(recent(rng, 6_000)),
                i64::from(rng.chance(1, 25)),
            ]
        })
        .collect();
    Table {
        name: "employee",
        columns: "id integer primary key, personnel_no char(6) unique, full_name varchar(120), login varchar(40),
                  work_email varchar(120), sex char(1), date_of_birth date, marital_status varchar(12), church_tax varchar(4),
                  tax_id varchar(24), iban varchar(34), home_address varchar(200),
                  department varchar(4) references department (code), job_title varchar(60),
                  manager_id integer references employee (id), hired_on date, severely_disabled boolean",
        rows,
    }
}

fn payroll(rng: &mut Rng) -> Table {
    let mut rows = Vec::new();
    for employee in 1..=EMPLOYEES {
        let base = rng.range(2_100, 9_800);
        for month in 1..=6i64 {
            let gross = base as f64 + (rng.real(0.0, 400.0) * 100.0).round() / 100.0;
            rows.push(row![
                employee,
                format!("2026-{month:02}"),
                gross,
                (gross * 61.7).round() / 100.0,
                rng.range(140, 176)
            ]);
        }
    }
    Table {
        name: "payroll",
        columns: "employee_id integer references employee (id), period char(7), gross_pay numeric(10,2),
                  net_pay numeric(10,2), hours integer, primary key (employee_id, period)",
        rows,
    }
}

fn absences(rng: &mut Rng) -> Table {
    let rows = (1..=1_200)
        .map(|id| {
            let first = recent(rng, 700);
            let kind = *rng.pick(&["holiday", "holiday", "sick", "parental", "training"]);
            // A diagnosis stands where nobody should have written one.
            let note: Value = match (kind, rng.below(6)) {
                ("sick", 0) => {
                    Value::from(*rng.pick(&["Grippe", "back pain", "migraine", "Burn-out", "broken wrist"]))
                }
                _ => Value::Null,
            };
            row![
                id,
                rng.range(1, EMPLOYEES),
                kind,
                date(first),
                date(first + rng.range(0, 14)),
                note
            ]
        })
        .collect();
    Table {
        name: "absence",
        columns: "id integer primary key, employee_id integer references employee (id), kind varchar(12),
                  first_day date, last_day date, note varchar(200)",
        rows,
    }
}

fn applicants(rng: &mut Rng) -> Table {
    let rows = (1..=250)
        .map(|id| {
            let person = Person::any(rng);
            let years = (TODAY - person.born) / 365;
            row![
                id,
                person.full_name(),
                person.email,
                person.phone,
                years,
                person.locale.country,
                format!("https://profiles.example.net/in/{}", person.login),
                *rng.pick(&["new", "interview", "offer", "rejected"]),
                rng.range(1, 5),
            ]
        })
        .collect();
    Table {
        name: "applicant",
        columns:
            "id integer primary key, name varchar(120), email varchar(120), mobile varchar(40), age integer,
                  nationality varchar(60), profile_url varchar(200), status varchar(12), rating integer",
        rows,
    }
}
