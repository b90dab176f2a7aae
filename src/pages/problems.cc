// Problems as pages, and what each kind of them means.
#include <array>

#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/words.h"

namespace pages {
namespace {

struct Explained {
  std::string_view name, heading, status, meaning, remedy;
};

constexpr std::array explained = {
    Explained{"invalid", "The request is not valid", "400",
              "Something in the request is missing, or has a form that we do not take. Asked "
              "again in the same way, it gets the same answer.",
              "Read the detail, mend the request, send it again."},
    Explained{"malformed", "The request is not valid HTTP", "400",
              "What arrived cannot be read as a request, or can be read in two ways. The "
              "connection ends with the answer.",
              "It is a fault of the program that sent it, or of a proxy on the way."},
    Explained{"path", "The path is not valid", "400",
              "The address holds what no path here has: dot segments, a percent sign without "
              "its two digits, or bytes that are no UTF-8.",
              "Percent-encode each name of the path as UTF-8."},
    Explained{"unauthenticated", "Please log in", "401",
              "This is for somebody who is logged in, and the request does not say who asks, or "
              "says it with a session that has ended.",
              "Log in, then ask again."},
    Explained{"wrong-credentials", "Wrong email or password", "401",
              "No account has this address together with this password. We do not say which of "
              "the two is wrong: that would tell strangers who has an account.",
              "Try again, or create an account."},
    Explained{"denied", "This is not allowed", "403",
              "We know who asks, and the answer is no: the notice does not allow it, or it "
              "belongs to somebody else.",
              "If you believe that it is yours, write to us."},
    Explained{"wrong-password", "Wrong password", "403",
              "What you asked for cannot be undone, or makes an account, so it needs your password "
              "once more. The one given is not yours.",
              "Try again."},
    Explained{"link-password", "This link has a password", "403",
              "Whoever shared this gave the link a password, and it has not been given yet, or "
              "more than twelve hours ago.",
              "Give the password. If you do not know it, ask whoever gave you the link."},
    Explained{"wrong-link-password", "Wrong password", "403",
              "What was given is not the password of this link.", "Ask whoever gave you the link."},
    Explained{"second-factor", "A second factor is needed", "403",
              "The password is right, and this account has a second factor: the password alone "
              "opens nothing.",
              "Give a code of your authenticator app, one of your recovery codes, or a passkey."},
    Explained{"wrong-factor", "This does not open it", "403",
              "The code or passkey is wrong, was used already, or belongs to somebody else. A code "
              "of an authenticator app is good once, and for about a minute; what a passkey is "
              "asked, for five.",
              "Try again with the next code, another passkey, or a recovery code."},
    Explained{"second-step-over", "The second step is over", "401",
              "Between the password and the second factor there are ten minutes at most, and a "
              "change of the factors ends them.",
              "Log in again."},
    Explained{"step-up", "Prove once more that it is you", "403",
              "What cannot be undone, or would outlive your session, needs a proof that is ten "
              "minutes old at most. Logging in is one.",
              "Give your password, and your second factor where you have one, to POST /v1/proof. "
              "Then ask again."},
    Explained{"origin", "The request comes from another place", "403",
              "What changes something must come from our own pages. A browser says where a "
              "request was made; this one was made elsewhere, or does not say.",
              "Use our own page. Programs send an Origin header with the address of this server."},
    Explained{"missing", "There is no such thing", "404",
              "Nothing is under this address, or nothing that you may see. We do not say which.",
              "Look at the address. What was deleted does not come back."},
    Explained{"method", "This method is not allowed here", "405",
              "There is something under this address, but not with this method.",
              "The Allow header lists the methods that it takes."},
    Explained{"timeout", "The request took too long", "408",
              "It did not arrive whole in the time that we give it.", "Send it again."},
    Explained{"conflict", "This conflicts with what is there", "409",
              "Somebody, or another tab, was there first.",
              "Load the page again, look at what is there now, then decide."},
    Explained{"other-account", "You are in another account", "409",
              "The request names the account that it means, and your session is in another one of "
              "yours: you went there in another tab. Nothing was done.",
              "Load the page again, or go back to the account that you meant."},
    Explained{"locked", "Another request is at it", "423",
              "Parts of an upload come one after the other, and one is coming just now: perhaps on "
              "a connection that broke, which the server has not noticed yet.",
              "Ask again in a moment, and go on where the upload then stands."},
    Explained{"gone", "This was erased for good", "410",
              "It was here. Its key is destroyed, and nobody can bring it back.",
              "Nothing. If you have a receipt, you can check it."},
    Explained{"stale", "It has changed meanwhile", "412",
              "The request was to hold only for a version that is no longer the newest.",
              "Fetch the newest version, then decide."},
    Explained{"too-large", "This is too large", "413", "It is over a limit that we state.",
              "Send less, or in pieces."},
    Explained{"target", "The address is too long", "414", "It is over a limit that we state.",
              "Ask for less in one address."},
    Explained{"unsupported", "This kind is not taken here", "415",
              "The content has a type that this address does not understand.",
              "The interface description under /v1/openapi.json says which types it takes."},
    Explained{"range", "There are no such bytes", "416",
              "The range that was asked for lies outside the file.",
              "Ask for a range within its size, or for the whole."},
    Explained{"expectation", "This cannot be expected here", "417",
              "The Expect header asks for something other than 100-continue.",
              "Leave the header out."},
    Explained{"host", "This host is not served here", "421",
              "The Host header names another service than this one.",
              "Use the address under which the service is known."},
    Explained{"exhausted", "Too many requests", "429",
              "This came too often, or too much came at once.",
              "Wait a little. The Retry-After header says how long, where we know."},
    Explained{"headers", "The headers are too large", "431",
              "They are more, or longer, than we take.", "Send fewer cookies and headers."},
    Explained{"internal", "Something went wrong on our side", "500",
              "It is our fault, and it is written in our log under the number of the request, "
              "without who you are.",
              "Try again. If it stays, write to us and give the number."},
    Explained{"coding", "This coding is not known here", "501",
              "The request's Transfer-Encoding is other than chunked.",
              "Send the body as it is, or chunked."},
    Explained{"busy", "The server is busy", "503",
              "More requests are under way than we carry out at once. This one was not begun.",
              "Wait as long as the Retry-After header says, then send it again."},
    Explained{"unavailable", "Not available now", "503",
              "Something that we need cannot be reached at the moment. Nothing is lost.",
              "Try again in a minute."},
    Explained{"version", "This version of HTTP is not spoken here", "505",
              "We speak HTTP/1.1 and 1.0.", "Use one of them."},
    Explained{"quota", "Your plan has no room for this", "507",
              "What the account keeps, with its trash and the earlier versions of its files, "
              "would be more than its plan allows. GET /v1/workspace says how much of it is used.",
              "Empty the trash, remove files or earlier versions, or take a larger plan."},
    Explained{"full", "No space is left", "507",
              "There is no room on our disks for this. What was kept before is safe.",
              "Try again later. We have been told."}};

const Explained* find(std::string_view name) {
  for (const Explained& one : explained)
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace

std::string Pages::problem(const Visitor& visitor, const ProblemPage& page) const {
  Values values = impl_->frame(visitor, page.title, Place::none);
  values.text("status", std::to_string(page.status))
      .text("heading", page.title)
      .text("detail", sentence(page.detail))
      .maybe("request", "id", page.request);
  if (find(page.type) != nullptr) values.maybe("type", "name", page.type);
  return impl_->templates.render("problem", values);
}

std::optional<std::string> Pages::problem_type(const Visitor& visitor,
                                               std::string_view name) const {
  const Explained* what = find(name);
  if (what == nullptr) return std::nullopt;
  Values values = impl_->frame(visitor, std::string(what->heading), Place::none);
  values.text("name", std::string(what->name))
      .text("heading", std::string(what->heading))
      .text("status", std::string(what->status))
      .text("meaning", std::string(what->meaning))
      .text("remedy", std::string(what->remedy));
  return impl_->templates.render("problem_type", values);
}

}  // namespace pages
