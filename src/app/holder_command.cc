#include "app/holder_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/outside.h"
#include "app/passphrase.h"
#include "app/root_command.h"
#include "base/child.h"
#include "base/log.h"
#include "base/process.h"
#include "holder/caller_key.h"
#include "holder/primary.h"
#include "holder/replica_look.h"
#include "holder/replica_part.h"
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

std::string replica_of(const std::string& data) { return data + "/replica"; }

int failed(const char* command, const Error& error) {
  fmt::print(stderr, "{}: {}\n", command, error.chain());
  return error.code() == Code::unauthenticated || error.code() == Code::missing ? kNo : kCannot;
}

Result<void> lockable() {
  if (base::secret_memory_available(kSecretBytes)) return {};
  return Error{Code::unavailable,
               "cannot lock memory for keys: raise the limit (ulimit -l) to 8192 or more"};
}

/// Commands and the process that serves change the same files. Held for a moment only.
holder::PairingTurn pairing_turn(const std::string& data) {
  return [path = data + "/pairing.lock"]() -> Result<std::shared_ptr<void>> {
    constexpr int kAttempts = 200;
    for (int i = 0; i < kAttempts; ++i) {
      auto lock = base::LockFile::take(path);
      if (lock.ok())
        return std::shared_ptr<void>(std::make_shared<base::LockFile>(std::move(*lock)));
      if (lock.code() != Code::conflict) return lock.error();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return Error{Code::unavailable, "another process changes who is paired, and does not end"};
  };
}

/// What its replica has met alone, before there was a fence for the whole holder, counts too.
Result<std::unique_ptr<holder::Fence>> open_fence(base::Disk& disk, const std::string& data) {
  auto fence = TRY(holder::Fence::open(disk, data));
  const auto replica = holder::look_at_replica(disk, replica_of(data));
  if (replica.ok() && *replica && (*replica)->incarnation > fence->newest())
    TRY(fence->admit((*replica)->incarnation));
  return fence;
}

Result<void> serve(const HolderOptions& options) {
  const auto endpoint = parse_endpoint(options.listen);
  if (options.data.empty() || !endpoint)
    return Error{Code::invalid,
                 "give --data, and --listen with a numeric address and a port, like 0.0.0.0:7300"};
  TRY(lockable());
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
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.passphrase_file)), entropy);
  const auto file =
      TRY(keys::FileRootHolder::open(disk, keys::RootFile{options.data}, wrapping.get()));
  TRY(file->read());  // a wrong passphrase is said at the start, not to a server that asks
  holder::Pairings pairings(disk, clock, options.data, pairing_turn(options.data));
  const auto fence = TRY(open_fence(disk, options.data));
  holder::RootPart root(*file, *fence);
  // Apart from the root beside it: each is replaced by its own commits.
  holder::ReplicaPart replica(disk, clock, replica_of(options.data), wrapping.get(), fence.get());
  if (const auto opened = replica.recover(); !opened.ok()) {
    if (opened.code() == Code::denied) return opened.error();  // as above
    log.error("the replica cannot be served", {{"why", opened.error()}});
  }
  holder::Dispatch dispatch(root, &replica);
  holder::Server::Options where;
  where.address = endpoint->address;
  where.port = endpoint->port;
  std::uint64_t damaged = 0;
  const auto tick = [&]() -> Result<void> {
    auto ticked = replica.tick();
    if (std::exchange(damaged, replica.pages_damaged()) < replica.pages_damaged())
      log.error("pages of the replica's keys do not open", {{"pages", replica.pages_damaged()}});
    return ticked;
  };
  const auto server =
      TRY(holder::Server::bind(where, {identity, pairings, dispatch, steady, log, tick}));
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
  shown.code = TRY(holder::Pairings(disk, clock, data, pairing_turn(data)).issue(entropy));
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
  const std::string root = root_of(options);
  if (TRY(disk.exists(options.data + "/store.db")) && !TRY(disk.exists(root)))
    return Error{Code::invalid, "the root directory is not there (give it by --root)"};
  TRY_AS(disk.make_directory(root), "cannot make the root directory");
  const auto lock =
      TRY_AS(base::LockFile::take(root + "/holders.lock"), "another command pairs a holder here");
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.passphrase_file)), entropy);
  const auto identity = TRY(holder::caller_identity(disk, entropy, root, wrapping.get()));
  base::Dialer dialer(wait, dial_arguments(), place);
  const auto key = TRY(holder::pair(
      identity, [&](base::Duration at_most) { return dialer.dial(at_most); }, secret, steady));
  TRY(holder::add_known(disk, entropy, root, {options.name, place, key}));
  fmt::print("Paired with {}, whose key is {}\n", options.name, base::base32(key));
  return {};
}

struct Kept {
  std::vector<base::PublicKey> servers;
  bool serves_a_tree = false;
  std::optional<holder::RootLook> root;
  std::optional<holder::ReplicaLook> replica;
};

Result<Kept> look(const std::string& data) {
  base::RealDisk disk;
  base::SystemClock clock;
  if (!TRY(disk.exists(data + "/holder.key")))
    return Error{Code::missing, "no holder has been started in this directory"};
  holder::Pairings pairings(disk, clock, data);
  Kept kept;
  kept.servers = TRY(pairings.keys());
  kept.serves_a_tree = TRY(pairings.tree()).has_value();
  kept.root = TRY(holder::look_at_root(disk, data));
  kept.replica = TRY_AS(holder::look_at_replica(disk, replica_of(data)), "the replica");
  return kept;
}

nlohmann::ordered_json epoch_json(std::optional<std::uint64_t> epoch) {
  return epoch ? nlohmann::ordered_json(*epoch) : nlohmann::ordered_json();
}

std::string epoch_text(std::optional<std::uint64_t> epoch) {
  return epoch ? std::to_string(*epoch) : "hidden by the passphrase";
}

nlohmann::ordered_json scrubbed_json(const holder::ReplicaLook& replica) {
  return replica.scrubbed ? nlohmann::ordered_json(base::rfc3339(*replica.scrubbed))
                          : nlohmann::ordered_json();
}

void print_json(const Kept& kept) {
  nlohmann::ordered_json json;
  json["servers"] = nlohmann::ordered_json::array();
  for (const auto& key : kept.servers) json["servers"].push_back(base::base32(key));
  json["serves_a_tree"] = kept.serves_a_tree;
  json["root"] = nullptr;
  if (kept.root) json["root"] = {{"epoch", epoch_json(kept.root->epoch)}};
  json["replica"] = nullptr;
  if (kept.replica)
    json["replica"] = {{"epoch", epoch_json(kept.replica->epoch)},
                       {"leaves", kept.replica->leaves},
                       {"last_contact", base::rfc3339(kept.replica->contact)},
                       {"open_intents", kept.replica->open_intents},
                       {"pages_damaged", kept.replica->pages_damaged},
                       {"leaves_looked_at", scrubbed_json(*kept.replica)},
                       {"incarnation", kept.replica->incarnation}};
  fmt::print("{}\n", json.dump());
}

void print_text(const Kept& kept) {
  for (const auto& key : kept.servers) fmt::print("paired   {}\n", base::base32(key));
  if (kept.servers.empty())
    fmt::print("no server is paired: `holder pair` prints a code for one\n");
  if (kept.root)
    fmt::print("root     epoch {}, or a share of it: {}.\n", epoch_text(kept.root->epoch),
               holder::kLosingAShare.c_str());
  if (kept.replica)
    fmt::print("replica  epoch {}, {} entries of the log, a server heard {}, {} erasures open\n",
               epoch_text(kept.replica->epoch), kept.replica->leaves,
               base::rfc3339(kept.replica->contact), kept.replica->open_intents);
  if (kept.replica && kept.replica->pages_damaged > 0)
    fmt::print(
        "         {} pages of its keys do not open: its server is asked for the whole tree again\n",
        kept.replica->pages_damaged);
  if (!kept.root && !kept.replica) fmt::print("It keeps nothing yet.\n");
}

Result<void> print_status(const HolderOptions& options) {
  const Kept kept = TRY(look(options.data));
  options.json ? print_json(kept) : print_text(kept);
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
  return holder::Pairings(disk, clock, options.data, pairing_turn(options.data)).forget(key);
}

/// Of the holder's root and of its replica's.
Result<void> change_passphrases(base::Disk& disk, const HolderOptions& options) {
  bool any = false;
  for (const std::string& directory : {options.data, replica_of(options.data)}) {
    const auto root = TRY(holder::look_at_root(disk, directory));
    if (!root) continue;
    any = true;
    TRY(change_passphrase(disk, keys::RootFile{directory},
                          {options.old_passphrase_file, options.passphrase_file}));
  }
  if (!any) return Error{Code::missing, "this holder keeps no root and no replica yet"};
  return {};
}

}  // namespace

int holder_passphrase(const HolderOptions& options) {
  base::RealDisk disk;
  const auto change = [&]() -> Result<void> {
    TRY(lockable());
    if (!TRY(disk.exists(options.data + "/holder.key")))
      return Error{Code::missing, "no holder has been started in this directory"};
    const auto lock = TRY_AS(base::LockFile::take(options.data + "/lock"),
                             "the holder is running: stop it first");
    return change_passphrases(disk, options);
  };
  const auto changed = change();
  if (!changed.ok()) return failed("holder passphrase", changed.error());
  fmt::print("{}\n", what_wraps(options.passphrase_file));
  return 0;
}

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

std::vector<std::string> hosts_of(const holder::Choice& choice, const std::string& root) {
  base::RealDisk disk;
  const auto known = holder::read_known(disk, root);
  std::vector<std::string> hosts;
  // What is wrong with it, or with the choice, opening says with its own words.
  if (!known.ok()) return hosts;
  for (const holder::Place& place : choice.places)
    if (const holder::Known* one = known->find(place.name)) hosts.push_back(one->place.host);
  return hosts;
}

std::optional<base::Literal> root_warning(const ServeOptions& options) {
  base::RealDisk disk;
  const auto choice = holder::remembered_choice(disk, root_of(options));
  return choice.ok() ? holder::warning_of(*choice) : std::nullopt;
}

std::vector<std::string> holder_hosts(const ServeOptions& options) {
  base::RealDisk disk;
  const std::string root = root_of(options);
  const auto choice = options.root_holder.empty() ? holder::remembered_choice(disk, root)
                                                  : holder::parse_choice(options.root_holder);
  if (!choice.ok()) return {};
  std::vector<std::string> hosts = hosts_of(*choice, root);
  const auto known = holder::read_known(disk, root);
  if (!known.ok()) return hosts;
  for (const holder::Known& one : known->all)
    if (one.replicates == holder::Replicates::yes &&
        std::ranges::find(hosts, one.place.host) == hosts.end())
      hosts.push_back(one.place.host);
  return hosts;
}

std::vector<std::string> replica_objections(const ServeOptions& options) {
  std::vector<std::string> reasons;
  if (!options.no_replica) return reasons;
  base::RealDisk disk;
  const auto known = holder::read_known(disk, root_of(options));
  if (!known.ok()) return reasons;  // opening the root says it with its own words
  for (const holder::Known& one : known->all)
    if (one.replicates == holder::Replicates::yes)
      reasons.push_back("--no-replica: the holder " + one.name +
                        " follows this server; leave the option out, or end that (holder retire)");
  return reasons;
}

Result<std::unique_ptr<keys::RootHolder>> open_root(base::Disk& disk, const std::string& root,
                                                    const std::string& passphrase_file) {
  const auto choice = TRY(holder::remembered_choice(disk, root));
  // A look makes nothing: opening a file would make an empty one.
  if (holder::in_a_file(choice) && !TRY(disk.exists(holder::file_of(root, choice).path())))
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
  const PassphraseWrapping wrapping(TRY(read_passphrase(passphrase_file)), reached->entropy);
  reached->inner = TRY(holder::open_primary(
      {disk, reached->wait, reached->entropy, reached->steady, dial_arguments(), wrapping.get()},
      root, "", holder::Tree::is_there));
  return std::unique_ptr<keys::RootHolder>(std::move(reached));
}

}  // namespace app
