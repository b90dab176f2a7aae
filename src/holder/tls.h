// Mutual TLS 1.3 between a server and its holders, without any authority: both sides show a
// certificate of their own making, and what counts is the Ed25519 key in it. Owns the sides' keys
// and the sessions; never decides whose key is welcome, and never falls back to something weaker.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/disk.h"
#include "base/entropy.h"

struct ssl_ctx_st;
struct ssl_st;

namespace holder {

enum class Side : std::uint8_t { caller, holder };

/// Bytes that only the two ends of one session know (RFC 9266, tls-exporter).
using Binding = std::array<std::uint8_t, 32>;

/// One end's key pair, and what TLS needs of it.
class Identity {
 public:
  /// Reads the seed at `path`, or makes it, durable.
  static base::Result<Identity> open(base::Disk& disk, base::Entropy& entropy,
                                     const std::string& path, Side side);
  static base::Result<Identity> from_seed(const base::SecretBytes& seed, Side side);
  const base::PublicKey& key() const noexcept { return key_; }

 private:
  friend class Session;
  Identity() = default;
  base::PublicKey key_{};
  Side side_ = Side::caller;
  std::shared_ptr<ssl_ctx_st> context_;
};

/// What a session waits for before it can go on.
enum class Need : std::uint8_t { nothing, readable, writable };

/// One end of a conversation. Never waits: whoever uses it polls its descriptor.
class Session {
 public:
  /// Over a connected socket.
  static base::Result<Session> begin(const Identity& identity, base::Descriptor socket);

  struct Step {
    std::size_t bytes = 0;
    Need need = Need::nothing;
  };
  /// Code::io where the peer is gone or does not speak this.
  base::Result<Need> shake_hands();
  base::Result<Step> read(base::Mutable out);
  base::Result<Step> write(base::View bytes);

  /// Once hands are shaken: who it is, proven, and what binds this very session.
  base::Result<base::PublicKey> peer() const;
  Binding binding() const;
  int descriptor() const noexcept { return socket_.number(); }

 private:
  struct Free {
    void operator()(ssl_st* session) const;
  };
  Session(base::Descriptor socket, std::unique_ptr<ssl_st, Free> tls)
      : socket_(std::move(socket)), tls_(std::move(tls)) {}
  base::Result<Need> need_after(int outcome) const;

  base::Descriptor socket_;
  std::unique_ptr<ssl_st, Free> tls_;
};

}  // namespace holder
