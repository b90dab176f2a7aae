#include "app/outside.h"

#include "app/smtp_options.h"
#include "base/child.h"
#include "base/disk.h"
#include "holder/known.h"

namespace app {

base::Words dial_arguments() { return {"dial-for-parent"}; }
base::Words mail_arguments() { return {"mail-for-parent"}; }
base::Words outside_arguments() { return {"outside-for-parent"}; }

std::vector<base::Words> outside_words(const ServeOptions& options) {
  std::vector<base::Words> words;
  base::RealDisk disk;
  const std::string root = root_of(options);
  // What is wrong with the file, opening the root says with its own words.
  if (const auto known = holder::read_known(disk, root); known.ok())
    for (const holder::Known& one : known->all)
      words.push_back(base::dialer_words(dial_arguments(), one.place));
  if (const auto server = smtp_server(options.smtp))
    words.push_back(egress::smtp_words(mail_arguments(), *server));
  return words;
}

base::Result<std::unique_ptr<base::Outside>> open_outside(base::Wait& wait,
                                                          const ServeOptions& options) {
  return TRY_AS(base::Outside::open(wait, outside_arguments(), outside_words(options)),
                "cannot start the process that connects to other hosts");
}

}  // namespace app
