#include "egress/words.h"

#include <array>

namespace egress {
namespace {

using InBoth = std::array<Words, 2>;  // English, Norwegian

constexpr InBoth kVerify{{
    {"Confirm your address",
     "You, or somebody who knows this address, asked for an account with {sender}. Confirm that "
     "the address is yours, and the account is ready.",
     "Confirm the address", "/verify#token={token}",
     "If that does not open, go to {origin}/verify and enter this code:",
     "The link works once, for seven days. If you did not ask for it, do nothing: what was entered "
     "is deleted then, and no account is made."},
    {"Bekreft adressen din",
     "Du, eller noen som kjenner denne adressen, har bedt om en konto hos {sender}. Bekreft at "
     "adressen er din, så er kontoen klar.",
     "Bekreft adressen", "/verify#token={token}",
     "Åpner den seg ikke, går du til {origin}/verify og skriver inn denne koden:",
     "Lenken virker én gang, i sju dager. Har du ikke bedt om den, trenger du ikke å gjøre noe: Da "
     "slettes det som ble oppgitt, og det blir ingen konto."},
}};

constexpr InBoth kKnown{{
    {"You have an account already",
     "Somebody, perhaps you, tried to sign up at {sender} with this address. It has an account "
     "already, and nothing about that account has changed.",
     "Log in", "/login", "", "If it was not you, there is nothing you need to do."},
    {"Du har allerede en konto",
     "Noen, kanskje du, prøvde å registrere seg hos {sender} med denne adressen. Den har allerede "
     "en konto, og ingenting ved kontoen er endret.",
     "Logg inn", "/login", "", "Var det ikke deg, trenger du ikke å gjøre noe."},
}};

constexpr InBoth kTest{{
    {"A test mail", "If you read this, mails from {sender} arrive.", "", "", "",
     "It was sent by hand, to try how mails are delivered. Nothing is kept of it."},
    {"En testmelding", "Leser du dette, kommer e-post fra {sender} fram.", "", "", "",
     "Den ble sendt for hånd, for å prøve om e-post blir levert. Ingenting av den blir lagret."},
}};

constexpr InBoth kNewDevice{{
    {"A login from a new device",
     "Somebody logged in to your account with {sender} from a device that it did not know: "
     "{device}.",
     "See where you are logged in", "/account/sessions", "",
     "If it was you, there is nothing to do. If it was not, end that session and change your "
     "password at once: whoever logged in knows it."},
    {"Innlogging fra en ny enhet",
     "Noen logget inn på kontoen din hos {sender} fra en enhet som ikke var kjent: {device}.",
     "Se hvor du er logget inn", "/account/sessions", "",
     "Var det deg, trenger du ikke å gjøre noe. Var det ikke deg, avslutter du økten og bytter "
     "passord med en gang: Den som logget inn, kan det."},
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
    case MailKind::new_device:
      return kNewDevice.at(at);
  }
  return kTest.at(at);
}

const Footer& footer_of(Language language) { return kFooters.at(place_of(language)); }

}  // namespace egress
