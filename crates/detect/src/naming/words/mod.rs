//! The words themselves, a file per domain: `(type, nats, keys)`.
//!
//! Weights: 6.5 says it alone, 5 nearly, 3.5 needs support from values or neighbours.

mod finance;
mod identity;
mod location;
mod people;
mod technical;

/// One row: id of the type, weight, keys separated by blanks.
pub(super) type Row = (&'static str, f64, &'static str);

pub(super) const SURE: f64 = 6.5;
pub(super) const LIKELY: f64 = 5.0;
pub(super) const WEAK: f64 = 3.5;

/// Every table; of a key given twice the first counts.
pub(super) const TABLES: &[&[Row]] = &[
    identity::ROWS,
    people::ROWS,
    location::ROWS,
    finance::ROWS,
    technical::ROWS,
];

/// Runs of words that look like a type and are none: they are taken whole, so that no part of them counts.
pub(super) const NOTHING: &str = "useragent usergroup usergroupid userrole username2 usertype companyname productname eventname filename hostname tablename brandname \
modelname itemname categoryname coursename projectname departmentname deptname groupname rolename storename shopname restaurantname schoolname hospitalname bankname branchname \
teamname clubname artistname albumname trackname filmname moviename songname bookname genrename typename statusname classname methodname functionname keyname fieldname columnname \
displayorder language languages lang brand brands manufacturer make carrier model languagename currencyname currencycode languagecode localecode timezone schemaname databasename dbname servername appname applicationname devicename domainname sitename \
campaignname templatename metaname metatitle metadescription metakeyword metakeywords organizationname organisationname orgname firmenname firma nomentreprise razonsocial razaosocial ragionesociale \
nombreempresa nomeempresa bedrijfsnaam foretagsnamn nazwafirmy produktname produktnavn nomproduit nombreproducto nomeprodotto nomeproduto 商品名 製品名 会社名 公司名称 产品名称 회사명 상품명 sensorname metricname \
orderstate taskstate jobstate workflowstate machinestate resultingstate processstate statemachine stateid addressid emailid2 messageid messagetype textcolor textcolour colortext ratingtext searchtext keyid \
mailtype mailserver mailhost mailport smtphost smtpport mailtemplate imagewidth imageheight contenttype noteid commentcount commentid commentstatus postid posttype citycode2 regionid countryid cityid zoneid \
tokencount tokentype keywords keyword hashtag hashtags cardtype cardbrand cctype paymentmethod gendertarget agegroup agerange bodytype pageid linkid linktype linkcount faxenabled loginattempts logincount \
lastlogin lastlogindate passwordexpiry nationcount birthcount deathcount racename racetype raceid raceround party2 partysize partytype sexratio landarea landuse citylimit cellid celltower cellcount \
cellvalue maccount pinned pincount passcount passrate passfail passyards salarycap salarycurrency salarycomponent balancesheet balancetype diseaseclass drugclass macversion macos sinvalue notetype notedate notedatetime authortype";

/// Words that are glued in front of others.
pub(super) const PREFIXES: &str = "user users customer cust client emp employee staff person patient member guest \
home work mobile cell contact billing shipping bill ship mail business office private personal primary secondary \
alt alternate other sender recipient receiver owner author reviewer manager student teacher doctor subscriber payer \
payee buyer seller vendor supplier lead account acct birth legal current permanent residential mailing postal daytime \
evening kunden kunde mitarbeiter rechnungs rechnung liefer lieferanten privat firmen geschafts patienten mitglieder \
absender empfanger haupt ansprech partner vertrags versicherten steuer klant werknemer bedrijfs prive kund personal \
mobil hem arbets cliente empleado usuario paciente utilisateur employe funcionario pracownik klienta pacjenta";
