#include "egress/member_words.h"

#include <array>

namespace egress {
namespace {

using InBoth = std::array<Words, 2>;  // English, Norwegian

// The one mail to somebody who has not turned to us herself: what Article 14 GDPR asks for stands
// in it.
constexpr InBoth kInvitation{{
    {"You are invited to an account",
     "{by} invites you to an account with {sender}: files and folders that several people work on. "
     "Whether you join is up to you.",
     "See the invitation", "/app/invitation#token={token}",
     "If that does not open, go to {origin}/invitation and enter this code:",
     "The link works once, for seven days. If you do not want to join, decline there, or do "
     "nothing.",
     "What we know about you, and from whom (Article 14 GDPR): your email address, and that you "
     "are to get this mail in English. {by}, who administers the account, gave us both. {sender} "
     "decides how they are used, and is the controller.\n"
     "We use them to deliver this invitation and to let you accept it, and for nothing else. The "
     "legal basis is legitimate interest (Article 6(1)(f) GDPR): that of the account in inviting "
     "the people whom it works with. Whoever administers the account sees your address, and the "
     "supplier who delivers our mails does; the notice names it.\n"
     "When you accept, decline, or seven days are over, the invitation's key is destroyed, and "
     "with it what it held, here and in every backup.\n"
     "You may ask us for access, correction, erasure or restriction, and you may object: "
     "declining erases it at once, and {contact} reaches us. You may complain to a supervisory "
     "authority; the notice names it, and says all the rest: {origin}/notice"},
    {"Du er invitert til en konto",
     "{by} inviterer deg til en konto hos {sender}: filer og mapper som flere arbeider med. Du "
     "bestemmer selv om du vil bli med.",
     "Se invitasjonen", "/app/invitation#token={token}",
     "Åpner den seg ikke, går du til {origin}/invitation og skriver inn denne koden:",
     "Lenken virker én gang, i sju dager. Vil du ikke bli med, takker du nei der eller lar være å "
     "gjøre noe.",
     "Hva vi vet om deg, og fra hvem (artikkel 14 i personvernforordningen): e-postadressen din, "
     "og at du skal få denne e-posten på norsk. {by}, som administrerer kontoen, har gitt oss "
     "begge deler. {sender} bestemmer hvordan de brukes, og er behandlingsansvarlig.\n"
     "Vi bruker dem til å levere invitasjonen og la deg takke ja, og ikke til noe annet. "
     "Grunnlaget er berettiget interesse (artikkel 6 nr. 1 bokstav f): kontoens interesse i å "
     "invitere dem den arbeider sammen med. De som administrerer kontoen, ser adressen din, og det "
     "gjør leverandøren som leverer e-posten vår; personvernerklæringen sier hvem det er.\n"
     "Når du takker ja eller nei, eller sju dager er gått, ødelegges invitasjonens nøkkel, og med "
     "den det invitasjonen inneholdt, her og i alle sikkerhetskopier.\n"
     "Du kan be om innsyn, retting, sletting og begrensning, og du kan protestere: Takker du nei, "
     "slettes alt straks, og {contact} når oss. Du kan klage til en tilsynsmyndighet; "
     "personvernerklæringen sier hvilken, og resten: {origin}/notice"},
}};

constexpr InBoth kRoleChanged{{
    {"Your role in an account has changed",
     "Whoever administers an account with {sender} that you belong to has given you another role "
     "in it. It holds from now on.",
     "See your role", "/app/members", "",
     "If you do not know why, ask in the account who decided it.", ""},
    {"Rollen din i en konto er endret",
     "Den som administrerer en konto hos {sender} som du hører til, har gitt deg en annen rolle "
     "der. Den gjelder fra nå av.",
     "Se rollen din", "/app/members", "",
     "Vet du ikke hvorfor, spør du i kontoen hvem som har bestemt det.", ""},
}};

constexpr InBoth kRemoved{{
    {"You do not belong to an account any more",
     "Whoever administers an account with {sender} has taken you out of it. What is in that "
     "account stays there, and you do not reach it any more. Your other accounts are as they were.",
     "Log in", "/app", "", "If you do not know why, ask in the account who decided it.", ""},
    {"Du hører ikke lenger til en konto",
     "Den som administrerer en konto hos {sender}, har tatt deg ut av den. Det som ligger i "
     "kontoen, blir der, og du når det ikke lenger. De andre kontoene dine er som før.",
     "Logg inn", "/app", "", "Vet du ikke hvorfor, spør du i kontoen hvem som har bestemt det.",
     ""},
}};

constexpr InBoth kRemovedAndErased{{
    {"You were taken out of your account, and your data is gone",
     "Whoever administers the account with {sender} that you belonged to has taken you out of it. "
     "You belonged to no other, so we have no reason to keep anything about you: the key that "
     "opened your name, your address and your password is destroyed.",
     "", "", "",
     "This mail is the last that we know of you: its own key is destroyed in seven days. What is "
     "in the account stays there.",
     ""},
    {"Du er tatt ut av kontoen din, og opplysningene dine er borte",
     "Den som administrerer kontoen hos {sender} som du hørte til, har tatt deg ut av den. Du "
     "hørte ikke til noen annen, så vi har ingen grunn til å ta vare på noe om deg: Nøkkelen som "
     "åpnet navnet, adressen og passordet ditt, er ødelagt.",
     "", "", "",
     "Denne e-posten er det siste vi vet om deg: Dens egen nøkkel ødelegges om sju dager. Det som "
     "ligger i kontoen, blir der.",
     ""},
}};

constexpr InBoth kAccountClosed{{
    {"An account that you belonged to is gone",
     "The owner of an account with {sender} that you belonged to has cancelled it. The key that "
     "opened it is destroyed, and with it all that was in it. Your other accounts are as they "
     "were.",
     "Log in", "/app", "", "Nothing of it can be brought back, by us or by anybody.", ""},
    {"En konto som du hørte til, er borte",
     "Eieren av en konto hos {sender} som du hørte til, har avsluttet den. Nøkkelen som åpnet den, "
     "er ødelagt, og med den alt som lå der. De andre kontoene dine er som før.",
     "Logg inn", "/app", "", "Ingenting av det kan hentes tilbake, verken av oss eller andre.", ""},
}};

constexpr InBoth kAccountClosedAndErased{{
    {"Your account is gone",
     "The owner of the account with {sender} that you belonged to has cancelled it. The key that "
     "opened it is destroyed, and with it all that was in it. You belonged to no other account, so "
     "the key that opened your name, your address and your password is destroyed too.",
     "", "", "",
     "This mail is the last that we know of you: its own key is destroyed in seven days.", ""},
    {"Kontoen din er borte",
     "Eieren av kontoen hos {sender} som du hørte til, har avsluttet den. Nøkkelen som åpnet den, "
     "er ødelagt, og med den alt som lå der. Du hørte ikke til noen annen konto, så nøkkelen som "
     "åpnet navnet, adressen og passordet ditt, er også ødelagt.",
     "", "", "",
     "Denne e-posten er det siste vi vet om deg: Dens egen nøkkel ødelegges om sju dager.", ""},
}};

constexpr InBoth kHandOver{{
    {"An account is to be yours",
     "{by}, who owns an account with {sender} that you belong to, wants to hand it over to you. "
     "Nothing changes unless you accept, within seven days.",
     "Look at it", "/app/members", "",
     "The owner alone can cancel the account, and stays in it as an administrator when you accept.",
     ""},
    {"En konto skal bli din",
     "{by}, som eier en konto hos {sender} som du hører til, vil overlate den til deg. Ingenting "
     "endres før du takker ja, innen sju dager.",
     "Se på det", "/app/members", "",
     "Bare eieren kan avslutte kontoen. Takker du ja, blir den tidligere eieren i kontoen som "
     "administrator.",
     ""},
}};

constexpr InBoth kNowOwner{{
    {"The account is yours now",
     "You have accepted an account with {sender}: you are its owner from now on. Its former owner "
     "was told, and is an administrator.",
     "See who is in it", "/app/members", "",
     "If it was not you who accepted, change your password at once and write to us.", ""},
    {"Kontoen er din nå",
     "Du har takket ja til en konto hos {sender}: Du eier den fra nå av. Den tidligere eieren har "
     "fått beskjed, og er administrator.",
     "Se hvem som er der", "/app/members", "",
     "Var det ikke deg som takket ja, bytter du passord med én gang og skriver til oss.", ""},
}};

constexpr InBoth kFormerOwner{{
    {"Your account has another owner now",
     "The account with {sender} that you handed over was accepted: you are an administrator in it "
     "from now on, and its new owner alone can cancel it.",
     "See who is in it", "/app/members", "",
     "If it was not you who handed it over, change your password at once and write to us.", ""},
    {"Kontoen din har fått en annen eier",
     "Kontoen hos {sender} som du overlot, har fått en ny eier. Du er administrator der fra nå av, "
     "og bare den nye eieren kan avslutte den.",
     "Se hvem som er der", "/app/members", "",
     "Var det ikke du som overlot den, bytter du passord med én gang og skriver til oss.", ""},
}};

}  // namespace

const Words& member_words(MailKind kind, Language language) {
  const auto at = static_cast<std::size_t>(language);
  switch (kind) {
    case MailKind::role_changed:
      return kRoleChanged.at(at);
    case MailKind::removed:
      return kRemoved.at(at);
    case MailKind::removed_and_erased:
      return kRemovedAndErased.at(at);
    case MailKind::account_closed:
      return kAccountClosed.at(at);
    case MailKind::account_closed_and_erased:
      return kAccountClosedAndErased.at(at);
    case MailKind::hand_over:
      return kHandOver.at(at);
    case MailKind::now_owner:
      return kNowOwner.at(at);
    case MailKind::former_owner:
      return kFormerOwner.at(at);
    default:
      break;
  }
  return kInvitation.at(at);
}

}  // namespace egress
