#include "tests/forensics/life.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "tests/support/canaries.h"
#include "tests/support/json.h"

namespace forensics {
namespace {

using namespace support;

constexpr std::uint64_t kVolumeBytes = 1 << 30;
constexpr std::uint64_t kOutboxBytes = 64 << 20;
constexpr std::size_t kLetters = 14;
constexpr std::size_t kPeople = 40;
constexpr std::size_t kFiles = 40;  // of each
constexpr std::size_t kWordsInFile = 5;
constexpr std::size_t kThreads = 8;  // they mostly wait
constexpr std::size_t kLeavers = 6;
// Freed memory is overwritten, as a careful allocator does: what is found afterwards was never
// freed.
const char* const kOverwriteFreed =
    "GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";

void expect(const char* what, int status, std::initializer_list<int> good) {
  if (std::ranges::find(good, status) == good.end())
    throw std::runtime_error(std::string(what) + ": " + std::to_string(status));
}

/// `work(i)` for each i below `count`, on several threads; the first failure is thrown.
template <class Work>
void in_parallel(std::size_t count, const Work& work) {
  std::mutex guard;
  std::size_t next = 0;
  std::exception_ptr failed;
  const auto run = [&] {
    while (true) {
      std::size_t mine = 0;
      {
        const std::lock_guard lock(guard);
        if (next == count || failed) return;
        mine = next++;
      }
      try {
        work(mine);
      } catch (...) {
        const std::lock_guard lock(guard);
        failed = std::current_exception();
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) threads.emplace_back(run);
  for (std::thread& thread : threads) thread.join();
  if (failed) std::rethrow_exception(failed);
}

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += text;
  return out;
}

}  // namespace

const char* to_string(Kind kind) {
  switch (kind) {
    case Kind::name:
      return "a name";
    case Kind::address:
      return "an address";
    case Kind::password:
      return "a password";
    case Kind::secret:
      return "a session or a code";
    case Kind::folder:
      return "a folder";
    case Kind::file_name:
      return "a file's name";
    case Kind::content:
      return "content";
  }
  return "";
}

Life::Life() {
  Served::How how;
  how.environment = {kOverwriteFreed};
  if (no_volumes().empty()) {
    volume_.emplace(Volume::Kind::ext4, kVolumeBytes);
    how.below = volume_->path();
  }
  server_ = std::make_unique<Served>(how);
  if (volume_) {  // before the first mail is written
    server_->stop();
    mount_memory(outbox(), kOutboxBytes);
    server_->start();
  }
}

/// Letters that stand nowhere else, from a seed: Kqzvwrtbnxgmvd.
std::string Life::word(Kind kind) {
  std::string text;
  const std::lock_guard lock(guard_);
  std::mt19937_64 random(0x5ca1ab1e + ++drawn_);
  for (std::size_t i = 0; i < kLetters; ++i)
    text.push_back(static_cast<char>((i == 0 ? 'A' : 'a') + static_cast<char>(random() % 26)));
  words_.push_back({text, kind});
  return text;
}

void Life::note(const std::string& text, Kind kind) {
  const std::lock_guard lock(guard_);
  words_.push_back({text, kind});
}

Person Life::person() {
  Person who;
  who.name = word(Kind::name) + " " + word(Kind::name);
  who.email = word(Kind::address) + "@" + word(Kind::address) + ".example";
  who.password = word(Kind::password) + " " + word(Kind::password);
  return who;
}

Browser Life::sign_up(const Person& who) {
  Browser her = server_->browser();
  expect("sign-up", Served::sign_up(her, who).status, {202});
  std::string token;
  {
    const std::lock_guard lock(guard_);
    token = server_->next_mail("verify", who.email).token();
  }
  note(token, Kind::secret);
  expect("verify", Served::verify(her, token, who).status, {200});
  log_in(her, who);
  return her;
}

void Life::log_in(Browser& her, const Person& who) {
  expect("login", Served::log_in(her, who).status, {200});
  note(her.cookies().at(0).value, Kind::secret);
}

void Life::keep_files(Browser& her, std::size_t files) {
  std::string folder;
  for (std::size_t n = 0; n < files; ++n) {
    if (n % 16 == 0) folder = word(Kind::folder);
    const std::string path = "/v1/files/" + folder + "/" + word(Kind::file_name) + ".txt";
    // Every so often a long one, of many chunks.
    const std::size_t bytes = n % 31 == 7 ? 900'000 : 400 + 977 * (n % 16);
    std::string body = repeated(word(Kind::content) + " is what nobody knows. ", bytes);
    for (std::size_t i = 1; i < kWordsInFile; ++i) body += word(Kind::content) + "; ";
    expect("put", her.request("PUT", path, body, {{"Content-Type", "text/plain"}}).status, {201});
    if (n % 8 == 0) expect("get", her.get(path).status, {200});
    if (n % 16 == 5) expect("delete", her.request("DELETE", path).status, {204});
    if (n % 16 == 9)
      expect("replace", her.request("PUT", path, word(Kind::content) + " is newer").status, {200});
  }
  her.get("/files/" + folder);
  her.get("/v1/account");
}

void Life::join(std::size_t people, std::size_t files) {
  const std::size_t from = people_.size();
  for (std::size_t i = 0; i < people; ++i) people_.push_back(person());
  in_parallel(people, [&](std::size_t i) {
    Browser her = sign_up(people_[from + i]);
    keep_files(her, files);
  });
}

void Life::kill_amid_upload(const Person& who) {
  Browser her = server_->browser();
  log_in(her, who);
  const std::string path = "/v1/files/" + word(Kind::folder) + "/" + word(Kind::file_name);
  const std::string body = repeated(word(Kind::content) + " is half there. ", 24 << 20);
  std::thread sending([&] { her.request("PUT", path, body); });
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  server_->kill();
  sending.join();
}

KeySet Life::note_keys() {
  // A sweep may be committing: then a page does not fit, and a moment later it does.
  for (int left = 20;; --left) try {
      KeySet now = read_keys(server_->data(), server_->root());
      masters_ever_.insert(now.masters.begin(), now.masters.end());
      roots_ever_.insert(now.root);
      return now;
    } catch (const std::exception&) {
      if (left == 0) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

void Life::cancel(std::size_t people) {
  for (std::size_t i = 0; i < people; ++i) {
    const Person who = people_.front();
    people_.erase(people_.begin());
    Browser her = server_->browser();
    log_in(her, who);
    expect("cancel", Served::cancel(her, who).status, {200});
    note_keys();
    ++erased_;
  }
}

void Life::back_up_and_restore() {
  const auto demand = [](const Outcome& outcome) {
    if (outcome.code != 0)
      throw std::runtime_error("exit " + std::to_string(outcome.code) + ": " + outcome.err);
  };
  demand(run({"backup", backup(), "--data", server_->data()}));
  before_ = note_keys();
  cancel(kLeavers);  // whom the backup knows
  server_->stop();
  demand(run({"restore", backup(), "--data", server_->data()}));
  server_->start();
}

void Life::live() {
  join(kPeople / 2, kFiles);
  note_keys();
  kill_amid_upload(people_.back());
  server_->start();
  cancel(2);
  join(kPeople / 2, kFiles);
  server_->restart();
  note_keys();
  back_up_and_restore();
  note_keys();
  kill_amid_upload(people_.back());
  server_->start();
}

void Life::visit() {
  in_parallel(4, [&](std::size_t i) {
    const Person& who = people_[people_.size() - 1 - i];
    Browser her = server_->browser();
    log_in(her, who);
    her.get("/v1/account");
    her.get("/files");
    const Reply all = her.get("/v1/files/");
    for (const std::string& at : all.keys("/entries")) {
      const std::string folder = all.at("/entries/" + at + "/name");
      const Reply below = her.get("/v1/files/" + folder + "/");
      for (const std::string& each : below.keys("/entries"))
        her.get("/v1/files/" + folder + "/" + below.at("/entries/" + each + "/name"));
      expect("put", her.request("PUT", "/v1/files/" + folder + "/again", below.body).status,
             {200, 201});
      expect("delete", her.request("DELETE", "/v1/files/" + folder + "/again").status, {204});
    }
  });
}

void Life::other_requests(int count) {
  const Person nobody{"Kari Nordmann", "kari@example.com"};
  Browser hers = server_->browser();
  if (Served::log_in(hers, nobody).status != 200) hers = server_->account(nobody);
  std::vector<Browser> connections;
  for (int i = 0; i < 8; ++i) {
    connections.push_back(server_->browser());
    expect("login", Served::log_in(connections.back(), nobody).status, {200});
  }
  const std::string body = repeated("nothing in particular. ", 20'000);
  in_parallel(connections.size(), [&](std::size_t i) {
    Browser& each = connections[i];
    for (int n = static_cast<int>(i); n < count; n += static_cast<int>(connections.size())) {
      const std::string path = "/v1/files/letters/letter" + std::to_string(n % 24);
      switch (n % 6) {
        case 0:
        case 1:
          expect("put", each.request("PUT", path, body).status, {200, 201});
          break;
        case 2:
          expect("get", each.get(path).status, {200, 404});
          break;
        case 3:
          expect("list", each.get("/v1/files/").status, {200});
          break;
        case 4:
          expect("account", each.get("/v1/account").status, {200});
          break;
        default:
          expect("page", each.get("/notice").status, {200});
      }
    }
  });
}

void Life::end() {
  if (server_->running()) server_->stop();
  if (!volume_) return;
  unmount(outbox());
  volume_->unmount();
}

}  // namespace forensics
