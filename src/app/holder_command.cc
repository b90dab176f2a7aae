#include "app/holder_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <thread>

#include "app/outside.h"
#include "base/child.h"
#include "base/log.h"
#include "base/process.h"
#include "holder/primary.h"
#include "holder/server.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kNo = 1;
constexpr int kCannot = 2;
constexpr std::size_t kSecretBytes = 256 << 10;
constexpr std::size_t kCodeFileMax = 256;

int failed(const char* command, const Error& error) {
  fmt::print(stderr, "{}: {}\n", command, error.chain());
  return error.code() == Code::unauthenticated || error.code() == Code::missing ? kNo : kCannot;
}

Result<void> lockable() {
  if (base::secret_memory_available(kSecretBytes)) return {};
  return Error{Code::unavailable,
               "cannot lock memory for keys: raise the limit (ulimit -l) to 8192 or more"};
}

Result<void> serve(const HolderOptions& options) {
  const auto endpoint = parse_endpoint(options.listen);
  if (options.data.empty() || !endpoint)
    return Error{Code::invalid,
                 "give --data, and --listen with a numeric address and a port, like 0.0.0.0:7300"};
  TRY(lockable());
  TRY(base::harden_process());
  base::hold_signals();
  base::RealDisk disk;
  base::SystemClock clock;
  base::SteadyClock steady;
  base::SystemEntropy entropy;
  base::Log log(clock, base::stderr_sink());
  TRY_AS(disk.make_directory(options.data), "cannot make the holder's directory");
  const auto lock = TRY(base::LockFile::take(options.data + "/lock"));
  const auto identity = TRY(
      holder::Identity::open(disk, entropy, options.data + "/holder.key", holder::Side::holder));
  const auto file = TRY(keys::FileRootHolder::open(disk, options.data));
  holder::Pairings pairings(disk, clock, options.data);
  holder::RootPart root(*file);
  holder::Dispatch dispatch(root, nullptr);
  holder::Server::Options where;
  where.address = endpoint->address;
  where.port = endpoint->port;
  const auto server = TRY(holder::Server::bind(where, {identity, pairings, dispatch, steady, log}));
  std::thread ending([&] {
    base::wait_for_signal();
    server->stop();
  });
  fmt::print("Holding on port {}\n", server->port());
  std::fflush(stdout);
  server->run();
  ending.join();
  log.info("stopped");
  return {};
}

struct Shown {
  std::string code;
  std::string key;
};

Result<Shown> issue(const std::string& data) {
  TRY(lockable());
  base::RealDisk disk;
  base::SystemClock clock;
  base::SystemEntropy entropy;
  TRY_AS(disk.make_directory(data), "cannot make the holder's directory");
  const auto identity =
      TRY(holder::Identity::open(disk, entropy, data + "/holder.key", holder::Side::holder));
  Shown shown;
  shown.code = TRY(holder::Pairings(disk, clock, data).issue(entropy));
  shown.key = base::base32(identity.key());
  return shown;
}

Result<base::SecretBytes> read_code(base::Disk& disk, const std::string& file) {
  if (file != "-") {
    base::Bytes raw =
        TRY_AS(base::read_file(disk, file, kCodeFileMax), "cannot read the code's file");
    auto secret = holder::parse_code(base::text(raw));
    base::wipe(raw);
    return secret;
  }
  std::string line;
  std::getline(std::cin, line);
  auto secret = holder::parse_code(line);
  base::wipe({reinterpret_cast<std::uint8_t*>(line.data()), line.size()});
  return secret;
}

Result<void> add(const HolderAddOptions& options) {
  if (!holder::valid_name(options.name))
    return Error{Code::invalid, "--name: lower case letters, digits and hyphens, at most 32"};
  const base::Place place = TRY_AS(base::parse_place(options.address), "--address");
  TRY(lockable());
  base::ignore_broken_pipes();
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SteadyClock steady;
  base::SystemEntropy entropy;
  const auto secret = TRY(read_code(disk, options.code_file));
  const std::string root = options.root.empty() ? options.data + ".root" : options.root;
  if (TRY(disk.exists(options.data + "/store.db")) && !TRY(disk.exists(root)))
    return Error{Code::invalid, "the root directory is not there (give it by --root)"};
  TRY_AS(disk.make_directory(root), "cannot make the root directory");
  const auto lock =
      TRY_AS(base::LockFile::take(root + "/holders.lock"), "another command pairs a holder here");
  const auto identity = TRY(holder::caller_identity(disk, entropy, root));
  base::Dialer dialer(wait, dial_arguments(), place);
  const auto key = TRY(holder::pair(
      identity, [&](base::Duration at_most) { return dialer.dial(at_most); }, secret, steady));
  TRY(holder::add_known(disk, entropy, root, {options.name, place, key}));
  fmt::print("Paired with {}, whose key is {}\n", options.name, base::base32(key));
  return {};
}

Result<void> print_status(const HolderOptions& options) {
  base::RealDisk disk;
  base::SystemClock clock;
  if (!TRY(disk.exists(options.data + "/holder.key")))
    return Error{Code::missing, "no holder has been started in this directory"};
  holder::Pairings pairings(disk, clock, options.data);
  const auto keys = TRY(pairings.keys());
  const auto tree = TRY(pairings.tree());
  if (options.json) {
    std::string list;
    for (const auto& key : keys)
      list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", base::base32(key));
    fmt::print(R"({{"servers":[{}],"serves_a_tree":{}}})"
               "\n",
               list, tree.has_value());
    return {};
  }
  for (const auto& key : keys) fmt::print("paired  {}\n", base::base32(key));
  if (keys.empty()) fmt::print("no server is paired: `holder pair` prints a code for one\n");
  fmt::print("{}\n", tree
                         ? "It keeps the root of one tree. Where that root is split, losing either "
                           "share is losing all."
                         : "It keeps no root yet.");
  return {};
}

Result<void> forget(const HolderOptions& options) {
  const auto raw = base::parse_base32(options.key);
  base::PublicKey key{};
  if (!raw.ok() || raw->size() != key.size())
    return Error{Code::invalid, "KEY: give it as `holder status` says it"};
  std::copy(raw->begin(), raw->end(), key.begin());
  base::RealDisk disk;
  base::SystemClock clock;
  return holder::Pairings(disk, clock, options.data).forget(key);
}

}  // namespace

int holder_serve(const HolderOptions& options) {
  const auto served = serve(options);
  if (served.ok()) return 0;
  fmt::print(stderr, "holder: {}\n", served.error().chain());
  return kCannot;
}

int holder_pair(const HolderOptions& options) {
  const auto shown = issue(options.data);
  if (!shown.ok()) return failed("holder pair", shown.error());
  fmt::print("{}\n", shown->code);
  fmt::print(stderr,
             "Good once, for {} minutes. On the server: holder add --code-file -\n"
             "This holder's key is {}\n",
             holder::kCodeLife.count(), shown->key);
  return 0;
}

int holder_status(const HolderOptions& options) {
  const auto printed = print_status(options);
  return printed.ok() ? 0 : failed("holder status", printed.error());
}

int holder_forget(const HolderOptions& options) {
  const auto forgotten = forget(options);
  return forgotten.ok() ? 0 : failed("holder forget", forgotten.error());
}

int holder_add(const HolderAddOptions& options) {
  const auto added = add(options);
  return added.ok() ? 0 : failed("holder add", added.error());
}

std::vector<std::string> holder_hosts(const ServeOptions& options) {
  base::RealDisk disk;
  const std::string root = options.root.empty() ? options.data + ".root" : options.root;
  const auto choice = options.root_holder.empty() ? holder::remembered_choice(disk, root)
                                                  : holder::parse_choice(options.root_holder);
  const auto known = holder::read_known(disk, root);
  // What is wrong with either, opening says with its own words.
  if (!choice.ok() || !known.ok()) return {};
  const holder::Known* one = known->find(choice->name);
  return one == nullptr ? std::vector<std::string>() : std::vector<std::string>{one->place.host};
}

Result<std::unique_ptr<keys::RootHolder>> open_root(base::Disk& disk, const std::string& root) {
  const auto choice = TRY(holder::remembered_choice(disk, root));
  // A look makes nothing: opening a file would make an empty one.
  if (choice.kind == holder::Choice::Kind::file && !TRY(disk.exists(root + "/root.ktn")))
    return Error{Code::missing, "there is no root in the root directory"};
  struct Reached final : keys::RootHolder {
    base::ThreadWait wait;
    base::SteadyClock steady;
    base::SystemEntropy entropy;
    std::unique_ptr<keys::RootHolder> inner;
    Result<std::array<std::optional<keys::Root>, 2>> read() override { return inner->read(); }
    Result<void> write(std::size_t slot, const keys::Root& value) override {
      return inner->write(slot, value);
    }
    Result<void> destroy(std::size_t slot) override { return inner->destroy(slot); }
  };
  auto reached = std::make_unique<Reached>();
  reached->inner = TRY(holder::open_primary(
      {disk, reached->wait, reached->entropy, reached->steady, dial_arguments()}, root, "",
      holder::Tree::is_there));
  return std::unique_ptr<keys::RootHolder>(std::move(reached));
}

}  // namespace app
