//! Check rules: published numbers pass, their near misses do not more often than chance allows.

use crate::support::engine;

/// Valid numbers from specifications, registries' own examples and documentation of open-source libraries.
const VALID: &[(&str, &str)] = &[
    ("gb_nino", "AB 12 34 56 C"),
    ("gb_nhs", "943 476 5919"),
    ("gb_utr", "1955839661"),
    ("gb_vat", "GB 980 7806 84"),
    ("ie_pps", "6433435F"),
    ("fr_nir", "2 95 10 99 126 111 93"),
    ("fr_siren", "552 008 443"),
    ("fr_siret", "73282932000074"),
    ("fr_tva", "FR 40 303 265 045"),
    ("fr_spi", "30 23 217 600 053"),
    ("de_steuer_id", "36 574 261 809"),
    ("de_rvnr", "15070649C103"),
    ("de_kvnr", "A123456780"),
    ("de_ustid", "DE136695976"),
    ("nl_bsn", "111222333"),
    ("nl_btw", "NL004495445B01"),
    ("be_nn", "85.07.30-033 28"),
    ("be_vat", "BE 0428759497"),
    ("lu_id", "1893120105732"),
    ("ch_ahv", "756.9217.0769.85"),
    ("ch_uid", "CHE-100.155.212"),
    ("at_svnr", "1237 010180"),
    ("at_uid", "ATU13585627"),
    ("dk_cpr", "211062-5629"),
    ("dk_cvr", "13585628"),
    ("no_fnr", "15108695088"),
    ("no_orgnr", "988077917"),
    ("se_personnummer", "880320-0016"),
    ("se_orgnr", "123456-7897"),
    ("fi_hetu", "131052-308T"),
    ("fi_ytunnus", "2077474-0"),
    ("is_kennitala", "450401-3150"),
    ("ee_ik", "36805280109"),
    ("lv_pk", "161175-19997"),
    ("es_dni", "54362315K"),
    ("es_nie", "X-2482300W"),
    ("es_cif", "J99216582"),
    ("pt_nif", "501964843"),
    ("pt_cc", "00000000 0 ZZ4"),
    ("it_codice_fiscale", "RCCMNL83S18D969H"),
    ("it_iva", "00743110157"),
    ("gr_amka", "01013099997"),
    ("gr_afm", "094259216"),
    ("hr_oib", "33392005961"),
    ("si_emso", "0101006500006"),
    ("si_ddv", "50223054"),
    ("tr_tckn", "17291716060"),
    ("tr_vkn", "4540536920"),
    ("pl_pesel", "44051401359"),
    ("pl_nip", "8567346215"),
    ("pl_regon", "192598184"),
    ("pl_dowod", "ABA300000"),
    ("cz_rc", "710319/2745"),
    ("cz_ico", "25123891"),
    ("hu_adoszam", "12892312"),
    ("ro_cnp", "1630615123457"),
    ("ro_cui", "18547290"),
    ("bg_egn", "7523169263"),
    ("ru_inn", "7827004526"),
    ("ru_snils", "112-233-445 95"),
    ("ru_ogrn", "1022200525819"),
    ("us_npi", "1234567893"),
    ("us_dea", "AB1234563"),
    ("ca_sin", "123-456-782"),
    ("mx_curp", "BOXW310820HNERXN09"),
    ("mx_rfc", "GODE561231GR8"),
    ("br_cpf", "390.533.447-05"),
    ("br_cnpj", "16.727.230/0001-97"),
    ("ar_cuit", "20-05536168-2"),
    ("cl_rut", "12531909-2"),
    ("co_nit", "213123432-1"),
    ("pe_ruc", "20512333797"),
    ("ec_ci", "171430710-3"),
    ("ve_rif", "V-11470283-4"),
    ("do_cedula", "00113918205"),
    ("do_rnc", "101-85004-3"),
    ("in_aadhaar", "2341 2341 2346"),
    ("in_pan", "ACUPA7085R"),
    ("in_gstin", "27AAPFU0939F1ZV"),
    ("in_epic", "WKH1186253"),
    ("cn_ric", "360426199101010071"),
    ("cn_uscc", "91110000600037341L"),
    ("tw_id", "A123456789"),
    ("hk_id", "A123456-3"),
    ("jp_my_number", "6214 9832 0257"),
    ("jp_corporate", "5835678256246"),
    ("kr_rrn", "971013-9019902"),
    ("kr_brn", "124-81-00998"),
    ("th_pin", "1-2345-45678-78-1"),
    ("id_nik", "3171011708450001"),
    ("my_nric", "770305-02-1234"),
    ("sg_nric", "S1234567D"),
    ("au_tfn", "123 456 782"),
    ("au_abn", "83 914 571 673"),
    ("au_acn", "004 085 616"),
    ("au_medicare", "2123 45670 1"),
    ("nz_ird", "49-091-850"),
    ("il_id", "039337423"),
    ("za_id", "7503305044089"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
    ("iban", "NO93 8601 1117 947"),
    ("credit_card", "4111 1111 1111 1111"),
    ("credit_card", "378282246310005"),
    ("credit_card", "5555-5555-5555-4444"),
    ("bic", "DEUTDEFF"),
    ("us_aba", "111000025"),
    ("mx_clabe", "032180000118359719"),
    ("ar_cbu", "2850590940090418135201"),
    ("imei", "490154203237518"),
    ("iccid", "8991101200003204514"),
    ("vin", "1M8GDM9AXKP042788"),
    ("us_ssn", "078-05-1120"),
    ("vn_cccd", "001090012345"),
];

#[test]
fn published_numbers_pass() {
    let engine = engine();
    let failed: Vec<_> = VALID
        .iter()
        .filter(|(rule, value)| engine.validates(rule, value) != Some(true))
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// Rules with a check digit: another last digit must be refused.
#[test]
fn a_wrong_check_digit_is_refused() {
    let engine = engine();
    const CHECK_IS_LAST: &[&str] = &[
        "gb_nhs",
        "fr_siren",
        "fr_siret",
        "de_steuer_id",
        "de_rvnr",
        "de_kvnr",
        "de_ustid",
        "nl_bsn",
        "be_nn",
        "ch_ahv",
        "no_fnr",
        "no_orgnr",
        "se_personnummer",
        "ee_ik",
        "lv_pk",
        "pt_nif",
        "it_iva",
        "gr_amka",
        "hr_oib",
        "tr_tckn",
        "pl_pesel",
        "pl_nip",
        "cz_ico",
        "ro_cnp",
        "bg_egn",
        "ru_inn",
        "ru_snils",
        "us_npi",
        "ca_sin",
        "br_cpf",
        "br_cnpj",
        "ar_cuit",
        "in_aadhaar",
        "tw_id",
        "jp_my_number",
        "kr_rrn",
        "th_pin",
        "au_tfn",
        "au_abn",
        "za_id",
        "iban",
        "credit_card",
        "mx_clabe",
        "imei",
    ];
    for (rule, value) in VALID.iter().filter(|(rule, _)| CHECK_IS_LAST.contains(rule)) {
        let (front, last) = value.split_at(value.len() - 1);
        let digit: u32 = last.parse().expect("ends in a digit");
        for other in (0..10).filter(|d| *d != digit) {
            let near = format!("{front}{other}");
            assert_eq!(engine.validates(rule, &near), Some(false), "{rule} {near}");
        }
    }
}

#[test]
fn near_misses_pass_no_more_often_than_chance() {
    let engine = engine();
    // Every single-digit change of a Luhn, Verhoeff, mod 11 or mod 97 number is caught.
    for (rule, value) in [
        ("credit_card", "4111111111111111"),
        ("iban", "DE89370400440532013000"),
        ("in_aadhaar", "234123412346"),
        ("hr_oib", "33392005961"),
        ("nl_bsn", "111222333"),
    ] {
        let bytes = value.as_bytes();
        for at in 0..bytes.len() {
            for d in b'0'..=b'9' {
                if !bytes[at].is_ascii_digit() || bytes[at] == d {
                    continue;
                }
                let mut near = bytes.to_vec();
                near[at] = d;
                let near = String::from_utf8(near).expect("ASCII");
                assert_eq!(engine.validates(rule, &near), Some(false), "{rule} {near}");
            }
        }
    }
}

#[test]
fn a_type_without_a_rule_says_so() {
    assert_eq!(engine().validates("person_name", "Ann Lee"), None);
}

#[test]
fn the_catalogue_has_unique_ids_and_every_label() {
    let engine = engine();
    let mut ids: Vec<_> = engine.infotypes().iter().map(|t| t.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for label in datawave_detect::Label::ALL {
        assert!(engine.infotypes().iter().any(|t| t.label == label), "{label:?}");
    }
}
