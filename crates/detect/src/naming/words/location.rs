//! Places.

use super::{LIKELY, Row, SURE};

pub(super) const ROWS: &[Row] = &[
    (
        "address",
        SURE,
        "address addresses addr address1 address2 address3 addr1 addr2 addr3 addressline addressline1 addressline2 addressline3 addrline streetaddress street streetname street1 street2 \
streetno streetnumber streetline homeaddress workaddress mailingaddress postaladdress billingaddress shippingaddress deliveryaddress shipaddress billaddress residence residentialaddress permanentaddress \
currentaddress strasse str stras strassenname hausnummer hausnr adresse anschrift wohnadresse lieferadresse rechnungsadresse strassehausnr adressel \
rue voie adressepostale ligneadresse adresse1 adresse2 complementadresse direccion domicilio calle callenumero colonia indirizzo  viale residenza \
endereco logradouro rua complemento morada adres straat straatnaam huisnummer gatuadress gata adress gateadresse gate adressetekst vej vejnavn katuosoite osoite lahiosoite ulica adreszamieszkania \
nrdomu cisladomu adresa adresatrvalehopobytu cim lakcim utca strada sokak cadde mahalle адрес улица вулиця дом квартира адреса 住所 住所1 住所2 番地 丁目 現住所 地址 街道 详细地址 家庭住址 住址 収货地址 주소 도로명주소 상세주소 \
alamat alamatrumah jalan diachi duong العنوان عنوان الشارع पता addressstreet address1street suite apartment apt aptno unitno houseno housenumber housename flatno building2 barrio neighborhood neighbourhood bairro \
street1address streetaddr staddr mailaddr1 placeofresidence wohnort2 gpart addressfull fulladdress pobox postbox postfach locationaddress businessaddress officeaddress physicaladdress",
    ),
    (
        "postcode",
        SURE,
        "postcode postalcode postal postalcd zip zipcode zipcd zip4 zip5 zipplus4 zippostal plz postleitzahl pstlz codepostal  codigopostal codpostal cep  codicepostale codigocep postnummer \
postnr postinumero kodpocztowy kodpoczt psc iranyitoszam codpostal2 postakodu индекс почтовыйиндекс індекс поштовийіндекс 郵便番号 〒 邮编 邮政编码 郵遞區號 우편번호 kodepos pincode mabuudien الرمزالبريدي eircode postcodes zippostalcode billingzip shippingzip zipc billzip shipzip postkod",
    ),
    (
        "city",
        SURE,
        "city cityname cities town townname village municipality ort ort01 wohnort stadt ortsname gemeinde ville commune localite ciudad localidad municipio poblacion citta comune localita cidade municipio2 \
localidade stad plaats woonplaats gemeente  poststed kommun kommune kaupunki postitoimipaikka paikkakunta miasto miejscowosc mesto obec varos telepules helyseg oras localitate sehir ilce город населенныйпункт місто \
市区町村 市 市町村 都市 城市 所在城市 도시 시군구 kota kabupaten thanhpho المدينة مدينة शहर birthcity cityofbirth birthplace placeofbirth geburtsort lieunaissance lieudenaissance luogonascita luogodinascita lugarnacimiento \
localnascimento homecity citytown billingcity shippingcity shipcity billcity suburb locality hometown airportcity citycode postort destinationcity origincity plaatsnaam",
    ),
    (
        "region",
        SURE,
        "state stateprovince stateorprovince province prov region2 stateprov statecode stateabbrev stateabbr statename stateprovincecode provincename provincecode provincode county countyname \
bundesland kanton departement departement2 region1 provincia regione estado2 comunidadautonoma comunidad departamento uf unidadefederativa siglauf concelho distrito provincie  fylke maakunta wojewodztwo powiat kraj okres megye judet il2 \
область регион край обл 都道府県 県 省 省份 州 시도 도 provinsi tinh المحافظة राज्य billingstate shippingstate billstate shipstate usstate zone2 paymentzone shippingzone homestate residencestate birthstate stateofresidence adminarea admin1 localeabbr prefecture governorate canton parish oblast voivodeship",
    ),
    (
        "region",
        LIKELY,
        "region regionname estado distrito2 territory subregion district localearea",
    ),
    ("region", 3.0, "regio land2 locale"),
    (
        "country",
        SURE,
        "country countries countryname countrycode countrycd countryiso countryiso2 countryiso3 countryregion countryregioncode land1 laendercode landercode staat staat1 pays codepays nompays pais codpais codigopais \
nomepais paese nazione stato2 landcode landenkod maa kraj2 zeme stat orszag tara ulke страна країна 国 国名 国家 국가 나라 negara quocgia الدولة بلد देश isocode2 isocode3 iso2 iso3 iso2code iso3code isocountry isocountrycode alpha2 alpha3 alpha2code alpha3code \
countryofbirth birthcountry countryoforigin origincountry homecountry residencecountry countryofresidence employeeresidence companylocation nationname billingcountry shippingcountry shipcountry billcountry country2 destinationcountry couname coucode ctrycode ctry cntry cntrycode landname \
countryiso31661 ursprungsland herkunftsland",
    ),
    ("country", LIKELY, "land nation"),
    (
        "geo_coordinate",
        SURE,
        "latitude longitude lat lon lng long2 latlng latlon latlong longlat geolat geolng geolon geolocation geopoint geocoordinates geo gpslat gpslon gpslng gpslatitude gpslongitude gps gpscoordinates coordinates coordinate coords coord \
breitengrad langengrad laengengrad breite2 latitud longitud latitudine longitudine breedtegraad lengtegraad latitude2 szerokosc dlugosc szerokoscgeograficzna dlugoscgeograficzna широта долгота 緯度 経度 纬度 经度 위도 경도 spatiallocation geom geometry \
latdeg londeg latitudedeg longitudedeg xcoord ycoord homelat homelng homelon pickuplat pickuplatitude pickuplongitude dropofflatitude dropofflongitude enlem boylam garislintang garisbujur",
    ),
];
