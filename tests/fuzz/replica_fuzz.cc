// What a server gone bad may ask of a replica: a sequence of requests, each a byte for the method,
// two for the size, and the body.

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
  (void)holder::parse_status(base::View(data, size)).ok();
  replica.reset();
  CHECK(holder::Replica::open(disk, clock, "replica").ok());
  return 0;
}
