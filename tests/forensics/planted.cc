#include "tests/forensics/planted.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/canaries.h"
#include "tests/support/files.h"

namespace forensics {
namespace {

using namespace support;

std::string every_form(const std::string& word) {
  std::string all;
  for (const Form& form : forms_of(word)) all += form.bytes + "\n";
  return all;
}

/// To the disk, as a crash would find it.
void sync_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 || ::syncfs(file) != 0) throw std::runtime_error("cannot sync " + path);
  ::close(file);
}

class Database {
 public:
  explicit Database(const std::string& path) {
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK)
      throw std::runtime_error("no database");
  }
  ~Database() { sqlite3_close(database_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  void run(const std::string& sql) {
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(database_));
  }
  void put(const std::string& bytes) {
    sqlite3_stmt* row = nullptr;
    sqlite3_prepare_v2(database_, "INSERT INTO kept VALUES (?)", -1, &row, nullptr);
    sqlite3_bind_blob(row, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    const int done = sqlite3_step(row);
    sqlite3_finalize(row);
    if (done != SQLITE_DONE) throw std::runtime_error("no row");
  }

 private:
  sqlite3* database_ = nullptr;
};

void plant_deleted_row(const std::string& path, const std::string& word) {
  Database database(path);
  database.run("PRAGMA secure_delete = OFF; CREATE TABLE kept (bytes BLOB)");
  database.put(std::string(9000, 'x') + every_form(word));  // on pages of its own
  database.run("DELETE FROM kept");
}

void plant_logged_row(const std::string& path, const std::string& word) {
  Database database(path);
  database.run("PRAGMA journal_mode = WAL; CREATE TABLE kept (bytes BLOB)");
  database.put(every_form(word));
  copy(path + "-wal", path + ".log");  // closing empties it
}

}  // namespace

std::vector<Planted> plant(const std::string& directory, const std::string& backup) {
  const std::vector<Planted> planted = {
      {"a file", "Kanarifileqxvzj"},         {"a file's name", "Kanarinameqxvzj", false},
      {"a deleted row", "Kanarifreepqxvzj"}, {"a write-ahead log", "Kanariwalogqxvzj"},
      {"a backup", "Kanaribackupqxvzj"},     {"a deleted file", "Kanarideletedqxvzj", true, false},
  };
  write_file(directory + "/file", every_form(planted[0].word));
  write_file(directory + "/" + planted[1].word, "nothing");
  plant_deleted_row(directory + "/rows", planted[2].word);
  plant_logged_row(directory + "/logged", planted[3].word);
  write_file(backup + "/chunks/planted", every_form(planted[4].word));
  write_file(directory + "/deleted", every_form(planted[5].word));
  sync_file(directory + "/deleted");
  remove(directory + "/deleted");
  return planted;
}

HeldRequest::HeldRequest(const std::string& port, const std::string& word)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Held: " + word;
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ||
      ::send(socket_, head.data(), head.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(head.size()))
    throw std::runtime_error("cannot hold a request");
}
HeldRequest::~HeldRequest() { ::close(socket_); }

}  // namespace forensics
