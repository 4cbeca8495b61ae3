//! Telemetry of the delivered devices: machine data, with persons hidden in some of it.

use super::calendar::{TODAY, moment};
use super::database::{Database, Table, row};
use super::ids;
use super::people::Person;
use super::rng::Rng;

const DEVICES: i64 = 250;

const MODELS: &[&str] = &["DW-40", "DW-40 Pro", "Kite 2", "Mast-X"];
const AGENTS: &[&str] = &[
    "datalogger/2.4.1 (linux; armv7)",
    "datalogger/2.5.0 (linux; aarch64)",
    "probe/0.9",
];

pub(super) fn database(mut rng: Rng) -> Database {
    let rng = &mut rng;
    Database {
        tables: vec![
            devices(rng),
            vehicles(rng),
            readings(rng),
            events(rng),
            releases(rng),
            blobs(rng),
        ],
        after: &[
            "create index reading_device on reading (device_id, ts)",
            "create view last_seen as select device_id, max(ts) as ts from reading group by device_id",
        ],
    }
}

fn devices(rng: &mut Rng) -> Table {
    let rows = (1..=DEVICES)
        .map(|id| {
            let owner = Person::any(rng);
            row![
                id,
                format!("SN{:010}", id * 7_919),
                *rng.pick(MODELS),
                ids::mac(rng),
                ids::imei(rng),
                format!("{}.{}.{}", rng.range(1, 3), rng.range(0, 20), rng.range(0, 99)),
                ids::ip(rng),
                owner.login,
                ids::uuid(rng),
            ]
        })
        .collect();
    Table {
        name: "device",
        columns: "id integer primary key, serial varchar(14) unique, model varchar(20), mac char(17), imei char(15),
                  fw_version varchar(12), wan_ip varchar(45), registered_to varchar(40), install_id char(36)",
        rows,
    }
}

fn vehicles(rng: &mut Rng) -> Table {
    let rows = (1..=60)
        .map(|id| {
            let driver = Person::any(rng);
            let plate = format!(
                "B-{} {}",
                rng.letters("ABCDEFGHKLMNPRSTUVWXYZ", 2),
                rng.range(10, 9_999)
            );
            row![
                id,
                ids::vin(rng),
                plate,
                driver.full_name(),
                rng.range(1, DEVICES),
                rng.range(900, 240_000)
            ]
        })
        .collect();
    Table {
        name: "vehicle",
        columns: "id integer primary key, vin char(17), licence_plate varchar(12), driver varchar(120),
                  device_id integer references device (id), odometer_km integer",
        rows,
    }
}

fn readings(rng: &mut Rng) -> Table {
    let rows = (0..15_000)
        .map(|_| {
            // Positions around the depot in Berlin; epoch seconds have ten digits, as telephone numbers do.
            let seconds = (TODAY - 30) * 86_400 + rng.range(0, 30 * 86_400);
            row![
                rng.range(1, DEVICES),
                seconds,
                (rng.real(52.35, 52.65) * 1e6).round() / 1e6,
                (rng.real(13.10, 13.75) * 1e6).round() / 1e6,
                (rng.real(-12.0, 38.0) * 10.0).round() / 10.0,
                rng.range(0, 100),
            ]
        })
        .collect();
    Table {
        name: "reading",
        columns: "device_id integer references device (id), ts integer, lat real, lon real, temperature_c real, battery_pct integer",
        rows,
    }
}

fn events(rng: &mut Rng) -> Table {
    let rows = (1..=2_500)
        .map(|id| {
            let line = match rng.below(40) {
                // Somebody logged a person: it happens everywhere.
                0 => format!("login ok user={} from {}", Person::any(rng).email, ids::ip(rng)),
                1..=9 => format!(
                    "http 200 GET /v2/devices/{} in {} ms",
                    rng.range(1, DEVICES),
                    rng.range(2, 900)
                ),
                _ => format!(
                    "heartbeat seq={} crc=0x{:04x}",
                    rng.range(1, 99_999),
                    rng.below(65_536)
                ),
            };
            row![
                id,
                moment(rng, 30),
                *rng.pick(&["INFO", "WARN", "ERROR"]),
                ids::ip(rng),
                *rng.pick(AGENTS),
                line
            ]
        })
        .collect();
    Table {
        name: "event_log",
        columns: "id integer primary key, logged_at timestamp, level varchar(5), client_ip varchar(45), user_agent varchar(80), message text",
        rows,
    }
}

fn releases(rng: &mut Rng) -> Table {
    let rows = (1..=120)
        .map(|id| {
            let digest: String = (0..4).map(|_| format!("{:016x}", rng.bits())).collect();
            row![
                format!("{}.{}.{}", id / 50 + 1, id / 5 % 10, id % 5),
                id,
                digest,
                moment(rng, 900),
                rng.range(100_000, 9_000_000)
            ]
        })
        .collect();
    Table {
        name: "release",
        columns: "version varchar(12), build integer primary key, sha256 char(64), published_at timestamp, size_bytes bigint",
        rows,
    }
}

fn blobs(rng: &mut Rng) -> Table {
    let rows = (1..=80)
        .map(|id| {
            let bytes: Vec<u8> = (0..64).flat_map(|_| rng.bits().to_le_bytes()).collect();
            row![id, rng.range(1, DEVICES), bytes]
        })
        .collect();
    Table {
        name: "crash_dump",
        columns: "id integer primary key, device_id integer references device (id), dump blob",
        rows,
    }
}
