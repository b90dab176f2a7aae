#include "holder/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <list>

#include "holder/conversation.h"
#include "holder/guest.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kTreeSize = 16;
constexpr int kBacklog = 64;
constexpr base::Duration kTickEvery = std::chrono::seconds(1);

Result<sockaddr_storage> parse_address(const Server::Options& options, socklen_t& size) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, options.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(options.port);
    size = sizeof *v4;
    return storage;
  }
  if (::inet_pton(AF_INET6, options.address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(options.port);
    size = sizeof *v6;
    return storage;
  }
  return Error{Code::invalid, "the address to listen on is not numeric"};
}

/// Of a peer, without its port.
std::string host_of(const sockaddr_storage& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address =
      from.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(from).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(from).sin_addr;
  ::inet_ntop(from.ss_family, address, text.data(), text.size());
  return text.data();
}

}  // namespace

struct Server::Impl {
  Impl(const Options& its_options, const Parts& its_parts)
      : options(its_options), parts(its_parts) {}

  Result<void> open();
  void turn();
  void tick();
  void welcome();
  void make_room(const std::string& address);
  void serve(Guest& guest);
  /// The bytes to answer; the lane is taken, and the handler asked, in here.
  base::Bytes answer(Guest& guest, const Frame& request);
  Result<base::Bytes> carry_out(Guest& guest, const Frame& request);
  Result<base::Bytes> begin(Guest& guest, base::View body);
  Result<base::Bytes> pair(Guest& guest, base::View body);

  const Options options;
  const Parts parts;
  base::Descriptor listener;
  base::Descriptor stopping;  // readable: stop
  bool stopped = false;
  base::Time ticked{};
  std::uint16_t port = 0;
  std::list<Guest> guests;  // oldest first
};

Result<void> Server::Impl::open() {
  socklen_t size = 0;
  sockaddr_storage at = TRY(parse_address(options, size));
  listener =
      base::Descriptor(::socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  ::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto* raw = reinterpret_cast<sockaddr*>(&at);
  if (!listener || ::bind(listener.number(), raw, size) != 0 ||
      ::listen(listener.number(), kBacklog) != 0)
    return Error{Code::io, "cannot listen there: is the port taken, the address another host's?"};
  ::getsockname(listener.number(), raw, &size);
  port = ntohs(at.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(at).sin6_port
                                        : reinterpret_cast<sockaddr_in&>(at).sin_port);
  stopping = base::Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stopping) return Error{Code::io, "no event descriptor can be had"};
  return {};
}

/// Strangers from one address cannot keep others away: the oldest of too many goes.
void Server::Impl::make_room(const std::string& address) {
  const auto stranger = [](const Guest& guest) { return !guest.lane; };
  const auto neighbour = [&](const Guest& guest) {
    return stranger(guest) && guest.address == address;
  };
  if (std::cmp_greater_equal(std::ranges::count_if(guests, neighbour), options.strangers_max))
    guests.erase(std::ranges::find_if(guests, neighbour));
  if (guests.size() < options.connections_max) return;
  const auto oldest = std::ranges::find_if(guests, stranger);
  if (oldest != guests.end()) guests.erase(oldest);
}

void Server::Impl::welcome() {
  while (true) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    base::Descriptor socket(::accept4(listener.number(), reinterpret_cast<sockaddr*>(&from), &size,
                                      SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::string address = host_of(from);
    make_room(address);
    if (guests.size() >= options.connections_max) continue;
    auto session = Session::begin(parts.identity, std::move(socket));
    if (!session.ok()) continue;
    guests.emplace_back(std::move(*session), address);
    guests.back().until = parts.steady.now() + options.greeting_max;
  }
}

Result<base::Bytes> Server::Impl::pair(Guest& guest, base::View body) {
  guest.leaving = true;  // what follows is another conversation
  const auto key = TRY(guest.session().peer());
  const auto proof =
      parts.pairings.pair(body, guest.session().binding(), key, parts.identity.key());
  if (!proof.ok()) {
    parts.log.warn("pairing refused", {{"why", proof.error()}});
    return proof.error();
  }
  parts.log.info("a server was paired");
  return base::copy(*proof);
}

/// Takes a lane: whoever had it is gone, with all that it may still have asked.
Result<base::Bytes> Server::Impl::begin(Guest& guest, base::View body) {
  guest.leaving = true;
  const auto key = TRY(guest.session().peer());
  if (!TRY(parts.pairings.welcome(key))) {
    parts.log.warn("a server that is not paired was refused");
    return Error{Code::unauthenticated, "not paired"};
  }
  if (body.size() != 1 + kTreeSize || body[0] < 1 || body[0] > 3)
    return Error{Code::invalid, "not a beginning"};
  const auto lane = static_cast<Lane>(body[0]);
  const base::View tree = body.subspan(1);
  const bool named = std::ranges::any_of(tree, [](std::uint8_t byte) { return byte != 0; });
  if (!named && lane != Lane::restore) return Error{Code::invalid, "no tree is named"};
  auto ours = TRY(parts.pairings.tree());
  if (ours && named && !std::ranges::equal(*ours, tree)) {
    parts.log.warn("a server with another tree was refused");
    return Error{Code::denied, "another tree"};
  }
  if (!ours && named) {
    TRY(parts.pairings.bind(tree));
    ours = base::copy(tree);
  }
  std::erase_if(guests, [&](const Guest& other) { return &other != &guest && other.lane == lane; });
  guest.lane = lane;
  guest.leaving = false;
  return ours ? std::move(*ours) : base::Bytes(kTreeSize);
}

Result<base::Bytes> Server::Impl::carry_out(Guest& guest, const Frame& request) {
  if (request.method == kPair) return pair(guest, request.body);
  if (request.method == kBegin) return begin(guest, request.body);
  const auto key = TRY(guest.session().peer());
  // Asked each time, so that a server that was forgotten is out at once.
  if (!guest.lane || !TRY(parts.pairings.welcome(key))) {
    guest.leaving = true;
    return Error{Code::unauthenticated, "not paired"};
  }
  if (!belongs(request.method, *guest.lane))
    return Error{Code::unsupported, "not a request of this lane"};
  return parts.handler.handle(static_cast<Method>(request.method), request.body);
}

base::Bytes Server::Impl::answer(Guest& guest, const Frame& request) {
  auto done = carry_out(guest, request);
  if (!done.ok()) {
    parts.log.warn("refused", {{"method", request.method}, {"why", done.error()}});
    return encode_refusal(request.method, request.id, done.code());
  }
  base::Bytes bytes = encode_answer(request.method, request.id, *done);
  base::wipe(*done);
  return bytes;
}

/// One step of one guest: the others are never kept waiting for more than one request.
void Server::Impl::serve(Guest& guest) {
  const bool receiving = guest.receiving();
  auto moved = guest.advance();
  if (moved.ok()) {
    const auto request = guest.request();
    if (request.ok() && *request && (*request)->outcome)
      moved = Error{Code::invalid, "an answer where a question belongs"};
    else if (request.ok() && *request) {
      guest.answered(answer(guest, **request), (*request)->size);
      guest.until = parts.steady.now() + options.message_max;
      moved = guest.advance();
    }
  }
  if (!moved.ok() || (guest.leaving && !guest.sending())) {
    guest.until = base::Time{};
    return;
  }
  if (!guest.lane || guest.sending()) return;
  // A request that has begun has its time from then on; it is not given more with every byte.
  if (guest.receiving() && !receiving) guest.until = parts.steady.now() + options.message_max;
  if (!guest.receiving()) guest.until = parts.steady.now() + options.idle_max;
}

void Server::Impl::tick() {
  const base::Time now = parts.steady.now();
  if (!parts.tick || now - ticked < kTickEvery) return;
  ticked = now;
  if (const auto done = parts.tick(); !done.ok())
    parts.log.error("the holder's own work failed", {{"why", done.error()}});
}

void Server::Impl::turn() {
  std::vector<pollfd> waiting = {{stopping.number(), POLLIN, 0}, {listener.number(), POLLIN, 0}};
  base::Time next = parts.steady.now() + std::chrono::minutes(1);
  for (const Guest& guest : guests) {
    const bool write =
        guest.sending() ? guest.need() != Need::readable : guest.need() == Need::writable;
    waiting.push_back({guest.session().descriptor(), short{POLLIN}, 0});
    if (write) waiting.back().events = POLLOUT;
    next = std::min(next, guest.until);
  }
  if (parts.tick) next = std::min(next, ticked + kTickEvery);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - parts.steady.now()).count();
  (void)::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  stopped = (waiting[0].revents & POLLIN) != 0;
  std::vector<int> ready;
  for (std::size_t i = 2; i < waiting.size(); ++i)
    if (waiting[i].revents != 0) ready.push_back(waiting[i].fd);
  for (const int descriptor : ready) {
    const auto guest = std::ranges::find_if(
        guests, [&](const Guest& one) { return one.session().descriptor() == descriptor; });
    if (guest != guests.end()) serve(*guest);  // a lane's new guest may have sent it away
  }
  const base::Time now = parts.steady.now();
  std::erase_if(guests, [&](const Guest& guest) { return guest.until <= now; });
  if (waiting[1].revents != 0) welcome();
  tick();
}

Result<std::unique_ptr<Server>> Server::bind(const Options& options, const Parts& parts) {
  auto impl = std::make_unique<Impl>(options, parts);
  TRY(impl->open());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

void Server::run() {
  while (!impl_->stopped) impl_->turn();
}

void Server::stop() { CHECK(::eventfd_write(impl_->stopping.number(), 1) == 0); }

std::uint16_t Server::port() const { return impl_->port; }

}  // namespace holder
