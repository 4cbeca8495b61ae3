//! Numbers that stand for a person or a company.

use super::{LIKELY, Row, SURE};

pub(super) const ROWS: &[Row] = &[
    (
        "us_ssn",
        SURE,
        "ssn ssnnumber ssnnum ssnno socialsecurity socialsecuritynumber socialsecurityno socsecno socsec empssnnum ssn4 last4ssn ssnlast4 itin",
    ),
    ("ca_sin", SURE, "sin sinnum sinnumber socialinsurancenumber"),
    (
        "gb_nino",
        SURE,
        "nino ninumber nationalinsurance nationalinsurancenumber nationalinsuranceno",
    ),
    ("gb_nhs", SURE, "nhs nhsnumber nhsno"),
    (
        "fr_nir",
        SURE,
        "nir numerosecuritesociale numsecu numerosecu securitesociale numsecuritesociale insee2 numeross nss",
    ),
    ("es_dni", SURE, "dni nie dninie nifdni nifnie numerodni"),
    ("it_codice_fiscale", SURE, "codicefiscale codfiscale codfisc cf2"),
    (
        "pt_cc",
        SURE,
        "cartaocidadao numerocartaocidadao numerobi bilhetedeidentidade niss",
    ),
    ("nl_bsn", SURE, "bsn burgerservicenummer sofinummer sofi"),
    (
        "be_nn",
        SURE,
        "rijksregisternummer rijksregister registrenational numeronational nationaalnummer insznr insz niss2",
    ),
    (
        "ch_ahv",
        SURE,
        "ahv ahvnr ahvnummer avs numeroavs ahvn13 sozialversicherungsnummer svnr svnummer sozialvers",
    ),
    (
        "de_rvnr",
        SURE,
        "rvnr rvnummer rentenversicherungsnummer sozialversicherungsnr versicherungsnummerrv",
    ),
    (
        "de_steuer_id",
        SURE,
        "steuerid steueridentifikationsnummer steuerident idnr steueridnr steuernr steuernummer stnr",
    ),
    ("dk_cpr", SURE, "cpr cprnr cprnummer personnummerdk"),
    ("no_fnr", SURE, "fnr fodselsnummer fodselsnr foedselsnummer"),
    (
        "se_personnummer",
        SURE,
        "personnummer personnr pnr samordningsnummer",
    ),
    ("fi_hetu", SURE, "hetu henkilotunnus sotu"),
    ("is_kennitala", SURE, "kennitala"),
    ("pl_pesel", SURE, "pesel nrpesel numerpesel"),
    ("cz_rc", SURE, "rodnecislo rodnecislo2 "),
    ("hu_taj", SURE, "taj tajszam"),
    ("ro_cnp", SURE, "cnp codnumericpersonal"),
    ("bg_egn", SURE, "egn егн"),
    ("hr_oib", SURE, "oib"),
    ("si_emso", SURE, "emso jmbg umcn jmb емшо"),
    ("ee_ik", SURE, "isikukood asmenskodas personaskods isikood"),
    ("gr_amka", SURE, "amka αμκα"),
    ("ru_snils", SURE, "snils снилс"),
    ("ua_rntrc", SURE, "rntrc рнокпп ipn2"),
    ("kz_iin", SURE, "iin иин"),
    ("tr_tckn", SURE, "tckn tckimlik tckimlikno tcno kimlikno "),
    ("il_id", SURE, "teudatzehut "),
    ("ae_eid", SURE, "emiratesid emiratesidnumber eid"),
    ("pk_cnic", SURE, "cnic cnicno "),
    (
        "in_aadhaar",
        SURE,
        "aadhaar aadhaarno aadhaarnumber aadhar aadharno aadharnumber uidai आधार",
    ),
    (
        "cn_ric",
        SURE,
        "身份证 身份证号 身份证号码 证件号码 shenfenzheng idcard idcardno idcardnumber cnid 身分證字號 身份証",
    ),
    ("jp_my_number", SURE, "mynumber kojinbango 個人番号 マイナンバー"),
    (
        "kr_rrn",
        SURE,
        "rrn 주민등록번호 주민번호 juminbeonho residentregistrationnumber jumin",
    ),
    ("th_pin", SURE, "เลขประจำตัวประชาชน thaiid"),
    ("vn_cccd", SURE, "cccd cmnd socmnd socccd"),
    ("id_nik", SURE, "nik noktp ktp nomorktp"),
    ("my_nric", SURE, "mykad icno icnumber"),
    ("sg_nric", SURE, "nric nricno  nricfin"),
    ("hk_id", SURE, "hkid hkidno"),
    ("mx_curp", SURE, "curp"),
    ("br_cpf", SURE, "cpf nrcpf numerocpf cpfcnpj cpfcliente"),
    ("br_rg", SURE, "rg nrrg numerorg registrogeral"),
    ("cl_rut", SURE, "rut run rutcliente"),
    (
        "co_cc",
        SURE,
        "cedula cedulaciudadania ceduladeciudadania cedulaidentidad cedulaidentidade numerocedula ci2",
    ),
    ("za_id", SURE, "saidnumber rsaid said southafricanid"),
    ("ng_nin", SURE, "nin bvn ninnumber"),
    (
        "national_id",
        SURE,
        "nationalid nationalidnumber nationalidno nationalidentitynumber nationalidentifier nationalinsurancenr idnumber2 governmentid govid govtid personalid personalidnumber personalidentitynumber personalidno \
personalnumber2 personalidentificationnumber identitynumber identitycardnumber identitycard identitycardno idcardnum citizenid citizenno citizennumber residentid residentno personcode personalcode \
personalausweis personalausweisnummer ausweisnummer ausweisnr perso numeroidentidad documentoidentidad numerodocumento nrodocumento doc_id documentoidentita cartaidentita numerocartaidentita cartedidentite numerocni cni \
cartaodecidadao identiteitsnummer idkortnummer dowodosobisty nrdowodu numerdowodu seriadowodu cisloop obcanskyprukaz szemelyiszam szemelyiigazolvany buletin seriebuletin kimliknumarasi паспорт2 удостоверение рид npi npinumber dea deanumber \
taxpayerid2 voterid voteridnumber epicno tribalid alienregistrationnumber alienno anumber matricola cuil cuilcuit nin2 natid natidno nationalidentity identityno identificationnumber identification documentnumber personalnummer2 ssnsin identityid رقمالهوية الرقمالوطني \
numident identificacion numeroidentificacion socialid socialnumber curpnumber personid2 perid insuranceid studentid2 idno",
    ),
    (
        "tax_id",
        SURE,
        "taxid taxidnumber taxidno taxnumber taxno taxpayerid taxpayernumber taxpayeridentificationnumber tin tinnumber tinno ein einnumber employeridentificationnumber fein federaltaxid vat vatid vatno vatnum vatnumber vatcode vatregno vatregistrationnumber \
ustid ustidnr ustidnummer umsatzsteuerid umsatzsteueridentifikationsnummer uid2 nif cif rfc cnpj nrcnpj inscricaoestadual cuit nit ruc rif siren siret numerosiret tva numerotva tvaintracommunautaire \
partitaiva piva pivanumber numiva btwnummer btwnr btw momsnummer momsreg organisationsnummer orgnr orgnummer ytunnus alvnumero nip nrnip regon numerregon krs ico dic icdph adoszam cui2 codfiscal vergino vergikimlikno vkn \
инн inn огрн ogrn кпп єдрпоу edrpou 法人番号 税番号 統一編号 统一社会信用代码 纳税人识别号 사업자등록번호 사업자번호 npwp masothue  gstin gst gstnumber gstno pan panno pannumber pancard abn abnnumber acn tfn taxfilenumber irdnumber ird utr steuernummer2 stcd1 stcd2 stceg uen bn businessnumber \
taxregistrationnumber companyregistrationnumber companynumber registrationnumber2 fiscalcode nifcif rucnumber vatin salestaxid taxcode2 eori brn companytaxid afm αφμ oibcompany eik",
    ),
    ("tax_id", LIKELY, "tax"),
    (
        "passport",
        SURE,
        "passport passportnumber passportno passportnum passportid passportnr passnummer passnr reisepass reisepassnummer reisepassnr passeport numeropasseport pasaporte numeropasaporte numpasaporte passaporto numeropassaporto passaporte numeropassaporte \
paspoort paspoortnummer passinumero passnumber paszport nrpaszportu numerpaszportu cestovnipas cislopasu utlevel utlevelszam pasaport pasaportno паспорт номерпаспорта серияпаспорта паспортныеданные 旅券番号 パスポート パスポート番号 护照 护照号 护照号码 여권 여권번호 paspor nomorpaspor hochieu جوازالسفر رقمجوازالسفر mrz traveldocument traveldocumentnumber passportseries eppassportnum",
    ),
    (
        "driver_licence",
        SURE,
        "driverlicense driverlicence driverslicense driverslicence driverlicensenumber driverlicencenumber driverslicensenumber driverslicencenumber driverlicenseno driverlicenceno drivinglicense drivinglicence drivinglicencenumber drivinglicensenumber drivinglicenceno drivinglicenseno \
drlicno dlno dlnum dlnumber dln dl drilicenum drivlicense dvlicense licencenumber licensenumber licenseno licenceno fuhrerschein fuehrerschein fuhrerscheinnummer fuehrerscheinnummer fuhrerscheinnr fuehrerscheinnr permisdeconduire numeropermis numpermis licenciaconducir licenciadeconducir \
carnetconducir permisoconducir patente numeropatente patentediguida cnh numerocnh carteiramotorista cartadeconducao rijbewijs rijbewijsnummer korkort korkortsnummer forerkort ajokortti prawojazdy nrprawajazdy ridicskyprukaz ridicakcislo jogositvany permisconducere ehliyet ehliyetno водительскоеудостоверение права 運転免許証 運転免許番号 免許証番号 驾驶证 驾照 驾驶证号 운전면허 운전면허번호 sim2 nosim banglaixe رخصةالقيادة",
    ),
    (
        "vehicle_id",
        SURE,
        "vin vinnumber vinno vinnumb vehicleidentificationnumber vehicleid2 fahrgestellnummer fahrgestellnr fin2 fahrzeugidentifikationsnummer chassis chassisno chassisnumber numerochassis chasis bastidor numerobastidor telaio numerotelaio renavam licenseplate licenceplate licenseplatenumber platenumber plateno plate numberplate registrationplate vehiclereg \
vehicleregistration vehicleregistrationnumber vehicleregno regplate kennzeichen kfzkennzeichen nummernschild autokennzeichen immatriculation plaqueimmatriculation plaque matricula placa placavehiculo placaveiculo targa kenteken registreringsnummer regnr rekisterinumero nrrejestracyjny tablicarejestracyjna rejestracja spz rendszam numarinmatriculare plaka госномер номеравто регномер ナンバープレート 車両番号 車台番号 车牌 车牌号 车牌号码 车架号 차량번호 번호판 nomorpolisi nopol biensoxe رقماللوحة tagnumber vehicleplate carplate",
    ),
];
