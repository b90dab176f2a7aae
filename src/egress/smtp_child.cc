// The child that hands mails over, by libcurl: the only place of the program that speaks SMTP.
#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "egress/smtp.h"
#include "egress/smtp_message.h"

namespace egress {
namespace {

constexpr long kConnectSeconds = 15;
constexpr long kWholeSeconds = 60;
constexpr long kIdleSeconds = 30;  // how long a connection is kept for the next mail

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// How far a conversation came, and what was said last.
struct Progress {
  enum class Stage : std::uint8_t { before, recipient, data };
  Stage stage = Stage::before;
  Delivery last;
  bool ending = false;  // what is said to QUIT tells nothing
  base::View left;      // of the mail
};

int watch(CURL*, curl_infotype kind, char* text, std::size_t size, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  const std::string_view line(text, size);
  if (kind == CURLINFO_HEADER_OUT) {
    if (line.starts_with("RCPT ")) progress.stage = Progress::Stage::recipient;
    if (line.starts_with("QUIT")) progress.ending = true;
  } else if (kind == CURLINFO_HEADER_IN && !progress.ending) {
    // Only the last line of a reply has a space behind the code.
    if (line.size() > 3 && line[3] == ' ') progress.last = read_reply(line);
    if (progress.last.reply == 354) progress.stage = Progress::Stage::data;
  }
  return 0;
}

std::size_t give(char* into, std::size_t size, std::size_t count, void* context) {
  auto& left = static_cast<Progress*>(context)->left;
  const std::size_t taken = std::min(size * count, left.size());
  std::copy_n(left.begin(), taken, into);
  left = left.subspan(taken);
  return taken;
}

/// What a conversation that ended so means for the letter.
Delivery judge(CURLcode ended, const Progress& progress) {
  Delivery delivery = progress.last;
  const std::uint16_t reply = delivery.reply;
  if (ended == CURLE_OK) {
    delivery.outcome = Outcome::accepted;
  } else if (reply == 354) {
    // The mail was on its way, and nothing was said after it.
    delivery = {Outcome::unknown};
  } else if (progress.stage == Progress::Stage::before || reply == 421) {
    // Not reached, not as whom we come, or not from our address: no letter would fare better.
    delivery.outcome = Outcome::unreachable;
  } else {
    delivery.outcome = reply >= 500 ? Outcome::refused : Outcome::later;
  }
  return delivery;
}

class Courier {
 public:
  Courier(const std::string& security, const base::Place& place)
      : security_(security), place_(place), easy_(curl_easy_init()) {}

  Delivery hand_over(const Handover& handover) {
    if (easy_ == nullptr) return {Outcome::unreachable};
    curl_easy_reset(easy_.get());  // its connection stays
    const std::unique_ptr<curl_slist, FreeList> to(
        curl_slist_append(nullptr, ("<" + std::string(base::text(handover.to)) + ">").c_str()));
    Progress progress;
    progress.left = handover.mail;
    if (to == nullptr || !prepare(handover, to.get(), progress)) return {Outcome::unreachable};
    return judge(curl_easy_perform(easy_.get()), progress);
  }

 private:
  template <class Value>
  bool set(CURLoption option, Value value) {
    return curl_easy_setopt(easy_.get(), option, value) == CURLE_OK;
  }

  bool prepare(const Handover& handover, curl_slist* to, Progress& progress) {
    const bool six = place_.host.find(':') != std::string::npos;
    const std::string from(base::text(handover.from));
    // What stands behind the place is how we greet.
    const std::string url = (security_ == "tls" ? "smtps://" : "smtp://") +
                            (six ? "[" + place_.host + "]" : place_.host) + ":" + place_.port +
                            "/" + from.substr(from.rfind('@') + 1);
    const long use_tls = security_ == "loopback" ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    return set(CURLOPT_URL, url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           set(CURLOPT_PROXY, "") && set(CURLOPT_NOSIGNAL, 1L) &&
           set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds) && set(CURLOPT_TIMEOUT, kWholeSeconds) &&
           set(CURLOPT_MAXAGE_CONN, kIdleSeconds) && set(CURLOPT_USE_SSL, use_tls) &&
           set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
           set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
           prepare_access(handover) && set(CURLOPT_MAIL_FROM, ("<" + from + ">").c_str()) &&
           set(CURLOPT_MAIL_RCPT, to) && set(CURLOPT_UPLOAD, 1L) &&
           set(CURLOPT_READFUNCTION, give) && set(CURLOPT_READDATA, &progress) &&
           set(CURLOPT_VERBOSE, 1L) && set(CURLOPT_DEBUGFUNCTION, watch) &&
           set(CURLOPT_DEBUGDATA, &progress);
  }

  bool prepare_access(const Handover& handover) {
    if (!handover.authorities.empty()) {
      curl_blob pem{const_cast<std::uint8_t*>(handover.authorities.data()),
                    handover.authorities.size(), CURL_BLOB_COPY};
      if (!set(CURLOPT_CAINFO_BLOB, &pem)) return false;
    }
    if (handover.user.empty()) return true;
    const std::string user(base::text(handover.user));
    std::string password(base::text(handover.password));
    const bool done =
        set(CURLOPT_USERNAME, user.c_str()) && set(CURLOPT_PASSWORD, password.c_str());
    base::wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
    return done;
  }

  std::string security_;
  base::Place place_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace

int mail_for_parent(const base::Words& words) {
  if (words.size() != 3 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 1;
  Courier courier(words[0], {words[1], words[2]});
  return base::do_errands([&](base::View question) {
    const auto handover = parse_handover(question);
    return encode(handover.ok() ? courier.hand_over(*handover) : Delivery{Outcome::refused});
  });
}

}  // namespace egress
