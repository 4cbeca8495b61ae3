//! Closed vocabularies and lists of names, looked up word by word.

use crate::naming::fold;
use std::collections::HashSet;

/// The lists, indexed once.
pub(crate) struct Vocabulary {
    first_names: HashSet<&'static str>,
    last_names: HashSet<&'static str>,
    cities: HashSet<&'static str>,
    countries: HashSet<&'static str>,
    regions: HashSet<&'static str>,
    diagnoses: HashSet<&'static str>,
}

/// Words of a vocabulary that is small enough to stand here: separated by `|`, lower case, no accents.
pub(crate) struct Words(&'static str);

impl Words {
    /// Whether `folded` is one of them.
    pub(crate) fn has(&self, folded: &str) -> bool {
        !folded.is_empty() && self.0.split('|').any(|w| w == folded)
    }
}

/// ISO 3166 alpha-2.
pub(crate) const COUNTRY_CODES: Words = Words(
    "af|ax|al|dz|as|ad|ao|ai|aq|ag|ar|am|aw|au|at|az|bs|bh|bd|bb|by|be|bz|bj|bm|bt|bo|bq|ba|bw|bv|br|io|bn|bg|bf|bi|cv|kh|cm|ca|ky|cf|td|cl|cn|cx|cc|co|km|cg|cd|ck|cr|ci|hr|cu|cw|cy|cz|dk|dj|dm|do|ec|eg|sv|gq|er|ee|sz|et|fk|fo|fj|fi|fr|gf|pf|tf|ga|gm|ge|de|gh|gi|gr|gl|gd|gp|gu|gt|gg|gn|gw|gy|ht|hm|va|hn|hk|hu|is|in|id|ir|iq|ie|im|il|it|jm|jp|je|jo|kz|ke|ki|kp|kr|kw|kg|la|lv|lb|ls|lr|ly|li|lt|lu|mo|mg|mw|my|mv|ml|mt|mh|mq|mr|mu|yt|mx|fm|md|mc|mn|me|ms|ma|mz|mm|na|nr|np|nl|nc|nz|ni|ne|ng|nu|nf|mk|mp|no|om|pk|pw|ps|pa|pg|py|pe|ph|pn|pl|pt|pr|qa|re|ro|ru|rw|bl|sh|kn|lc|mf|pm|vc|ws|sm|st|sa|sn|rs|sc|sl|sg|sx|sk|si|sb|so|za|gs|ss|es|lk|sd|sr|sj|se|ch|sy|tw|tj|tz|th|tl|tg|tk|to|tt|tn|tr|tm|tc|tv|ug|ua|ae|gb|us|um|uy|uz|vu|ve|vn|vg|vi|wf|eh|ye|zm|zw|uk|xk",
);

/// ISO 3166 alpha-3.
pub(crate) const COUNTRY_CODES_3: Words = Words(
    "afg|alb|dza|and|ago|arg|arm|aus|aut|aze|bhs|bhr|bgd|brb|blr|bel|blz|ben|btn|bol|bih|bwa|bra|brn|bgr|bfa|bdi|khm|cmr|can|cpv|caf|tcd|chl|chn|col|com|cog|cod|cri|civ|hrv|cub|cyp|cze|dnk|dji|dma|dom|ecu|egy|slv|gnq|eri|est|eth|fji|fin|fra|gab|gmb|geo|deu|gha|grc|grd|gtm|gin|gnb|guy|hti|hnd|hkg|hun|isl|ind|idn|irn|irq|irl|isr|ita|jam|jpn|jor|kaz|ken|kir|prk|kor|kwt|kgz|lao|lva|lbn|lso|lbr|lby|lie|ltu|lux|mac|mdg|mwi|mys|mdv|mli|mlt|mrt|mus|mex|mda|mco|mng|mne|mar|moz|mmr|nam|npl|nld|nzl|nic|ner|nga|nor|omn|pak|pan|png|pry|per|phl|pol|prt|qat|rou|rus|rwa|sau|sen|srb|syc|sle|sgp|svk|svn|slb|som|zaf|esp|lka|sdn|sur|swz|swe|che|syr|twn|tjk|tza|tha|tgo|tto|tun|tur|tkm|uga|ukr|are|gbr|usa|ury|uzb|ven|vnm|yem|zmb|zwe",
);

/// States of the United States, Canada, Australia and Brazil, two or three letters.
pub(crate) const REGION_CODES: Words = Words(
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr|vi|gu|ab|bc|mb|nb|nl|ns|nt|nu|on|pe|qc|sk|yt|nsw|vic|qld|tas|act|ac|ap|am|ba|ce|df|es|go|mg|pb|pi|rj|rn|rs|ro|rr|sp|se|to",
);

/// Marital status in several languages.
pub(crate) const MARITAL: Words = Words(
    "single|married|divorced|widowed|separated|domestic partner|domestic partnership|civil partnership|civil union|cohabiting|never married|engaged|partnered|registered partnership|common law|ledig|verheiratet|geschieden|verwitwet|getrennt lebend|eingetragene lebenspartnerschaft|lebenspartnerschaft|celibataire|marie|mariee|marie(e)|divorce|divorcee|divorce(e)|veuf|veuve|pacse|pacsee|pacse(e)|separe|soltero|soltera|casado|casada|divorciado|divorciada|viudo|viuda|separado|separada|soltero/a|casado/a|celibe|nubile|coniugato|coniugata|sposato|sposata|divorziato|divorziata|vedovo|vedova|separato|solteiro|solteira|solteiro(a)|casado(a)|divorciado(a)|viuvo|viuva|viuvo(a)|uniao estavel|ongehuwd|gehuwd|gescheiden|weduwe|weduwnaar|samenwonend|ogift|gift|skild|anka|ankling|sambo|ugift|skilt|fraskilt|enke|naimaton|naimisissa|eronnut|leski|kawaler|panna|zonaty|zamezna|rozwiedziony|rozwiedziona|wdowiec|wdowa|svobodny|svobodna|zenaty|vdana|rozvedeny|rozvedena|vdovec|vdova|bekar|evli|bosanmis|dul|холост|не замужем|женат|замужем|разведен|разведена|вдовец|вдова|未婚|既婚|已婚|离异|離婚|丧偶|死別|미혼|기혼|이혼|사별|belum kawin|kawin|cerai hidup|cerai mati|lajang|menikah|widow|widower|s|m|d|w",
);

/// Religions and confessions.
pub(crate) const RELIGION: Words = Words(
    "christian|christianity|catholic|roman catholic|protestant|orthodox|greek orthodox|russian orthodox|lutheran|anglican|baptist|methodist|presbyterian|evangelical|pentecostal|mormon|muslim|islam|islamic|sunni|shia|jewish|judaism|jew|hindu|hinduism|buddhist|buddhism|sikh|sikhism|jain|jainism|taoist|taoism|shinto|bahai|baha'i|zoroastrian|atheist|atheism|agnostic|none|no religion|non-religious|spiritual|pagan|wicca|rastafarian|jehovah's witness|jehovah's witnesses|quaker|katholisch|romisch-katholisch|evangelisch|rk|ev|judisch|muslimisch|islamisch|buddhistisch|hinduistisch|orthodox|konfessionslos|ohne|ohne bekenntnis|neuapostolisch|altkatholisch|catholique|protestante|protestant(e)|musulman|musulmane|juif|juive|bouddhiste|hindouiste|athee|agnostique|sans religion|catolico|catolica|evangelico|evangelica|musulmana|judio|judia|budista|ateo|atea|agnostico|ninguna|cattolico|cattolica|musulmano|ebreo|ebrea|buddista|catolico romano|espirita|candomble|umbanda|judeu|judaica|muculmano|ateu|sem religiao|katholiek|protestants|hervormd|gereformeerd|moslim|joods|boeddhist|hindoe|atheist|katolicyzm|katolickie|prawoslawie|prawoslawne|ewangelickie|judaizm|bezwyznaniowy|православие|православный|ислам|иудаизм|буддизм|католицизм|атеизм|мусульманин|基督教|天主教|佛教|伊斯兰教|道教|イスラム教|キリスト教|仏教|神道|無宗教|无宗教|불교|기독교|천주교|무교|katolik|kristen|konghucu|budha|kristen protestan",
);

/// Ethnic groups as forms ask for them.
pub(crate) const ETHNICITY: Words = Words(
    "white|black|asian|hispanic|latino|latina|latinx|hispanic or latino|not hispanic or latino|non-hispanic|caucasian|african american|african-american|black or african american|native american|american indian|american indian or alaska native|alaska native|native hawaiian|native hawaiian or other pacific islander|pacific islander|two or more races|mixed|mixed race|multiracial|multi-racial|biracial|middle eastern|arab|white british|white irish|white other|black british|black caribbean|black african|south asian|east asian|southeast asian|chinese|indian|pakistani|bangladeshi|gypsy|roma|romani|traveller|other|other asian|indigenous|aboriginal|first nations|metis|inuit|maori|branca|preta|parda|amarela|indigena|branco|preto|pardo|mestizo|afrodescendiente|blanco|mulato|han|hui|zhuang|uyghur|汉族|回族|壮族|满族|维吾尔族|藏族|苗族|蒙古族|malay|kadazan|iban|coloured|zulu|xhosa|yoruba|igbo|hausa|kurdish|slavic|germanic|declined to state|prefer not to say|hispanic/latino|black/african american|white/caucasian|asian/pacific islander",
);

/// Sexual orientations.
pub(crate) const ORIENTATION: Words = Words(
    "heterosexual|homosexual|bisexual|asexual|pansexual|gay|lesbian|straight|queer|heterosexuell|homosexuell|bisexuell|hetero|hetero/straight|gay/lesbian|heterosexuel|homosexuel|bisexuel|heterosexual/straight|heterosexuala|eterosessuale|omosessuale|bisessuale|questioning|demisexual|prefer not to say|undisclosed|lesbisch|schwul|异性恋|同性恋|双性恋|異性愛|同性愛|両性愛",
);

/// Parties and leanings.
pub(crate) const PARTY: Words = Words(
    "democrat|democratic|republican|independent|libertarian|green|green party|greens|liberal|conservative|labour|labor|liberal democrat|liberal democrats|socialist|social democrat|communist|progressive|centrist|left|right|far left|far right|center|cdu|csu|cdu/csu|spd|fdp|afd|die linke|linke|grune|die grunen|bundnis 90/die grunen|buendnis 90/die gruenen|dem|rep|gop|ukip|snp|plaid cymru|sinn fein|fianna fail|fine gael|psoe|pp|vox|podemos|ciudadanos|sumar|pt|psdb|mdb|psol|pl|novo|lega|pd|fratelli d'italia|forza italia|movimento 5 stelle|lrem|renaissance|rn|rassemblement national|parti socialiste|les republicains|lfi|la france insoumise|eelv|ps|vvd|d66|pvv|pvda|groenlinks|cda|sp|pis|po|konfederacja|lewica|psl|ovp|fpo|spo|neos|svp|sp|none|nonpartisan|unaffiliated|no party",
);

/// Blood groups.
pub(crate) const BLOOD: Words = Words(
    "a+|a-|b+|b-|ab+|ab-|o+|o-|0+|0-|a|b|ab|o|0|a positive|a negative|b positive|b negative|ab positive|ab negative|o positive|o negative|a rh+|a rh-|b rh+|b rh-|ab rh+|ab rh-|o rh+|o rh-|a pos|a neg|b pos|b neg|ab pos|ab neg|o pos|o neg|a型|b型|o型|ab型",
);

/// Unions and words for membership.
pub(crate) const UNION: Words = Words(
    "ver.di|verdi|ig metall|igm|ig bce|ig bau|gew|ngg|evg|gdp|dbb|cgt|cfdt|fo|cftc|cfe-cgc|unsa|cgil|cisl|uil|ccoo|ugt|cnt|uso|unison|unite|gmb|rmt|usdaw|nut|nasuwt|aslef|pcs|cwu|seiu|afl-cio|uaw|teamsters|iww|afscme|ibew|ufcw|nea|aft|usw|fnv|cnv|ogb|solidarnosc|opzz|lo|tco|dgb|unia|syna|cut|cgtp|member|non-member",
);

/// Convictions.
pub(crate) const CONVICTION: Words = Words(
    "none|theft|fraud|assault|burglary|dui|dwi|drug possession|robbery|murder|manslaughter|embezzlement|forgery|vandalism|arson|trespassing|shoplifting|tax evasion|misdemeanor|felony|speeding|drink driving|no record|clean|minor offence|minor offense|diebstahl|betrug|korperverletzung|trunkenheit|urkundenfalschung|steuerhinterziehung|vol|escroquerie|robo|estafa|furto|rapina|money laundering|perjury|conviction|spent conviction",
);

/// Demonyms in English, German, French and Spanish, the common ones.
pub(crate) const DEMONYMS: Words = Words(
    "american|british|english|scottish|welsh|irish|german|french|italian|spanish|portuguese|dutch|belgian|swiss|austrian|polish|czech|slovak|hungarian|romanian|bulgarian|greek|turkish|russian|ukrainian|swedish|norwegian|danish|finnish|icelandic|estonian|latvian|lithuanian|croatian|serbian|slovenian|bosnian|albanian|macedonian|canadian|mexican|brazilian|argentinian|argentine|chilean|colombian|peruvian|venezuelan|ecuadorian|bolivian|uruguayan|paraguayan|cuban|dominican|jamaican|haitian|chinese|japanese|korean|south korean|taiwanese|vietnamese|thai|indonesian|malaysian|filipino|singaporean|indian|pakistani|bangladeshi|sri lankan|nepalese|afghan|iranian|iraqi|syrian|lebanese|israeli|jordanian|saudi|egyptian|moroccan|algerian|tunisian|libyan|nigerian|ghanaian|kenyan|ethiopian|south african|australian|new zealander|deutsch|osterreichisch|schweizerisch|franzosisch|italienisch|spanisch|polnisch|turkisch|russisch|griechisch|kroatisch|serbisch|rumanisch|niederlandisch|syrisch|francaise|francais|allemande|allemand|italienne|espagnole|portugaise|belge|suisse|marocaine|algerienne|espanola|alemana|francesa|italiana|portuguesa|colombiana|argentina|mexicana|peruana|venezolana|brasileira|brasileiro|polskie|polska|niemieckie|ukrainskie",
);

/// Colours, many of which are family names too.
pub(crate) const COLOURS: Words = Words(
    "red|green|blue|yellow|black|white|brown|grey|gray|orange|purple|pink|violet|olive|silver|gold|beige|navy|teal|maroon|turquoise|cyan|magenta|lime|ivory|khaki|indigo|coral|rose|ruby|amber|rot|grun|blau|gelb|schwarz|weiss|braun|grau|rouge|vert|bleu|jaune|noir|blanc|marron|rojo|verde|azul|amarillo|negro|blanco|gris|rosso|nero|bianco|giallo|blu",
);

const DIAGNOSES: &str = "hypertension|diabetes|diabetes mellitus|type 2 diabetes|type 1 diabetes|asthma|depression|anxiety|migraine|influenza|flu|pneumonia|bronchitis|cancer|breast cancer|lung cancer|stroke|heart failure|myocardial infarction|angina|arthritis|osteoarthritis|rheumatoid arthritis|osteoporosis|back pain|lower back pain|burnout|covid-19|covid|hepatitis|hiv|aids|tuberculosis|epilepsy|parkinson|alzheimer|dementia|schizophrenia|bipolar disorder|bipolar|adhd|autism|anemia|copd|gastritis|gastroenteritis|appendicitis|fracture|sprain|concussion|allergy|eczema|psoriasis|obesity|hypothyroidism|hyperthyroidism|hyperlipidemia|high cholesterol|kidney disease|kidney failure|renal failure|sepsis|urinary tract infection|otitis media|sinusitis|tonsillitis|common cold|cold|fever|headache|insomnia|sleep apnea|ptsd|ocd|eating disorder|substance abuse|alcoholism|pregnancy|maternity|surgery|injury|food poisoning|herniated disc|slipped disc|carpal tunnel|carpal tunnel syndrome|multiple sclerosis|lupus|crohn's disease|ulcerative colitis|celiac disease|gout|glaucoma|cataract|arrhythmia|atrial fibrillation|thrombosis|leukemia|lymphoma|melanoma|endometriosis|broken leg|broken arm|chest pain|bluthochdruck|diabetes typ 2|diabetes typ 1|grippe|erkaltung|ruckenschmerzen|bandscheibenvorfall|angststorung|krebs|herzinfarkt|schlaganfall|lungenentzundung|rheuma|arthrose|allergie|migrane|hypertonie|grippe|diabete|asthme|depression|hypertension arterielle|cancer du sein|lombalgie|gripe|asma|hipertension|depresion|ansiedad|migrana|cancer|hipertensao|diabetes tipo 2|ansiedade|depressao|ipertensione|diabete|asma|depressione|emicrania|nadcisnienie|cukrzyca|astma|depresja|гипертония|диабет|астма|депрессия|грипп|高血圧|糖尿病|喘息|うつ病|高血压|哮喘|抑郁症|流感|고혈압|당뇨병|천식|우울증|paracetamol|ibuprofen|aspirin|metformin|atorvastatin|simvastatin|lisinopril|amlodipine|metoprolol|omeprazole|losartan|gabapentin|sertraline|fluoxetine|escitalopram|levothyroxine|albuterol|salbutamol|prednisone|amoxicillin|insulin|warfarin|heparin|clopidogrel|diazepam|lorazepam|alprazolam|tramadol|morphine|oxycodone|codeine|penicillin|peanuts|penicillin allergy|pollen|latex|lactose|gluten|nuts|shellfish";

impl Vocabulary {
    /// Indexes the lists.
    pub(crate) fn new() -> Self {
        let lines = |text: &'static str| text.lines().filter(|l| !l.is_empty()).collect();
        Self {
            first_names: lines(include_str!("data/first_names.txt")),
            last_names: lines(include_str!("data/last_names.txt")),
            cities: lines(include_str!("data/cities.txt")),
            countries: lines(include_str!("data/countries.txt")),
            regions: lines(include_str!("data/regions.txt")),
            diagnoses: DIAGNOSES.split('|').collect(),
        }
    }

    /// Whether a folded word is a given name.
    pub(crate) fn is_first_name(&self, word: &str) -> bool {
        self.first_names.contains(word)
    }

    /// Whether a folded word is a family name.
    pub(crate) fn is_last_name(&self, word: &str) -> bool {
        self.last_names.contains(word)
    }

    /// Whether a folded text is a city.
    pub(crate) fn is_city(&self, text: &str) -> bool {
        self.cities.contains(text)
            || ["市", "区", "시", "구", "町"]
                .iter()
                .any(|end| text.ends_with(end) && text.chars().count() >= 2 && text.chars().count() <= 12)
    }

    /// Whether a folded text is a country, by name.
    pub(crate) fn is_country(&self, text: &str) -> bool {
        self.countries.contains(text)
    }

    /// Whether a folded text is a state or province.
    pub(crate) fn is_region(&self, text: &str) -> bool {
        self.regions.contains(text)
            || ["县", "県", "省", "都", "府", "道"]
                .iter()
                .any(|end| text.ends_with(end) && (2..=5).contains(&text.chars().count()))
    }

    /// Whether a folded text is a diagnosis, a medicine or an allergen.
    pub(crate) fn is_medical(&self, text: &str) -> bool {
        self.diagnoses.contains(text)
    }

    /// Whether the words of a folded text are those of a person, as far as the lists reach: `(all words
    /// known, begins with a given name)`.
    pub(crate) fn person(&self, folded: &str) -> Person {
        let mut person = Person::default();
        for word in folded
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '(' | ')' | '"' | '・' | '·'))
        {
            if word.is_empty() {
                continue;
            }
            // Initials, titles and particles neither help nor harm.
            if word.chars().count() == 1 && word.is_ascii() || PARTICLES.has(word) {
                continue;
            }
            person.words += 1;
            let first = self.is_first_name(word);
            let last = self.is_last_name(word);
            person.first += usize::from(first);
            person.last += usize::from(last);
            person.known += usize::from(first || last || glued(word, self));
            if person.words == 1 {
                person.begins_last = last;
                person.begins_first = first;
            }
        }
        person
    }
}

/// Names of eastern Asia are written without a blank: family name of one or two characters in front.
fn glued(word: &str, vocabulary: &Vocabulary) -> bool {
    let chars = word.chars().count();
    if word.is_ascii() || !(2..=6).contains(&chars) || !word.chars().all(|c| c > '\u{3000}') {
        return false;
    }
    word.char_indices()
        .map(|(i, _)| i)
        .skip(1)
        .take(2)
        .any(|i| vocabulary.is_last_name(&word[..i]) && chars <= 5)
}

/// What the lists know of the words of a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Person {
    /// Words, without particles and initials.
    pub(crate) words: usize,
    /// Words in either list.
    pub(crate) known: usize,
    /// Words in the list of given names.
    pub(crate) first: usize,
    /// Words in the list of family names.
    pub(crate) last: usize,
    /// Whether the first word is a given name.
    pub(crate) begins_first: bool,
    /// Whether the first word is a family name.
    pub(crate) begins_last: bool,
}

const PARTICLES: Words = Words(
    "von|van|de|der|den|la|le|du|da|dos|das|di|del|della|el|al|bin|ibn|abu|ter|ten|zu|zur|vom|mr|mrs|ms|dr|prof|herr|frau|jr|sr|ii|iii|iv|md|phd|dds|dvm|mx|sra|srta|dra|ing|dipl|bsc|b|ma|mag|univ|sig|dott|san|st|mac|mc|o'|miss|sir|lady|hon|rev|don|dona|e|y|i",
);

/// Lower case without accents, into `out`, with the blanks at the ends removed.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    out.clear();
    for c in text.trim().chars() {
        fold(c, out);
    }
}
