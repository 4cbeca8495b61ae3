//! Devices, networks, logins, secrets.

use super::{LIKELY, Row, SURE};

pub(super) const ROWS: &[Row] = &[
    (
        "ip_address",
        SURE,
        "ip ips ipaddress ipaddr ipadress ipadresse ipv4 ipv6 ipv4address ipv6address clientip remoteip remoteaddr remoteaddress srcip sourceip dstip destip destinationip srcaddr dstaddr hostip userip serverip loginip lastip lastloginip currentsigninip lastsigninip registrationip signupip forwardedip xforwardedfor createdip direccionip adresseip indirizzoip enderecoip adresip ipадрес ipアドレス ip地址 ip주소 peerip visitorip iphost",
    ),
    (
        "mac_address",
        SURE,
        "mac macaddress macaddr macadresse hwaddr hardwareaddress ethernetaddress wifimac btmac bluetoothmac bluetoothaddress wlanmac macid bssid",
    ),
    (
        "device_id",
        SURE,
        "imei imeinumber imei1 imei2 meid imsi iccid simserial simserialnumber simnumber esn udid deviceid deviceuuid deviceuid deviceidentifier deviceserial deviceserialnumber androidid idfa idfv gaid aaid adid advertisingid advertisingidentifier adsid maid adid2 pushtoken2 hardwareid machineid serialnumberdevice fcmtoken2 devicefingerprint browserfingerprint cookieid clientid2 handsetid gerateid geraeteid",
    ),
    (
        "url",
        SURE,
        "url urls uri website webpage homepage weblink websiteurl siteurl weburl webaddress webadresse internetadresse href link hyperlink permalink siteweb sitioweb paginaweb sitoweb referer referrer refererurl redirecturi redirecturl callbackurl profileurl linkedin linkedinurl linkedinprofile facebookurl twitterurl githuburl instagramurl imageurl insturl npcurl storeurl webhookurl avatarurl2 sourceurl ウェブサイト 网址 网站 웹사이트 홈페이지 wwwpage www domainurl blogurl actionurl landingpage endpointurl httpurl urlpath pageurl linkurl photourl2",
    ),
    ("url", LIKELY, "host2 domain2 web site2 endpoint"),
    (
        "username",
        SURE,
        "username userid2 usernm loginname login loginid logonname logon logonid useraccount accountlogin screenname handle userhandle twitterhandle twitter skype skypeid skypename icq telegramid telegram wechat wechatid qq lineid discord discordid githubusername benutzername benutzer benutzerkennung anmeldename kennung nomutilisateur nomdutilisateur identifiant pseudo pseudonyme nombreusuario nombredeusuario usuario nomeutente utente nomeusuario \
nomedeusuario usuariologin gebruikersnaam gebruiker anvandarnamn brukernavn brugernavn kayttajatunnus kayttajanimi nazwauzytkownika uzytkownik uzivatelskejmeno felhasznalonev numeutilizator kullaniciadi kullanici логин имяпользователя 사용자명 사용자이름 아이디 用户名 用户账号 用戶名 ユーザー名 ユーザ名 ユーザーid ログインid namapengguna tendangnhap اسمالمستخدم uname ulogin smtpusername samaccountname upn userprincipalname ldapuser nick alias2 userlogin gamertag sshuser dbuser",
    ),
    ("username", LIKELY, "user usr usrnam uname2 createdbyuser bname"),
    (
        "password",
        SURE,
        "password passwords passwd pwd pass passphrase passwort passwordhash passwordsalt passwordhint passworddigest hashedpassword encryptedpassword userpassword userpass userpwd loginpassword smtppassword dbpassword kennwort motdepasse mdp contrasena clave contrasenia palavrapasse senha senhahash wachtwoord losenord passord adgangskode salasana haslo heslo jelszo parola sifre пароль パスワード 密码 密碼 비밀번호 암호 katasandi sandi matkhau كلمةالمرور كلمةالسر पासवर्ड \
salt saltvalue pwhash pwdhash passhash pwdsalt secretanswer securityanswer securityquestionanswer pin pinnumber pinhash puk pukcode otp otpsecret otpcode totp totpsecret twofactorsecret mfasecret mfacode twofactorcode recoverycode recoverycodes backupcodes resetcode activationcode verificationcode confirmationcode unlockcode accesscode doorcode accesspin pin1 pin2 puk1 puk2 cryptedpassword passworddigest2 geheimzahl pincodeatm",
    ),
    (
        "token",
        SURE,
        "token tokens accesstoken refreshtoken authtoken authenticationtoken sessiontoken sessionid2 sessionkey sessionsecret rememberToken remembertoken remembertokenhash resettoken passwordresettoken resetpasswordtoken confirmationtoken verificationtoken emailtoken csrftoken bearertoken bearer jwt jwttoken idtoken oauthtoken oauthsecret pushtoken devicetoken2 fcmtoken apitoken unlocktoken invitationtoken invitetoken activationtoken tokenhash authkey authcode authorizationcode authenticationcode magictoken loginhash persistencecode",
    ),
    (
        "api_key",
        SURE,
        "apikey apikeys apisecret apisecretkey secret secretkey secrets clientsecret consumersecret consumerkey appsecret appkey sharedsecret webhooksecret privatekey privkey encryptionkey encryptkey signingkey signingsecret masterkey accesskey accesskeyid secretaccesskey awssecret awsaccesskey awssecretaccesskey licensekey activationkey sshkey sshprivatekey pgpkey gpgkey pemkey certificatekey keystore keystorepassword connectionstring dsn credentials credential cred dbcredentials servicekey serviceaccountkey hmackey hmacsecret \
stripekey stripesecret stripesecretkey githubtoken slacktoken webhookkey storagekey publishablekey schlussel geheimnis secreto segreto segredo hemlighet tajne cleprivee cleapi claveapi chiaveapi apiid2 密钥 秘密鍵 apiキー 私钥 시크릿",
    ),
];
