//! Persons: names, contact, birth, gender, demographics, special categories, health.

use super::{LIKELY, Row, SURE, WEAK};

pub(super) const ROWS: &[Row] = &[
    (
        "given_name",
        SURE,
        "firstname fname givenname forename vorname vorna prenom nombrepila primernombre  primeironome \
voornaam fornamn fornavn etunimi imie jmeno krestnijmeno krestnejmeno keresztnev utonev prenume  isim имя ім'я імя 名  いみ 이름 \
namadepan  הפרטי الاسمالأول namn1 namef firstnm frstname fstname namefirst nomepróprio nomeproprio christianname calledname \
preferredname nickname emailname rufname spitzname mei personfirstname segundonombre secondname",
    ),
    (
        "given_name",
        LIKELY,
        "middlename mname middleinitial minit middle  zweitername secondoname midname namemiddle otchestvo patronymic \
отчество tussenvoegsel 2ndname imiona",
    ),
    (
        "family_name",
        SURE,
        "lastname lname surname familyname nachname nachn familienname zuname nomdefamille nomfamille apellido \
apellidos primerapellido segundoapellido apellidopaterno apellidomaterno cognome sobrenome apelido ultimonome achternaam efternamn \
etternavn efternavn sukunimi nazwisko prijmeni priezvisko vezeteknev csaladnev nume soyad soyadi soyisim фамилия прізвище 姓 苗字 \
氏 성 姓氏 maidenname geburtsname nomdejeunefille nomnaissance lastnm lstname namelast nml sname panienskie rodowe \
familiename secondlastname namabelakang mothersmaidenname mothermaidenname maidn paternalname ",
    ),
    (
        "person_name",
        SURE,
        "fullname personname contactname customername clientname employeename patientname membername guestname \
displayname ownername authorname reviewername managername studentname teachername doctorname holdername cardholder cardholdername \
accountholder accountholdername nameoncard recipientname sendername payername payeename beneficiaryname beneficiary username2 \
vollername vollstandigername kundenname mitarbeitername ansprechpartner ansprechperson inhaber kontoinhaber patientenname nomcomplet \
nometprenom nomprenom nomclient nombrecompleto nombreyapellido nombrecliente nomecompleto nomecliente nominativo nomedocliente \
volledigenaam klantnaam fullstandigtnamn fulltnamn imieinazwisko imienazwisko jmenoaprijmeni teljesnev numecomplet adsoyad adisoyadi \
фио полноеимя пib піб 氏名 お名前 姓名 客户姓名 联系人 联系人姓名 성명 고객명 担当者名 担当者 顧客名 患者名 患者氏名 フリガナ カナ氏名 ename \
emergencycontactname bankaccountname nextofkin kin spouse spousename fathername mothername parentname childname guardianname guardian dependentname \
dependent attendee attendeename passengername passenger travelername drivername donorname donor applicantname applicant candidatename \
providername physicianname physician attendingphysician surgeon salesrepname agentname contactperson pointofcontact nameofcontact \
signatory signedby bioname personnel staffname nomcontact kontaktperson namalengkap hoten hovaten fullnm namefull namekana billingname \
shippingname shiptoname billtoname consignee attn attention prefixedname legalname contactfirstname accountname2 principalname \
namaasli ولاسمالكامل الاسم الاسمالكامل नाम kontaktname empname custname contactnm ansprpartner personalname ernam",
    ),
    (
        "person_name",
        LIKELY,
        "author authors reviewer contact customer2 name1 name2  director actor artistrealname instructor tutor \
assignee reporter requester approver interviewer supervisor primarycontact emergencycontact representative salesperson salesrep holder \
beneficiario titular titulaire intestatario responsable responsabile responsavel sender recipient receiver      \
имяклиента 名称人 employeenm patient nurse clinician candidatenm speaker namefld kontakt referent player playername coach officer \
accountmanager casemanager tenantname tenant landlord witness plaintiff defendant claimant insured insuredname policyholder",
    ),
    (
        "person_name",
        WEAK,
        "nom nome naam namn navn nimi nev 名前 nombre",
    ),
    ("sexual_orientation", WEAK, "orientation"),
    (
        "criminal_record",
        WEAK,
        "sentence verdict charges offense offence",
    ),
    (
        "email",
        SURE,
        "email emails emailaddress emailaddr emailid mailaddress mailaddr mailadresse emailadresse courriel adressemail \
adresseemail adressecourriel correo correoelectronico direccioncorreo emailcorreo posta postaelettronica indirizzoemail enderecoemail \
enderecodeemail emailadres epost epostadress epostadresse epostadr sahkoposti sahkopostiosoite adresemail adreseemail adrese adresemailowy email1 emailova emailovaadresa \
emailcim eposta epostaadresi почта электроннаяпочта эльпочта емейл имейл メール メールアドレス 电子邮件 电子邮箱 邮箱 邮件 이메일 이메일주소 메일 \
smtpaddr smtpaddress useremail emailprimary contactemail surel alamatemail البريدالإلكتروني البريدالالكتروني بريد ईमेल paypalemail replyto replytoaddress \
useremailaddress emailadress mailid emaladdr eml emailhome emailwork 电邮 電子メール 電子郵件 epostaadres thudientu",
    ),
    (
        "email",
        LIKELY,
        "mail paypal sentas fromaddress toaddress ccaddress bccaddress mailfrom mailto recipientaddress senderaddress",
    ),
    (
        "phone",
        SURE,
        "phone phones phonenumber phoneno phonenum telephone telephonenumber tel telno telnr telnumber telefon telefonnummer telefonnr \
rufnummer handy handynummer handynr mobil mobilnummer mobiltelefon mobile mobilephone mobileno mobilenumber mobilenum mob mobno cell \
cellphone cellular cellnumber cellno fax faxnumber faxno faxnr telefax faxnummer telefono numerotelefono numerodetelefono tel1 celular movil telefonomovil \
telefonofijo telefone numerotelefone telemovel fixe portable numtel numerodetelephone cellulare telefoonnummer telefoon mobiel gsm \
mobilnr telefonszam telefonnumer numertelefonu komorka телефон номертелефона мобильный моб факс 電話 電話番号 携帯 携帯電話 携帯番号 电话 电话号码 手机 手机号 手机号码 联系电话 \
전화 전화번호 휴대폰 휴대전화 핸드폰 msisdn homephone workphone officephone contactnumber contactno contactnum daytimephone eveningphone \
whatsapp whatsappnumber telf1 telf2 telfx telefonotrabajo telefonocasa telefoni puhelin puhelinnumero matkapuhelin cep ceptelefonu \
telefonu cislotelefonu telefonnicislo mobilni nomortelepon nohp nomorhp  notelp telepon sodienthoai dienthoai الهاتف هاتف رقمالهاتف الجوال فون \
phonehome phonework phonemobile phnno phn  phno callerid callernumber callednumber dialednumber callingnumber calledparty fon festnetz landline homeno \
officeno mobilephonenumber sms smsnumber bphone hphone wphone telhome telwork homephonenumber numerocelular nrtelefonu nrtel nrtelefon",
    ),
    (
        "date_of_birth",
        SURE,
        "dob dateofbirth birthdate birthday birthdt bdate birth born bornon geburtsdatum gebdat gebdatum gbdat gebtag geburtstag geburt datenaissance \
datedenaissance naissance fechanacimiento fechadenacimiento fecnac fechanac nacimiento datanascita datadinascita nascita datanascimento \
datadenascimento dtnasc dtnascimento nascimento geboortedatum gebdatum1 fodelsedatum fodelsedag fodselsdato foedselsdato fodselsdag syntymaaika syntymapaiva dataurodzenia \
datumnarozeni datumnarodenia szuletesidatum szuletesiido szuletesnap datanasterii datanasterii2 dogumtarihi dogumgunu датарождения деньрождения датанародження 生年月日 誕生日 \
出生日期 生日 생년월일 생일 tanggallahir tgllahir ngaysinh تاريخالميلاد تاريخميلاد जन्मतिथि birthdatetime birthyear yearofbirth yob \
monthofbirth dayofbirth birthmonth geburtsjahr anneenaissance birth1 birthdatum narozeni datumrodenja rodjenje dobdate persdob jahrgang",
    ),
    (
        "age",
        LIKELY,
        "age ageyears ageinyears patientage alter edad idade eta leeftijd alder ika wiek vek kor varsta yas возраст 年齢 年龄 나이 umur usia tuoi agedays agemonths ageatdeath",
    ),
    (
        "gender",
        SURE,
        "gender sex geschlecht gesch sexe sexo genero genre sesso genere geslacht kon kjonn koen  sukupuoli plec pohlavi pohlavie nem gen cinsiyet \
пол стать 性別 性别 성별 jeniskelamin gioitinh الجنس लिंग gendercode sexcode gendersourcevalue sexcd gendercd genderid2 biologicalsex genderidentity anredekz",
    ),
    (
        "marital_status",
        SURE,
        "maritalstatus marital civilstatus familystatus familienstand famst etatcivil situationfamiliale estadocivil \
statocivile burgerlijkestaat civilstand sivilstatus siviilisaaty stancywilny rodinnystav csaladiallapot starecivila medenihal \
семейноеположение 婚姻 婚姻状況 婚姻状况 결혼여부 statusperkawinan maritalstat relationshipstatus maritalstatuscode",
    ),
    (
        "nationality",
        SURE,
        "nationality nationalitaet nationalitat staatsangehorigkeit staatsangehoerigkeit citizenship nationalite nacionalidad nazionalita \
cittadinanza nacionalidade nationaliteit nationalitet medborgarskap kansalaisuus obywatelstwo narodowosc obcanstvo allampolgarsag \
cetatenie uyruk гражданство национальность 国籍 국적 kewarganegaraan quoctich الجنسية countryofcitizenship nationcode",
    ),
    (
        "occupation",
        2.0,
        "occupation profession beruf metier ocupacion ocupacao professione beroep yrke zawod povolani foglalkozas meslek профессия 職業 职业 직업 pekerjaan jobtitle job",
    ),
    (
        "household",
        2.0,
        "householdsize numberofchildren numchildren childrencount totalchildren children dependents educationlevel education",
    ),
    (
        "religion",
        SURE,
        "religion religiousaffiliation faith konfession konfess glaube religionszugehorigkeit religionszugehoerigkeit confession religione religiao \
geloof uskonto wyznanie nabozenstvi vallas din вероисповедание религия 宗教 宗教信仰 종교 agama tongiao الدين creed denomination churchmembership kirchensteuer",
    ),
    (
        "ethnicity",
        SURE,
        "ethnicity ethnic ethnicgroup ethnicorigin race racecode ethnicracecode racesourcevalue ethnicitysourcevalue raceethnicity ethnie etnia raca corraca razza \
herkunft ethnischeherkunft etnicidad origineethnique 民族 人種 ethniccode ethnicrace tribe caste skincolor skincolour visibleminority aboriginal",
    ),
    (
        "political_affiliation",
        SURE,
        "politicalaffiliation politicalaffil politicalparty partyaffiliation politics parteizugehorigkeit partyregistration registeredparty partipolitique \
partidopolitico partitopolitico politischeeinstellung politicalopinion politicalview politicalviews votingintention politicalleaning",
    ),
    (
        "political_affiliation",
        WEAK,
        "party partei partido parti voterparty candparty",
    ),
    (
        "trade_union",
        SURE,
        "tradeunion unionmember unionmembership labourunion laborunion gewerkschaft syndicat sindicato sindacato vakbond unionname unioncode unionaffiliation memberofunion",
    ),
    (
        "sexual_orientation",
        SURE,
        "sexualorientation  sexualpreference sexuelleorientierung orientationsexuelle orientacionsexual sexlife sexualidentity",
    ),
    (
        "criminal_record",
        SURE,
        "criminalrecord criminalhistory conviction convictions   offences felony felonies arrest arrestrecord vorstrafen vorstrafe casierjudiciaire \
antecedentespenales antecedentes fedinapenale strafregister backgroundcheck criminal   ",
    ),
    (
        "military_service",
        3.0,
        "militaryservice veteran veteranstatus militarystatus militar wehrdienst",
    ),
    (
        "disability",
        SURE,
        "disability disabilities disabled2 disabilitystatus handicap handicapped behinderung schwerbehinderung grad_der_behinderung gdb invalidite discapacidad \
deficiencia invalidita impairment specialneeds",
    ),
    (
        "diagnosis",
        SURE,
        "diagnosis diagnoses diagnose diagnosen diagnostic diagnostico diagnosi diagnosecode diagnosiscode diagnosistext diagnosisdescription primarydiagnosis icd icd9 icd10 icdcode \
icd9code icd10code icd9cd dxcode dx dx1 admittingdiagnosis 診断 诊断 진단 krankheit maladie enfermedad malattia doenca ziekte \
conditionsourcevalue medicalcondition condition2 medicalhistory krankengeschichte anamnese anamnesis symptom symptoms disease illness \
comorbidity comorbidities chiefcomplaint sickreason sickleavereason krankmeldung causeofdeath deathcause chronicdisease chronicconditions healthcondition \
healthissues mentalhealth diagnosticcode rozpoznanie диагноз tanihastalik",
    ),
    (
        "medication",
        SURE,
        "medication medications medicament medikament medikamente medicamento medicine drug drugname drugcode prescription prescriptions rx dosage dose ndc ndccode atc atccode 薬 処方 \
drugsourcevalue treatment treatments therapy behandlung therapie traitement tratamiento trattamento vaccine vaccination vaccinationstatus immunization immunisation impfung impfstatus procedurecode cptcode hcpcs hcpcscode cpt",
    ),
    (
        "health_data",
        SURE,
        "bloodtype bloodgroup blutgruppe groupesanguin gruposanguineo tiposanguineo grupposanguigno bloodpressure heartrate allergy allergies allergie allergien alergias allergens smoker \
smoking smokingstatus raucher fumeur fumador pregnant pregnancy pregnancystatus schwanger hiv hivstatus covid covidstatus covidresult testresult labresult labresults bmi bodymassindex \
glucose cholesterol hba1c medicalrecord medicalnotes medicalinfo patientnotes healthstatus healthinfo healthinsurance insuranceplan injury injuries surgery surgeries \
血液型 血型 혈액형 アレルギー 过敏史 病歴 病史 gravida alcohol alcoholuse druguse ecg ekg systolic diastolic",
    ),
    (
        "medical_record_number",
        SURE,
        "mrn medicalrecordnumber medicalrecordno patientnumber patientno krankenversicherungsnummer versichertennummer versichertennr healthcardnumber \
healthinsurancenumber insurancenumber hicn mbi medicarenumber medicareno medicaid medicaidnumber medicaidid kvnr nhi ohip memberhealthid 患者番号 保険証番号 保険番号",
    ),
    (
        "photo",
        SURE,
        "photo photos foto fotos picture portrait headshot avatar profilepicture profilephoto profileimage profilepic userphoto userpic passbild lichtbild bild \
photob64 photobase64 photourl faceimage employeephoto 写真 照片 사진 selfie mugshot epicpicture imagenperfil fotoperfil thumbnailphoto",
    ),
    (
        "fingerprint",
        SURE,
        "fingerprinttmpl fingerprinttemplate fingerprint fingerprints fingerabdruck empreinte huella huelladactilar impronta faceembedding facetemplate faceid facevector faceencoding facedescriptor \
biometric biometrics biometricdata biometrictemplate biometrichash biometrictmpl iris irisscan iriscode retina voiceprint voicetemplate voicesample palmprint 指紋 顔写真 biometrie handvein dna dnaprofile signatureimage gaittemplate minutiae",
    ),
    (
        "free_text",
        LIKELY,
        "notetext clinicalnote clinicalnotes resume curriculumvitae cv cvtext cvtextversion coverletter progressnote progressnotes dischargesummary callnotes casenotes interviewnotes \
transcript conversation chatlog chatmessage messagebody emailbody ticketbody complaint complaints customernotes patientnotes2 bemerkungzumkunden lebenslauf messagetext noteblob radiologyreport",
    ),
    (
        "free_text",
        3.1,
        "comment comments note notes remark remarks bemerkung bemerkungen notiz notizen anmerkung kommentar commentaire commentaires remarque comentario comentarios observaciones observacao observacoes nota \
opmerking opmerkingen uwagi poznamka megjegyzes notlar aciklama комментарий примечание 備考 备注 コメント メモ 비고 메모 message msg mensaje nachricht feedback review reviewtext description2 freetext memo text body content \
answer question reply bio biography aboutme",
    ),
];
