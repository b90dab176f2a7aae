// A whole life of a server, full of canaries: people who sign up, keep files under words that stand
// nowhere else, leave, come back from a backup; with kills and restarts. Owns the server, the
// volume it lies on, and every word that went in.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/forensics/owner_keys.h"
#include "tests/support/served.h"
#include "tests/support/volume.h"

namespace forensics {

enum class Kind { name, address, password, secret, folder, file_name, content };
const char* to_string(Kind kind);

struct Word {
  std::string text;
  Kind kind = Kind::name;
};

class Life {
 public:
  /// Serves on a volume of its own where one can be had, else on a plain directory.
  Life();

  /// The whole of it: some ten thousand words go in. Ends with the server running.
  void live();
  bool on_volume() const { return volume_.has_value(); }
  support::Volume& volume() { return *volume_; }
  support::Served& server() { return *server_; }
  std::string backup() const { return server_->path("backup"); }
  /// Delivered mails: they have left us.
  std::string outbox() const { return server_->data() + "/outbox"; }
  /// Ends the server and takes the volume off, so that its image is whole.
  void end();

  const std::vector<Word>& words() const { return words_; }
  const std::set<std::string>& masters_ever() const { return masters_ever_; }
  const std::set<std::string>& roots_ever() const { return roots_ever_; }
  const KeySet& keys_before_erasures() const { return before_; }
  std::size_t people() const { return people_.size(); }
  std::size_t erased() const { return erased_; }
  /// Somebody who stays.
  const support::Person& somebody() const { return people_.back(); }

  /// So many requests of people without canaries, on several connections.
  void other_requests(int count);
  /// Some of those who stay come, look at what they have, write, and go.
  void visit();
  /// So many of them leave, one after the other.
  void cancel(std::size_t people);
  /// Notes the keys in force. Nothing may be under way.
  KeySet note_keys();

 private:
  std::string word(Kind kind);
  void note(const std::string& text, Kind kind);
  support::Person person();
  support::Browser sign_up(const support::Person& who);
  void log_in(support::Browser& her, const support::Person& who);
  void keep_files(support::Browser& her, std::size_t files);
  /// So many new people, each with so many files.
  void join(std::size_t people, std::size_t files);
  void kill_amid_upload(const support::Person& who);
  void back_up_and_restore();

  std::optional<support::Volume> volume_;
  std::unique_ptr<support::Served> server_;
  std::vector<Word> words_;
  std::vector<support::Person> people_;
  std::set<std::string> masters_ever_;
  std::set<std::string> roots_ever_;
  KeySet before_;
  std::size_t erased_ = 0;
  std::uint64_t drawn_ = 0;
  std::mutex guard_;  // of words_, drawn_ and the server's mails
};

}  // namespace forensics
