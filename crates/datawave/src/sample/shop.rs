//! The shop: full of numbers that look like personal data and are none, beside some that are.

use super::calendar::{date, moment, recent};
use super::database::{Database, Table, row};
use super::ids;
use super::people::{Person, remark};
use super::rng::Rng;

const PRODUCTS: i64 = 600;
const CUSTOMERS: i64 = 1_200;
const ORDERS: i64 = 4_000;

const THINGS: &[&str] = &[
    "Lampe",
    "Rucksack",
    "kettle",
    "トースター",
    "chaise",
    "toolbox",
    "Teppich",
    "speaker",
    "mochila",
];
const COLOURS: &[&str] = &["rot", "blue", "黒", "vert", "white", "mostaza"];

pub(super) fn database(mut rng: Rng) -> Database {
    let rng = &mut rng;
    Database {
        tables: vec![
            products(rng),
            customers(rng),
            orders(rng),
            order_lines(rng),
            payments(rng),
            reviews(rng),
        ],
        after: &[
            "create index order_customer on \"order\" (customer_id)",
            "create view order_summary as select o.order_no, c.email, o.total from \"order\" o join customer c on c.id = o.customer_id",
            "create view bestseller as select sku, sum(quantity) as sold from order_line group by sku",
        ],
    }
}

/// `AB-1234-56`: looks like a licence plate or a telephone number to the careless.
fn sku(id: i64) -> String {
    format!(
        "{}{}-{:04}-{:02}",
        char::from(b'A' + (id % 26) as u8),
        char::from(b'A' + (id / 26 % 26) as u8),
        1_000 + id,
        id % 97
    )
}

fn products(rng: &mut Rng) -> Table {
    let rows = (1..=PRODUCTS)
        .map(|id| {
            row![
                sku(id),
                ids::ean13(rng),
                format!("{} {}", rng.pick(THINGS), rng.pick(COLOURS)),
                format!("{}.{}.{}", rng.range(0, 4), rng.range(0, 20), rng.range(0, 9)),
                (rng.real(2.0, 900.0) * 100.0).round() / 100.0,
                format!("{}x{}x{}", rng.range(5, 90), rng.range(5, 90), rng.range(5, 90)),
                rng.range(10, 40_000),
                format!(
                    "{:04}.{:02}.{:02}",
                    rng.range(3_000, 9_700),
                    rng.range(10, 99),
                    rng.range(0, 99)
                ),
            ]
        })
        .collect();
    Table {
        name: "product",
        columns: "sku varchar(12) primary key, ean char(13), title varchar(120), firmware varchar(12), price numeric(8,2),
                  size_cm varchar(12), weight_g integer, customs_tariff varchar(12)",
        rows,
    }
}

fn customers(rng: &mut Rng) -> Table {
    let rows = (1..=CUSTOMERS)
        .map(|id| {
            let person = Person::any(rng);
            let hash = format!(
                "$argon2id$v=19$m=19456,t=2,p=1${}${}",
                rng.letters(BASE64, 22),
                rng.letters(BASE64, 43)
            );
            row![
                id,
                person.email.clone(),
                person.login.clone(),
                hash,
                person.full_name(),
                person.phone,
                person.street,
                format!("{} {}", person.postcode, person.city),
                person.locale.code,
                ids::ip(rng),
                moment(rng, 400),
                rng.range(0, 2_400),
            ]
        })
        .collect();
    Table {
        name: "customer",
        columns: "id integer primary key, email varchar(120), username varchar(40), password_hash varchar(120),
                  display_name varchar(120), tel varchar(40), addr1 varchar(120), addr2 varchar(120), country char(2),
                  last_ip varchar(45), last_login timestamp, points integer",
        rows,
    }
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn orders(rng: &mut Rng) -> Table {
    let rows = (1..=ORDERS)
        .map(|id| {
            row![
                id,
                // Ten digits: an order number, not a telephone number.
                format!("26{:08}", 10_000_000 + id * 7),
                rng.range(1, CUSTOMERS),
                moment(rng, 500),
                (rng.real(5.0, 1_500.0) * 100.0).round() / 100.0,
                format!(
                    "1Z{}{}",
                    rng.letters("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 8),
                    rng.digits(8)
                ),
                *rng.pick(&["paid", "shipped", "returned", "open"]),
            ]
        })
        .collect();
    Table {
        name: "\"order\"",
        columns:
            "id integer primary key, order_no char(10) unique, customer_id integer references customer (id),
                  ordered_at timestamp, total numeric(10,2), tracking_no varchar(20), state varchar(10)",
        rows,
    }
}

fn order_lines(rng: &mut Rng) -> Table {
    let rows = (1..=9_000)
        .map(|_| {
            row![
                rng.range(1, ORDERS),
                sku(rng.range(1, PRODUCTS)),
                rng.range(1, 5),
                (rng.real(2.0, 900.0) * 100.0).round() / 100.0
            ]
        })
        .collect();
    Table {
        name: "order_line",
        columns: "order_id integer references \"order\" (id), sku varchar(12) references product (sku), quantity integer,
                  unit_price numeric(8,2)",
        rows,
    }
}

fn payments(rng: &mut Rng) -> Table {
    let rows = (1..=1_500)
        .map(|id| {
            let payer = Person::any(rng);
            row![
                id,
                rng.range(1, ORDERS),
                payer.full_name(),
                ids::card(rng),
                format!("{:02}/{:02}", rng.range(1, 12), rng.range(26, 31)),
                ids::uuid(rng),
                date(recent(rng, 500)),
            ]
        })
        .collect();
    Table {
        name: "payment",
        columns: "id integer primary key, order_id integer references \"order\" (id), card_holder varchar(120), pan varchar(19),
                  valid_thru char(5), transaction_id char(36), booked_on date",
        rows,
    }
}

fn reviews(rng: &mut Rng) -> Table {
    let rows = (0..2_000usize)
        .map(|nth| {
            row![
                nth as i64 + 1,
                sku(rng.range(1, PRODUCTS)),
                rng.range(1, 5),
                remark(rng, nth)
            ]
        })
        .collect();
    Table {
        name: "review",
        columns: "id integer primary key, sku varchar(12) references product (sku), stars integer, comment text",
        rows,
    }
}
