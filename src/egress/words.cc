#include "egress/words.h"

#include <array>

#include "egress/member_words.h"

namespace egress {
namespace {

using InBoth = std::array<Words, 2>;  // English, Norwegian

constexpr InBoth kVerify{{
    {"Confirm your address",
     "You, or somebody who knows this address, asked for an account with {sender}. Confirm that "
     "the address is yours, with the password that you chose, and the account is ready.",
     "Confirm the address", "/app/verify#token={token}",
     "If that does not open, go to {origin}/verify and enter this code:",
     "The link works once, for seven days. If you did not ask for it, do nothing: without "
     "the password nobody can use it, what was entered is deleted, and no account is made."},
    {"Bekreft adressen din",
     "Du, eller noen som kjenner denne adressen, har bedt om en konto hos {sender}. Bekreft at "
     "adressen er din, med passordet du valgte, så er kontoen klar.",
     "Bekreft adressen", "/app/verify#token={token}",
     "Åpner den seg ikke, går du til {origin}/verify og skriver inn denne koden:",
     "Lenken virker én gang, i sju dager. Har du ikke bedt om den, trenger du ikke å gjøre noe: "
     "Uten passordet kan ingen bruke den, det som ble oppgitt, slettes, og det blir ingen konto."},
}};

constexpr InBoth kKnown{{
    {"You have an account already",
     "Somebody, perhaps you, tried to sign up at {sender} with this address. It has an account "
     "already, and nothing about that account has changed.",
     "Log in", "/app", "", "If it was not you, there is nothing you need to do."},
    {"Du har allerede en konto",
     "Noen, kanskje du, prøvde å registrere seg hos {sender} med denne adressen. Den har allerede "
     "en konto, og ingenting ved kontoen er endret.",
     "Logg inn", "/app", "", "Var det ikke deg, trenger du ikke å gjøre noe."},
}};

constexpr InBoth kTest{{
    {"A test mail", "If you read this, mails from {sender} arrive.", "", "", "",
     "It was sent by hand, to try how mails are delivered. Nothing is kept of it."},
    {"En testmelding", "Leser du dette, kommer e-post fra {sender} fram.", "", "", "",
     "Den ble sendt for hånd, for å prøve om e-post blir levert. Ingenting av den blir lagret."},
}};

// How somebody proves who she is. All lead to the page where it can be looked at and changed.

constexpr InBoth kAuthenticatorAdded{{
    {"An authenticator app was added",
     "From now on, signing in to your account with {sender} takes a code from the authenticator "
     "app after the password.",
     "Look at it", "/app/security", "",
     "If it was not you, go to {origin}/recover and set a new password: where no factor is older "
     "than seven days, that removes the app as well. Whoever added it knows the old password."},
    {"En autentiseringsapp er lagt til",
     "Fra nå av kreves en kode fra autentiseringsappen etter passordet når du logger inn på "
     "kontoen din hos {sender}.",
     "Se på den", "/app/security", "",
     "Var det ikke deg, går du til {origin}/recover og velger et nytt passord: Er ingen faktor "
     "eldre enn sju dager, fjernes appen også. Den som la den til, kan det gamle passordet."},
}};

constexpr InBoth kAuthenticatorRemoved{{
    {"The authenticator app was removed",
     "Codes from the authenticator app do not open your account with {sender} any more.",
     "Look at it", "/app/security", "",
     "If it was not you, change your password at once and add a factor again."},
    {"Autentiseringsappen er fjernet",
     "Koder fra autentiseringsappen åpner ikke lenger kontoen din hos {sender}.", "Se på den",
     "/app/security", "",
     "Var det ikke deg, bytter du passord med én gang og legger til en faktor igjen."},
}};

constexpr InBoth kPasskeyAdded{{
    {"A passkey was added",
     "A new passkey opens your account with {sender} from now on, without a password. With the "
     "password alone nobody gets in any more.",
     "Look at it", "/app/security", "",
     "If it was not you, go to {origin}/recover and set a new password: where no factor is older "
     "than seven days, that removes the passkey as well; if one is, log in with it and remove the "
     "passkey."},
    {"En passnøkkel er lagt til",
     "Fra nå av åpner en ny passnøkkel kontoen din hos {sender}, uten passord. Med passordet "
     "alene kommer ingen inn lenger.",
     "Se på den", "/app/security", "",
     "Var det ikke deg, går du til {origin}/recover og velger et nytt passord: Er ingen faktor "
     "eldre enn sju dager, fjernes passnøkkelen også; ellers logger du inn med den eldste og "
     "fjerner passnøkkelen."},
}};

constexpr InBoth kPasskeyRemoved{{
    {"A passkey was removed", "A passkey of your account with {sender} does not open it any more.",
     "Look at it", "/app/security", "",
     "If it was not you, change your password at once and look at what is left."},
    {"En passnøkkel er fjernet",
     "En av passnøklene til kontoen din hos {sender} åpner den ikke lenger.", "Se på den",
     "/app/security", "",
     "Var det ikke deg, bytter du passord med én gang og ser på hva som er igjen."},
}};

constexpr InBoth kRecoveryCodeUsed{{
    {"A recovery code was used",
     "Somebody who knows your password used one of your recovery codes at {sender}. That code is "
     "used up.",
     "See how many are left", "/app/security", "",
     "If it was not you, somebody has your password and your codes: change the password and renew "
     "the codes at once."},
    {"En gjenopprettingskode er brukt",
     "Noen som kan passordet ditt, har brukt en av gjenopprettingskodene dine hos {sender}. Den "
     "koden er nå brukt opp.",
     "Se hvor mange som er igjen", "/app/security", "",
     "Var det ikke deg, har noen både passordet og kodene dine: Bytt passord og lag nye koder med "
     "én gang."},
}};

constexpr InBoth kRecoveryCodesRenewed{{
    {"Your recovery codes are new",
     "New recovery codes were made for your account with {sender}. Those from before are good for "
     "nothing any more.",
     "Look at it", "/app/security", "",
     "If it was not you, change your password at once and renew the codes."},
    {"Gjenopprettingskodene dine er nye",
     "Det er laget nye gjenopprettingskoder for kontoen din hos {sender}. De gamle kan ikke brukes "
     "lenger.",
     "Se på dem", "/app/security", "",
     "Var det ikke deg, bytter du passord med én gang og lager nye koder."},
}};

constexpr InBoth kWrongCodes{{
    {"Wrong codes after your password",
     "Somebody gave your password at {sender}, and then wrong codes, several times. Nobody got in "
     "by that. Further tries have to wait.",
     "Look at it", "/app/security", "",
     "If it was not you, somebody knows your password: change it."},
    {"Feil koder etter passordet ditt",
     "Noen har oppgitt passordet ditt hos {sender}, og så feil koder, flere ganger. Ingen kom inn "
     "på den måten. Flere forsøk må vente.",
     "Se på det", "/app/security", "",
     "Var det ikke deg, er det noen som kan passordet ditt: Bytt det."},
}};

constexpr InBoth kNewDevice{{
    {"A login from a new device",
     "Somebody logged in to your account with {sender} from a device that it did not know: "
     "{device}.",
     "See where you are logged in", "/app/security", "",
     "If it was you, there is nothing to do. If it was not, end that session and change your "
     "password at once: whoever logged in knows it."},
    {"Innlogging fra en ny enhet",
     "Noen logget inn på kontoen din hos {sender} fra en enhet som ikke var kjent: {device}.",
     "Se hvor du er logget inn", "/app/security", "",
     "Var det deg, trenger du ikke å gjøre noe. Var det ikke deg, avslutter du økten og bytter "
     "passord med en gang: Den som logget inn, kan det."},
}};

// What a person does with her account.

constexpr InBoth kProveAddress{{
    {"Confirm your new address",
     "Somebody, probably you, wants to use this address for an account with {sender}. Confirm that "
     "it is yours, and the account has it from then on.",
     "Confirm the address", "/app/address/confirm#token={token}",
     "If that does not open, go to {origin}/address/confirm and enter this code:",
     "The link works once, for one day. If you did not ask for it, do nothing: the account keeps "
     "its old address."},
    {"Bekreft den nye adressen",
     "Noen, sannsynligvis du, vil bruke denne adressen til en konto hos {sender}. Bekreft at den "
     "er din, så har kontoen den fra da av.",
     "Bekreft adressen", "/app/address/confirm#token={token}",
     "Åpner den seg ikke, går du til {origin}/address/confirm og skriver inn denne koden:",
     "Lenken virker én gang, i ett døgn. Har du ikke bedt om den, trenger du ikke å gjøre noe: "
     "Kontoen beholder den gamle adressen."},
}};

constexpr InBoth kTakenAddress{{
    {"This address has an account already",
     "Somebody, perhaps you, wanted to move another account at {sender} to this address. It has an "
     "account already, and nothing about that account has changed.",
     "Log in", "/app", "",
     "An address belongs to one account. If it was not you, there is nothing you need to do."},
    {"Denne adressen har allerede en konto",
     "Noen, kanskje du, ville flytte en annen konto hos {sender} til denne adressen. Den har "
     "allerede en konto, og ingenting ved kontoen er endret.",
     "Logg inn", "/app", "",
     "En adresse hører til én konto. Var det ikke deg, trenger du ikke å gjøre noe."},
}};

constexpr InBoth kNewAddress{{
    {"Your account has this address now",
     "Your account with {sender} was moved to this address. Log in with it from now on; mails come "
     "here.",
     "Log in", "/app", "", "Your old address was told as well, and can undo this for seven days."},
    {"Kontoen din har nå denne adressen",
     "Kontoen din hos {sender} er flyttet til denne adressen. Bruk den når du logger inn; e-posten "
     "kommer hit.",
     "Logg inn", "/app", "",
     "Den gamle adressen har også fått beskjed, og kan angre dette i sju dager."},
}};

constexpr InBoth kFormerAddress{{
    {"Your account has another address now",
     "Your account with {sender} was moved from this address to another one. If that was you, "
     "there "
     "is nothing to do. If it was not, undo it: the account comes back to this address, everybody "
     "is signed out, second factors added since a week before the change are removed, and you set "
     "a new password.",
     "Undo the change", "/app/address/undo#token={token}",
     "If that does not open, go to {origin}/address/undo and enter this code:",
     "The link works once, for seven days. After that this address is free again, and we keep it "
     "no "
     "longer."},
    {"Kontoen din har nå en annen adresse",
     "Kontoen din hos {sender} er flyttet fra denne adressen til en annen. Var det deg, trenger du "
     "ikke å gjøre noe. Var det ikke deg, kan du angre: Kontoen kommer tilbake til denne adressen, "
     "alle logges ut, andre faktorer som er lagt til fra en uke før endringen, fjernes, og du "
     "velger "
     "et nytt passord.",
     "Angre endringen", "/app/address/undo#token={token}",
     "Åpner den seg ikke, går du til {origin}/address/undo og skriver inn denne koden:",
     "Lenken virker én gang, i sju dager. Etter det er denne adressen ledig igjen, og vi tar ikke "
     "vare på den lenger."},
}};

constexpr InBoth kChangedPassword{{
    {"Your password was changed",
     "The password of your account with {sender} is a new one, and all other sessions were ended.",
     "Set another password", "/recover", "",
     "If it was you, there is nothing to do. If it was not, set another password at once."},
    {"Passordet ditt er endret",
     "Kontoen din hos {sender} har fått et nytt passord, og alle andre økter er avsluttet.",
     "Velg et annet passord", "/recover", "",
     "Var det deg, trenger du ikke å gjøre noe. Var det ikke deg, bør du velge et annet passord "
     "med "
     "én gang."},
}};

constexpr InBoth kRecovery{{
    {"Set a new password",
     "Somebody, probably you, asked for a new password for the account with {sender} that has this "
     "address. The link lets you set one.",
     "Set a new password", "/app/recover/password#token={token}",
     "If that does not open, go to {origin}/recover/password and enter this code:",
     "The link works once, for one hour. If you did not ask for it, do nothing: the old password "
     "still holds."},
    {"Velg et nytt passord",
     "Noen, sannsynligvis du, har bedt om et nytt passord til kontoen hos {sender} som har denne "
     "adressen. Med lenken kan du velge et.",
     "Velg et nytt passord", "/app/recover/password#token={token}",
     "Åpner den seg ikke, går du til {origin}/recover/password og skriver inn denne koden:",
     "Lenken virker én gang, i én time. Har du ikke bedt om den, trenger du ikke å gjøre noe: Det "
     "gamle passordet gjelder fortsatt."},
}};

constexpr InBoth kNoAccount{{
    {"There is no account with this address",
     "Somebody, perhaps you, asked for a new password at {sender} with this address. No account "
     "has "
     "it. You may have signed up with another one.",
     "Try another address", "/recover", "",
     "If it was not you, there is nothing you need to do. We do not keep this address."},
    {"Ingen konto har denne adressen",
     "Noen, kanskje du, har bedt om et nytt passord hos {sender} med denne adressen. Ingen konto "
     "har den. Du kan ha registrert deg med en annen.",
     "Prøv en annen adresse", "/recover", "",
     "Var det ikke deg, trenger du ikke å gjøre noe. Vi tar ikke vare på denne adressen."},
}};

constexpr InBoth kUndoneAddress{{
    {"Your account has its former address again",
     "The change that gave your account with {sender} this address was undone from the one before. "
     "Everybody is signed out, the password opens nothing any more, and this address is free.",
     "Set a new password", "/recover", "",
     "If you moved the account yourself and did not undo it, somebody else reads mails to your "
     "former address: write to us at once."},
    {"Kontoen din har den forrige adressen igjen",
     "Endringen som ga kontoen din hos {sender} denne adressen, er angret fra den forrige. Alle er "
     "logget ut, passordet åpner ikke noe lenger, og denne adressen er ledig.",
     "Velg et nytt passord", "/recover", "",
     "Flyttet du kontoen selv uten å angre det, leser noen andre e-post til den forrige adressen "
     "din: Skriv til oss med én gang."},
}};

// What Article 14 GDPR wants said of data that somebody else gave us: what, from where and what for
// stands here, all else in the notice, to which the foot of each mail leads.
constexpr InBoth kInvitation{{
    {"Your account is here now",
     "Your account was moved to {sender}. What came with it: your name, this address, the language "
     "of your mails and, if you had a password there, its scrambled form, from the service where "
     "you "
     "had the account until now. We use them to run the account, as your contract with us wants "
     "it, and "
     "for nothing else. Such a password still works; with the link you can set another.",
     "Set a password", "/app/recover/password#token={token}",
     "If that does not open, go to {origin}/recover/password and enter this code:",
     "The link works once, for seven days; after that, ask for another at the login. When you log "
     "in for the first time we ask whether you accept our terms. You can say no there, and the "
     "account is deleted with all that came with it. Who else gets what, how long we keep it, your "
     "rights, and where to complain stands in our notice, linked below; an answer to this mail "
     "reaches us as well."},
    {"Kontoen din er nå her",
     "Kontoen din er flyttet til {sender}. Dette fulgte med: navnet ditt, denne adressen, språket "
     "for e-posten din og, om du hadde et passord der, dette i hashet form, fra tjenesten der du "
     "har "
     "hatt kontoen til nå. Vi bruker det til å drive kontoen, slik avtalen din med oss krever, og "
     "ikke til noe "
     "annet. Et slikt passord virker fortsatt; med lenken kan du velge et annet.",
     "Velg et passord", "/app/recover/password#token={token}",
     "Åpner den seg ikke, går du til {origin}/recover/password og skriver inn denne koden:",
     "Lenken virker én gang, i sju dager; etter det ber du om en ny ved innloggingen. Første gang "
     "du logger inn, spør vi om du godtar vilkårene. Der kan du si nei, og da slettes kontoen med "
     "alt som fulgte med. Hvem andre som får hva, hvor lenge vi beholder det, hvilke rettigheter "
     "du har og hvor du kan klage, står i erklæringen vår, som det er lenket til nedenfor; et svar "
     "på denne e-posten når oss også."},
}};

constexpr std::array<Footer, 2> kFooters{
    {{"organisation number", "What we promise"}, {"organisasjonsnummer", "Dette lover vi"}}};

std::size_t place_of(Language language) { return static_cast<std::size_t>(language); }

}  // namespace

const Words& words_of(MailKind kind, Language language) {
  const std::size_t at = place_of(language);
  switch (kind) {
    case MailKind::verify:
      return kVerify.at(at);
    case MailKind::known_address:
      return kKnown.at(at);
    case MailKind::test:
      return kTest.at(at);
    case MailKind::authenticator_added:
      return kAuthenticatorAdded.at(at);
    case MailKind::authenticator_removed:
      return kAuthenticatorRemoved.at(at);
    case MailKind::passkey_added:
      return kPasskeyAdded.at(at);
    case MailKind::passkey_removed:
      return kPasskeyRemoved.at(at);
    case MailKind::recovery_code_used:
      return kRecoveryCodeUsed.at(at);
    case MailKind::recovery_codes_renewed:
      return kRecoveryCodesRenewed.at(at);
    case MailKind::wrong_codes:
      return kWrongCodes.at(at);
    case MailKind::new_device:
      return kNewDevice.at(at);
    case MailKind::prove_address:
      return kProveAddress.at(at);
    case MailKind::taken_address:
      return kTakenAddress.at(at);
    case MailKind::new_address:
      return kNewAddress.at(at);
    case MailKind::former_address:
      return kFormerAddress.at(at);
    case MailKind::changed_password:
      return kChangedPassword.at(at);
    case MailKind::recovery:
      return kRecovery.at(at);
    case MailKind::no_account:
      return kNoAccount.at(at);
    case MailKind::undone_address:
      return kUndoneAddress.at(at);
    case MailKind::invitation:
      return kInvitation.at(at);
    default:
      break;
  }
  return member_words(kind, language);
}

const Footer& footer_of(Language language) { return kFooters.at(place_of(language)); }

}  // namespace egress
