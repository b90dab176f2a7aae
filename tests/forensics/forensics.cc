// What is left of ten thousand words and of every owner's key: in files, free pages, write-ahead
// logs, backups, the raw image of the file system and the memory of the process. Each search also
// has to find what was planted for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/secret_bytes.h"
#include "tests/forensics/life.h"
#include "tests/forensics/memory.h"
#include "tests/forensics/planted.h"
#include "tests/forensics/search.h"

using namespace support;
using namespace forensics;

namespace {

TEST(Search, FindsEveryFormWhereverItStands) {
  TemporaryDirectory place;
  Search search;
  search.add_text("Kanariabcdefgh");
  search.add_text("Kanarizyxwvuts");
  search.add_key(std::string("\x01\x02\x03\x80\xff") + "a key of thirty-two bytes..");
  search.prepare();
  // Every form stands once, the longest of them over the seam of two pieces, in a file with holes.
  std::string bytes(9 << 20, '\0');
  std::size_t at = 4096 * 3 + 1;
  std::map<std::uint64_t, std::string> expected;
  for (const char* word : {"Kanariabcdefgh", "Kanarizyxwvuts"})
    for (const Form& form : forms_of(word)) {
      bytes.replace(at, form.bytes.size(), form.bytes);
      expected[at] = form.encoding;
      at += form.bytes.size() + 3;
    }
  const std::string seam = "Kanariabcdefgh";
  bytes.replace((4 << 20) - 5, seam.size(), seam);
  expected[(4 << 20) - 5] = "plain text";
  write_file(place.path() + "/file", bytes);
  std::map<std::uint64_t, std::string> found;
  scan_file(search, place.path() + "/file",
            [&](const Hit& hit) { found[hit.at] = std::string(hit.encoding); });
  for (const auto& [where, encoding] : expected)
    EXPECT_EQ(found[where], encoding) << "at " << where;
}

TEST(Search, FindsWhatBeginsRightBehindEmptyBlocks) {
  Search search;
  search.add_text("Kanariabcdefgh");
  search.prepare();
  for (const std::size_t blocks : {1U, 2U, 5U}) {
    int found = 0;
    search.scan(std::string(blocks * 4096, '\0') + "Kanariabcdefgh", 0,
                [&](const Hit& hit) { found += hit.at == blocks * 4096 ? 1 : 0; });
    EXPECT_EQ(found, 1) << blocks;
  }
}

TEST(Search, FindsKeysAsCiphersKeepThem) {
  Search search;
  const std::string key =
      "\x01\x02\x03\x80\xff"
      "a key of thirty-two bytes..";
  ASSERT_EQ(key.size(), 32U);
  search.add_key(key);
  search.prepare();
  std::string inner = key;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (const std::string& form :
       {key, std::string(key.rbegin(), key.rend()), base::hex(base::view(key)), inner,
        base::base64(base::view(key)), base::base64(base::view("a" + key)),
        base::base64url(base::view("ab" + key))}) {
    int found = 0;
    search.scan("before " + form + " behind", 0, [&](const Hit&) { ++found; });
    EXPECT_GE(found, 1) << form;
  }
}

TEST(Memory, TellsHeapStackAndLockedMemoryApart) {
  Search search;
  search.add_text("Kanariheapqxvzj");
  search.add_text("Kanaristackqxvzj");
  search.add_text("Kanarilockqxvzj");
  search.prepare();
  if (!unreadable(::getpid()).empty()) GTEST_SKIP() << unreadable(::getpid());
  // Made here from halves, so that they stand nowhere else as a whole.
  const auto whole = [](const char* first) { return std::string("Kanari") + first + "qxvzj"; };
  auto heap = std::make_unique<std::string>(whole("heap") + std::string(100, '.'));
  base::SecretBytes locked = base::SecretBytes::copy_of(base::view(whole("lock")));
  std::map<std::size_t, std::map<Where, int>> found;
  std::thread([&] {
    volatile char stack[64] = {};
    const std::string word = whole("stack");
    std::copy(word.begin(), word.end(), stack);
    for (const Found& each : scan_memory(search, ::getpid())) ++found[each.hit.word][each.where];
    EXPECT_EQ(stack[0], 'K');
  }).join();
  EXPECT_GE(found[0][Where::heap], 1);
  EXPECT_EQ(found[0][Where::locked], 0);
  EXPECT_GE(found[1][Where::stack], 1);
  EXPECT_GE(found[2][Where::locked], 1);
  EXPECT_FALSE(heap->empty() || locked.empty());
}

/// What was found, by what it is and where it stood.
class Tally {
 public:
  void add(const std::string& what, const std::string& where) { ++counts_[what + " in " + where]; }
  std::string text() const {
    std::string all;
    for (const auto& [what, count] : counts_) all += std::to_string(count) + " x " + what + "\n";
    return all;
  }

 private:
  std::map<std::string, int> counts_;
};

class Forensics : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    life = std::make_unique<Life>();
    life->live();
    std::printf("%zu words, %zu owners' keys; %zu people stay, %zu were erased; %s\n",
                life->words().size(), life->masters_ever().size(), life->people(), life->erased(),
                life->on_volume() ? "on a volume" : no_volumes().c_str());
    // Ten thousand, and more than people alone: directory buckets have keys of their own.
    ASSERT_GE(life->words().size() + life->masters_ever().size(), 10'000U);
  }
  static void TearDownTestSuite() { life.reset(); }

  /// The words of the life; their numbers are those of life->words().
  static Search search_for_words() {
    Search search;
    for (const Word& word : life->words()) search.add_text(word.text);
    return search;
  }
  static std::set<std::string> erased_keys(const KeySet& now) {
    std::set<std::string> gone;
    std::ranges::set_difference(life->masters_ever(), now.masters, std::inserter(gone, gone.end()));
    return gone;
  }

  static std::unique_ptr<Life> life;
};
std::unique_ptr<Life> Forensics::life;

/// Keys of three sorts, each with its own bar.
struct KeySearch {
  explicit KeySearch(const KeySet& now, const std::set<std::string>& gone) {
    for (const std::string& key : gone) search.add_key(key);
    erased_end = search.words();
    for (const std::string& key : now.masters) search.add_key(key);
    masters_end = search.words();
    for (const std::string& key : now.subkeys) search.add_key(key);
    subkeys_end = search.words();
    for (const std::string& key : now.pages) search.add_key(key);
    search.add_key(now.root);
    search.prepare();
  }
  const char* sort(std::size_t word) const {
    if (word < erased_end) return "an erased key";
    if (word < masters_end) return "an owner's key";
    return word < subkeys_end ? "an owner's subkey" : "a key of the tree";
  }
  Search search;
  std::size_t erased_end = 0;
  std::size_t masters_end = 0;
  std::size_t subkeys_end = 0;
};

TEST_F(Forensics, NoKeyIsInMemoryOutsideTheLockedRegion) {
  const pid_t server = life->server().process();
  if (!unreadable(server).empty()) GTEST_SKIP() << unreadable(server);
  life->visit();
  life->note_keys();
  life->cancel(2);  // in this process, which has had their keys in memory
  const KeySet now = life->note_keys();
  const KeySearch keys(now, erased_keys(now));
  EXPECT_GE(keys.erased_end, life->erased());
  Tally wrong;
  std::map<std::string, int> locked;
  for (const Found& each : scan_memory(keys.search, server)) {
    const std::string sort = keys.sort(each.hit.word);
    if (each.where == Where::locked && each.hit.word >= keys.erased_end)
      ++locked[sort];
    else
      wrong.add(sort + " as " + std::string(each.hit.encoding), to_string(each.where));
  }
  EXPECT_EQ(wrong.text(), "");
  for (const auto& [sort, count] : locked)
    std::printf("%d x %s in locked memory\n", count, sort.c_str());
  EXPECT_GE(locked["an owner's key"], 1) << "the search finds no key at all";
}

TEST_F(Forensics, NoWordIsInTheHeapAfterOtherRequests) {
  const pid_t server = life->server().process();
  if (!unreadable(server).empty()) GTEST_SKIP() << unreadable(server);
  life->visit();
  life->other_requests(1000);
  const std::string held = "Kanariheldqxvzj";
  const std::string origin = life->server().origin();
  const HeldRequest request(origin.substr(origin.rfind(':') + 1), held);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  Search search = search_for_words();
  const std::size_t control = search.add_text(held);
  search.prepare();
  Tally wrong, stacks;
  int controls = 0;
  for (const Found& each : scan_memory(search, server)) {
    if (each.hit.word == control) {
      if (each.where == Where::heap) ++controls;
      continue;
    }
    const std::string what = std::string(to_string(life->words()[each.hit.word].kind)) + " as " +
                             std::string(each.hit.encoding);
    (each.where == Where::stack ? stacks : wrong).add(what, to_string(each.where));
  }
  EXPECT_EQ(wrong.text(), "");
  EXPECT_GE(controls, 1) << "the search finds no word at all";
  std::printf("left on stacks:\n%s", stacks.text().c_str());
}

/// Which forms of which planted word were found.
class Controls {
 public:
  Controls(Search& search, const std::vector<Planted>& planted) : planted_(planted) {
    first_ = search.words();
    for (const Planted& each : planted_) search.add_text(each.word);
  }
  /// Whether the hit was one of a control.
  bool take(const Hit& hit) {
    if (hit.word < first_ || hit.word >= first_ + planted_.size()) return false;
    found_[hit.word - first_].insert(std::string(hit.encoding));
    return true;
  }
  void expect_found(bool image) const {
    for (std::size_t i = 0; i < planted_.size(); ++i) {
      if (!image && !planted_[i].in_files) continue;
      std::set<std::string> expected = {"plain text"};
      if (planted_[i].every_form)
        for (const Form& form : forms_of(planted_[i].word)) expected.insert(form.encoding);
      const auto found = found_.find(i);
      for (const std::string& form : expected)
        EXPECT_TRUE(found != found_.end() && found->second.contains(form))
            << "not found " << (image ? "in the image: " : "in files: ") << planted_[i].place
            << " as " << form;
    }
  }

 private:
  const std::vector<Planted> planted_;
  std::size_t first_ = 0;
  std::map<std::size_t, std::set<std::string>> found_;
};

TEST_F(Forensics, NothingIsInFilesBackupsAndTheRawImage) {
  const KeySet now = life->note_keys();
  if (life->server().running()) life->server().kill();  // its log stays as it is
  const std::string whole = life->server().path("");
  const std::vector<Planted> planted = plant(whole, life->backup());
  Search search = search_for_words();
  const std::size_t keys_from = search.words();
  for (const std::string& key : life->masters_ever()) search.add_key(key);
  for (const std::string& key : now.subkeys) search.add_key(key);
  for (const std::string& key : now.pages) search.add_key(key);
  const std::size_t roots_from = search.words();
  for (const std::string& key : life->roots_ever())
    if (key != now.root) search.add_key(key);
  const std::size_t root = search.add_key(now.root);
  Controls in_files(search, planted);
  Controls in_image = in_files;
  search.prepare();
  const auto what = [&](const Hit& hit) {
    const std::string sort = hit.word >= roots_from  ? "an old root"
                             : hit.word >= keys_from ? "a key"
                                                     : to_string(life->words()[hit.word].kind);
    return sort + " as " + std::string(hit.encoding);
  };
  std::printf("%zu words, %zu patterns\n", search.words(), search.patterns());

  Tally wrong;
  for (const std::string& file : files_below(whole)) {
    if (file.starts_with(life->outbox() + "/")) continue;  // delivered mail has left us
    const std::string name = file.substr(whole.size());
    const bool holder = file == life->server().root() + "/root.ktn";
    const auto on_hit = [&](const Hit& hit) {
      if (in_files.take(hit) || (hit.word == root && holder)) return;
      wrong.add(what(hit), name);
    };
    search.scan(name, 0, on_hit);
    scan_file(search, file, on_hit);
  }
  EXPECT_EQ(wrong.text(), "");
  in_files.expect_found(false);
  if (!life->on_volume())
    GTEST_SKIP() << "files and backup were searched, but no raw image: " << no_volumes();

  life->end();
  Tally raw;
  int roots = 0;
  scan_file(search, life->volume().image(), [&](const Hit& hit) {
    if (in_image.take(hit)) return;
    if (hit.word == root)
      ++roots;
    else
      raw.add(what(hit), "the image");
  });
  EXPECT_EQ(raw.text(), "");
  EXPECT_EQ(roots, 1) << "the root in force stands in the holder's file, and nowhere else";
  in_image.expect_found(true);
}

}  // namespace
