#include "base/dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <array>

#include "base/child.h"

namespace base {
namespace {

constexpr std::size_t kAnswerMax = 16 << 10;
constexpr int kSeconds = 2;
constexpr int kTries = 2;

struct Resolving {
  Resolving() : ready(::res_ninit(&state) == 0) {}
  ~Resolving() {
    if (ready) ::res_nclose(&state);
  }
  Resolving(const Resolving&) = delete;
  Resolving& operator=(const Resolving&) = delete;
  struct __res_state state{};
  bool ready;
};

}  // namespace

std::optional<std::string> text_of_record(std::string_view data) {
  std::string text;
  while (!data.empty()) {
    const auto size = static_cast<unsigned char>(data[0]);
    data.remove_prefix(1);
    if (size > data.size()) return std::nullopt;
    text += data.substr(0, size);
    data.remove_prefix(size);
  }
  return text;
}

Result<Resolver> Resolver::open(const std::string& server) {
  Resolver resolver;
  if (server.empty()) return resolver;
  const Error wrong{Code::invalid, "give the resolver as an IPv4 address and a port: 127.0.0.1:53"};
  const auto place = parse_place(server);
  in_addr address{};
  if (!place.ok() || ::inet_pton(AF_INET, place->host.c_str(), &address) != 1) return wrong;
  resolver.server_ = Server{address.s_addr, static_cast<std::uint16_t>(std::stoi(place->port))};
  return resolver;
}

Result<std::vector<std::string>> Resolver::texts(const std::string& name) const {
  const Error silent{Code::unavailable, "the domain name system does not answer"};
  Resolving resolving;
  if (!resolving.ready) return silent;
  auto& state = resolving.state;
  state.retrans = kSeconds;
  state.retry = kTries;
  if (server_) {
    state.nscount = 1;
    state.nsaddr_list[0].sin_family = AF_INET;
    state.nsaddr_list[0].sin_addr.s_addr = server_->address;
    state.nsaddr_list[0].sin_port = htons(server_->port);
  }
  std::array<unsigned char, kAnswerMax> answer{};
  const int size = ::res_nquery(&state, name.c_str(), ns_c_in, ns_t_txt, answer.data(),
                                static_cast<int>(answer.size()));
  std::vector<std::string> texts;
  if (size < 0) {
    if (state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA) return texts;
    return silent;
  }
  ns_msg message{};
  if (::ns_initparse(answer.data(), std::min(size, static_cast<int>(answer.size())), &message) != 0)
    return silent;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0) return silent;
    if (ns_rr_type(record) != ns_t_txt) continue;  // an alias on the way
    auto text = text_of_record({reinterpret_cast<const char*>(ns_rr_rdata(record)),
                                static_cast<std::size_t>(ns_rr_rdlen(record))});
    if (text) texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace base
