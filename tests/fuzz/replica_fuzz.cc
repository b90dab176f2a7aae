// What a server gone bad may ask of a replica: a sequence of requests, each a byte for the method,
// two for the size, and the body. And what a replica gone bad may answer to who asks it.

#include "base/clock.h"
#include "base/faulty_disk.h"
#include "holder/replica.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  base::ManualClock clock{base::Time(std::chrono::seconds(1'800'000'000))};
  auto replica = holder::Replica::open(disk, clock, "replica").value();
  base::Reader in(base::View(data, size));
  while (true) {
    const auto method = in.u8();
    const auto length = in.u16();
    if (!method.ok() || !length.ok()) break;
    const auto body = in.take(std::min<std::size_t>(*length, in.rest().size()));
    (void)replica->handle(static_cast<holder::Method>(*method), *body).ok();
  }
  const base::View answer(data, size);
  (void)holder::parse_status(answer).ok();
  if (const auto offer = holder::parse_offer(answer); offer.ok())
    CHECK(!offer->root || holder::serves(offer->verdict));
  if (const auto pages = holder::parse_fetched_pages(answer); pages.ok())
    CHECK(pages->next == 0 || pages->next > pages->pages.back().page);
  (void)holder::parse_fetched_leaves(answer).ok();
  replica.reset();
  CHECK(holder::Replica::open(disk, clock, "replica").ok());
  return 0;
}
