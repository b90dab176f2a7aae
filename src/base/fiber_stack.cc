#include "base/fiber_stack.h"

#include <cxxabi.h>
#include <pthread.h>

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <utility>

#include "base/result.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#define BASE_FIBER_ASAN
#elif __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define BASE_FIBER_TSAN
#endif
#endif

namespace base {
namespace {

// A page below it is not mapped: running out crashes at once. Frames are larger under sanitizers.
#if defined(BASE_FIBER_ASAN) || defined(BASE_FIBER_TSAN)
constexpr std::size_t kStackBytes = 2UL << 20;
#else
constexpr std::size_t kStackBytes = 512UL << 10;
#endif

/// The C++ runtime keeps what is being thrown or caught in one place a thread (Itanium C++ ABI,
/// 2.2.2). Fibers that switch inside a handler or a destructor would mix theirs up.
struct Exceptions {
  void* caught = nullptr;
  unsigned int uncaught = 0;

  void swap() noexcept {
    auto* globals = reinterpret_cast<Exceptions*>(abi::__cxa_get_globals());
    std::swap(caught, globals->caught);
    std::swap(uncaught, globals->uncaught);
  }
};

/// What a sanitizer wants to know of one side of a switch.
class Side {
 public:
#if defined(BASE_FIBER_ASAN)
  void set(const void* lowest, std::size_t size) {
    lowest_ = lowest;
    size_ = size;
  }
  void set_own_thread() {
    pthread_attr_t attributes;
    void* lowest = nullptr;
    CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
    CHECK(pthread_attr_getstack(&attributes, &lowest, &size_) == 0);
    pthread_attr_destroy(&attributes);
    lowest_ = lowest;
  }
  /// Just before the switch from this side to `other`.
  void before(const Side& other, bool last) {
    __sanitizer_start_switch_fiber(last ? nullptr : &fake_, other.lowest_, other.size_);
  }
  /// First thing on this side after a switch to it.
  void after() { __sanitizer_finish_switch_fiber(fake_, nullptr, nullptr); }

 private:
  void* fake_ = nullptr;
  const void* lowest_ = nullptr;
  std::size_t size_ = 0;
#elif defined(BASE_FIBER_TSAN)
  ~Side() {
    if (own_) __tsan_destroy_fiber(fiber_);
  }
  void set(const void*, std::size_t) {
    fiber_ = __tsan_create_fiber(0);
    own_ = true;
  }
  void set_own_thread() { fiber_ = __tsan_get_current_fiber(); }
  void before(const Side& other, bool) { __tsan_switch_to_fiber(other.fiber_, 0); }
  void after() {}

 private:
  void* fiber_ = nullptr;
  bool own_ = false;
#else
  void set(const void*, std::size_t) {}
  void set_own_thread() {}
  void before(const Side&, bool) {}
  void after() {}
#endif
};

/// Boost allocates its record on the stack it is given and frees both together.
struct Lent {
  boost::context::stack_context stack;
  boost::context::stack_context allocate() const { return stack; }
  void deallocate(boost::context::stack_context&) const noexcept {}
};

}  // namespace

struct FiberStack::State {
  std::function<void()> body;
  boost::context::protected_fixedsize_stack allocator{kStackBytes};
  boost::context::stack_context stack;
  boost::context::fiber inside;   // where to go on, while outside
  boost::context::fiber outside;  // where to go back, while inside
  Side inner;
  Side outer;
  Exceptions exceptions;  // of the side that does not run
  bool begun = false;
  bool ended = false;

  void begin();
};

void FiberStack::State::begin() {
  begun = true;
  outer.set_own_thread();
  stack = allocator.allocate();
  inner.set(static_cast<const char*>(stack.sp) - stack.size, stack.size);
#if defined(BASE_FIBER_ASAN)
  // Boost runs a few instructions on the new stack already here. Between these two calls frames
  // are not taken from the thread's own fake stack, which would free them behind Boost's back.
  outer.before(outer, false);
#endif
  inside = boost::context::fiber(
      std::allocator_arg, boost::context::preallocated(stack.sp, stack.size, stack), Lent{stack},
      [this](boost::context::fiber&& from) {
        inner.after();
        outside = std::move(from);
        body();
        body = nullptr;  // what it holds goes while the fiber still is one
        ended = true;
        exceptions.swap();
        inner.before(outer, true);
        return std::move(outside);
      });
#if defined(BASE_FIBER_ASAN)
  outer.after();
#endif
}

FiberStack::FiberStack(std::function<void()> body) : state_(std::make_unique<State>()) {
  state_->body = std::move(body);
}

FiberStack::~FiberStack() {
  CHECK(!state_->begun || state_->ended);
  if (!state_->begun) return;
  state_->inside = {};
  state_->allocator.deallocate(state_->stack);
}

void FiberStack::enter() {
  State& s = *state_;
  CHECK(!s.ended);
  if (!s.begun) s.begin();
  s.exceptions.swap();
  s.outer.before(s.inner, false);
  s.inside = std::move(s.inside).resume();
  s.outer.after();
}

void FiberStack::leave() {
  State& s = *state_;
  s.exceptions.swap();
  s.inner.before(s.outer, false);
  s.outside = std::move(s.outside).resume();
  s.inner.after();
}

bool FiberStack::ended() const noexcept { return state_->ended; }

}  // namespace base
