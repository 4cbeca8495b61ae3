//! Money and the means of paying.

use super::{LIKELY, Row, SURE, WEAK};

pub(super) const ROWS: &[Row] = &[
    (
        "credit_card",
        SURE,
        "creditcard creditcardnumber creditcardno creditcardnum ccnumber ccnum ccno  cardnumber cardno cardnum cardpan pan2 primaryaccountnumber debitcard debitcardnumber paymentcard paymentcardnumber kreditkarte kreditkartennummer kreditkartennr kartennummer cartecredit numerocarte cartebancaire cartebleue \
tarjeta tarjetacredito numerotarjeta numtarjeta cartadicredito numerocarta cartaocredito numerocartao creditcardkaart kreditkort kortnummer kartakredytowa numerkarty cislokarty bankkartya kredikarti kartno номеркарты クレジットカード クレジットカード番号 カード番号 信用卡 信用卡号 卡号 银行卡号 신용카드 카드번호 kartukredit nomorkartu",
    ),
    (
        "card_verification",
        LIKELY,
        "cvv cvc cvv2 cvc2 cccvc cccvv csc cardcvv cardcvc securitycode cardsecuritycode cardverification pruefziffer2",
    ),
    (
        "bank_account",
        SURE,
        "iban ibannumber ibannr bankaccount bankaccountnumber bankaccountno bankaccountnum bankacct bankacctno accountnumberbank ddaccount ddroutingnum routing routingnumber routingno routingnum abarouting aba abanumber ach achaccount transitnumber sortcode bsb bic swift swiftcode bankswift bankswiftcode \
bankcode bankbranchnumber branchcode2 kontonummer kontonr bankkonto bankverbindung blz bankleitzahl bankn bankl compte2 comptebancaire numerocompte rib codebanque cuentabancaria numerocuenta numcuenta clabe cuenta2 ccc cbu contobancario numeroconto numeroconto2 abi cab contacorrente numeroconta agenciabancaria nib bankrekening bankrekeningnummer rekeningnummer \
bankkontonummer kontonumero pankkitili nrkonta numerkonta numerrachunku nrrachunku rachunekbankowy cislouctu bankovniucet bankszamlaszam szamlaszam contbancar hesapno bankahesap ifsc ifsccode upi upiid banknumber bankacc р2 расчетныйсчет номерсчета бик 口座番号 銀行口座 口座 银行账号 银行账户 账号2 계좌 계좌번호 norek norekening nomorrekening sotaikhoan رقمالحساب ايبان \
directdebit salaryaccount depositaccount bankaccountiban bankaccountname2",
    ),
    (
        "bank_account",
        2.6,
        "accountnumber accountno acctno acctnum accountnum account2 acctnumber",
    ),
    (
        "crypto_address",
        6.0,
        "btcaddress bitcoinaddress ethaddress ethereumaddress walletaddress wallet cryptowallet cryptoaddress",
    ),
    (
        "salary",
        SURE,
        "salary basesalary basicsalary grosssalary netsalary annualsalary monthlysalary yearlysalary currentsalary salaryamount salaryusd salaryinusd wage wages hourlywage hourlyrate payrate basepay basicpay grosspay netpay pay2 gehalt jahresgehalt monatsgehalt grundgehalt bruttogehalt nettogehalt lohn bruttolohn stundenlohn \
verdienst salaire salairebrut salairenet remuneration renumeration compensation totalcompensation salario salariobruto salarioneto sueldo sueldobase nomina stipendio retribuzione remuneracao ordenado vencimento salaris loon jaarsalaris lon arslon manadslon lonn palkka kuukausipalkka wynagrodzenie pensja placa2 mzda  fizetes  munkaber salariu maas ucret оклад зарплата заработнаяплата 給与 年収 月給 基本給 工资 薪资 月薪 年薪 급여 연봉 월급 gaji luong الراتب वेतन \
bonus bonusamount bonuspct commission commissionpct commissionrate commissionamount salesquota stockoptions payroll earnings overtimepay allowance ebsalbasicsalary pramie  sal   bonuspercent",
    ),
    (
        "income",
        SURE,
        "income annualincome yearlyincome monthlyincome householdincome grossincome netincome incomeamount einkommen jahreseinkommen haushaltseinkommen revenu revenuannuel ingreso ingresos ingresoanual reddito renda rendamensal rendimento inkomen inkomst arsinkomst tulot dochod prijem jovedelem venit gelir доход 収入 收入 소득 penghasilan thunhap pension pensionamount",
    ),
    (
        "balance",
        SURE,
        "accountbalance balance currentbalance availablebalance outstandingbalance openingbalance closingbalance kontostand saldo solde guthaben saldocuenta netto2 creditlimit creditscore creditrating fico ficoscore schufa schufascore creditutilization networth assets2 debt debts loanamount mortgage mortgageamount saldoconto bakiye баланс остаток 残高 余额 잔액 saldorekening creditline kreditlimit kreditrahmen bonitat bonitaet \
riskscorecredit insurancepremium benefitamount ddamount",
    ),
    (
        "amount",
        WEAK,
        "transactionamount paymentamount depositamount withdrawalamount transferamount",
    ),
];
