// What a person changes of her own account, and the way back in after a lost password.
#include "accounts/changes.h"
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/limit.h"
#include "api/proof.h"

namespace api {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 16 * 1024;

/// A new password for whoever this is: nothing that is known of her.
base::Result<base::SecretBytes> new_password(const base::SecretBytes& chosen,
                                             const accounts::Profile& whose) {
  return accounts::parse_password(base::text(chosen.view()), {http::Door::open(whose.legal_name),
                                                              http::Door::open(whose.email)});
}

base::Result<std::string> read_token(const Request& request) {
  Body body = TRY(Body::read(request, kBodyBytes));
  std::string token = TRY(body.text("token", "token: the code from the mail"));
  TRY(body.nothing_else());
  return token;
}

base::Result<Response> rename(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string name = TRY(body.text("legal_name", "legal_name: give your legal full name"));
  TRY(body.nothing_else());
  const auto legal_name = TRY(accounts::parse_legal_name(name));
  TRY(parts.changes.rename(identity, legal_name));
  return Response::empty(204);
}

base::Result<Response> change_password(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const base::SecretBytes present =
      TRY(body.secret("password", "password: give the present password"));
  const base::SecretBytes chosen = TRY(body.secret("new_password", "new_password: choose one"));
  const auto second = TRY(read_second(body, site_of(parts, request)));
  TRY(body.nothing_else());
  const auto profile = TRY(parts.accounts.profile(identity));
  const auto checked = TRY(new_password(chosen, profile));
  auto refused =
      TRY(confirm(parts, request, identity, accounts::Act::change_password, present, second));
  if (refused) return std::move(*refused);
  TRY(parts.changes.change_password(identity, checked, parts.origin(request)));
  return Response::empty(204);
}

base::Result<Response> ask_address(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string email = TRY(body.text("email", "email: give the new email address"));
  const base::SecretBytes password =
      TRY(body.secret("password", "password: confirm with your password"));
  const auto second = TRY(read_second(body, site_of(parts, request)));
  TRY(body.nothing_else());
  const auto address = TRY(vault::Address::parse(email));
  auto refused =
      TRY(confirm(parts, request, identity, accounts::Act::change_address, password, second));
  if (refused) return std::move(*refused);
  TRY(limit(parts, request, Act::prove_address, &address));
  TRY(parts.changes.ask_address(identity, address, parts.origin(request)));
  return Response::json(202,
                        R"({"next":"confirm","detail":"We have sent a mail to the new address."})");
}

base::Result<Response> prove_address(const Request& request, const Parts& parts) {
  const std::string token = TRY(read_token(request));
  TRY(limit(parts, request, Act::follow));
  TRY(parts.changes.prove_address(token, parts.origin(request)));
  return Response::empty(204);
}

base::Result<Response> undo_address(const Request& request, const Parts& parts) {
  const std::string token = TRY(read_token(request));
  TRY(limit(parts, request, Act::follow));
  TRY(parts.changes.undo_address(token, parts.origin(request)));
  return Response::json(200, Json()
                                 .add("next", "recover")
                                 .add("detail",
                                      "The address is yours again, and everybody is signed out. "
                                      "We have sent a mail to it, to set a new password.")
                                 .str());
}

base::Result<Response> ask_recovery(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string email = TRY(body.text("email", "email: give your email address"));
  TRY(body.nothing_else());
  const auto address = TRY(vault::Address::parse(email));
  TRY(limit(parts, request, Act::recover, &address));
  TRY(parts.changes.ask_recovery(address, mail_language(request), parts.origin(request)));
  return Response::json(202,
                        R"({"next":"recover","detail":"We have sent a mail to this address."})");
}

base::Result<Response> recover(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: the code from the mail"));
  const base::SecretBytes chosen = TRY(body.secret("password", "password: choose a password"));
  TRY(body.nothing_else());
  TRY(limit(parts, request, Act::follow));
  const auto whose = TRY(parts.changes.whose(token));
  const auto checked = TRY(new_password(chosen, whose));
  TRY(parts.changes.recover(token, checked, parts.origin(request)));
  return Response::empty(204);
}

}  // namespace

void add_change_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::put, "/v1/account/name", rename);
  add_call(router, parts, Method::put, "/v1/account/password", change_password);
  add_call(router, parts, Method::post, "/v1/account/address", ask_address);
  add_call(router, parts, Method::post, "/v1/address/confirm", prove_address);
  add_call(router, parts, Method::post, "/v1/address/undo", undo_address);
  add_call(router, parts, Method::post, "/v1/recovery", ask_recovery);
  add_call(router, parts, Method::post, "/v1/recovery/password", recover);
}

}  // namespace api
