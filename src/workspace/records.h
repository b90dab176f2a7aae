// Records: collections of JSON documents, for applications that keep their data here (DATA-3).
// Owns their names, documents and the persons that they are about, all of it sealed under the
// account's key: where something stands is a digest that only this key makes. What is answered is
// durable. Never decides who may come in: callers bring an account they have checked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workspace/document.h"
#include "workspace/json_schema.h"
#include "workspace/room.h"
#include "workspace/workspace.h"

namespace workspace {

inline constexpr std::size_t changes_max = 500;            // in one transaction
inline constexpr std::size_t record_name_bytes_max = 200;  // of a collection, record or person
inline constexpr std::size_t records_listed_max = 1000;    // and a mebibyte or so of documents

/// The name of a collection, record or person: 1 to 200 bytes of UTF-8, without a slash or control
/// characters, and not `.` or `..`. Code::invalid otherwise.
base::Result<Name> parse_record_name(std::string_view text);

struct RecordCollection {
  Name name;
  base::RecordId id;   // the cursor of a listing; the group of its records
  base::RecordId tag;  // another one for every version
  base::Time changed;
  base::Bytes schema;    // its JSON Schema as it was sent; empty: none
  bool closing = false;  // a deletion has begun, and goes on when it is asked for again
};

struct StoredRecord {
  Name id;
  base::RecordId place;  // the cursor of a listing
  base::RecordId tag;
  base::Time changed;
  std::uint64_t document_bytes = 0;
  Name document;  // JSON, as it was sent
  std::optional<Name> subject = std::nullopt;
  std::optional<base::Time> expires = std::nullopt;
};

/// Whether a change may happen, by the entity tag (with its quotes) of what is there now; nothing:
/// there is none. Called within the transaction. An empty one asks for nothing.
using Precondition = std::function<bool(std::optional<std::string_view> tag)>;
std::string entity_tag(base::RecordId tag);

/// A record on its way in.
struct Draft {
  Document document;
  std::optional<Name> subject = std::nullopt;  // the customer's own id of whom it is about
  std::optional<base::Time> expires = std::nullopt;
};

/// One change of a record: put, or removed where there is no draft.
struct Change {
  Name collection;
  std::optional<Name> id;  // nothing, of a draft: a new one of ours
  std::optional<Draft> draft;
  Precondition condition = {};
};
struct Changed {
  enum class How : std::uint8_t { created, replaced, removed } how = How::created;
  Name id;
  base::RecordId tag;
  base::Time changed;
  std::optional<base::Time> expires = std::nullopt;
};
/// Which change was refused, and where its document is not as the collection's schema says.
struct Refusal {
  std::size_t change = 0;
  std::optional<JsonSchema::Mismatch> mismatch = std::nullopt;
};

/// A part of what there is; `next`: where to go on.
struct RecordPage {
  std::vector<StoredRecord> records;
  std::optional<base::RecordId> next = std::nullopt;
};
/// The same with the collection of each.
struct SubjectPage {
  std::vector<std::pair<Name, StoredRecord>> records;
  std::optional<base::RecordId> next = std::nullopt;
};

/// Safe from any thread.
class Records {
 public:
  struct Parts {
    vault::Vault& vault;
    base::Clock& clock;
    base::Entropy& entropy;
    base::Wait& wait;
    Room& room;
  };
  static std::vector<vault::Collection> collections();
  /// Code::invalid where the notice lacks the category or purpose.
  static base::Result<std::unique_ptr<Records>> open(const Parts& parts);

  /// Whether anything of the account's may be used now: Code::denied or Code::gone where not.
  base::Result<void> allowed(base::AccountId account);

  /// Makes a collection, or gives it another schema, which holds for what is put from then on.
  /// Code::stale where the condition does not hold, Code::conflict while it is being deleted.
  struct Kept {
    Stored stored = Stored::created;
    RecordCollection collection;
  };
  base::Result<Kept> keep(base::AccountId account, const Name& name,
                          const std::optional<Document>& schema, const Precondition& condition);
  /// Code::missing where there is none.
  base::Result<RecordCollection> collection(base::AccountId account, const Name& name);
  /// Behind `after`, in no order that tells anything.
  base::Result<std::vector<RecordCollection>> list(base::AccountId account, base::RecordId after,
                                                   std::size_t collections_max);
  /// With all records in it, in bounded transactions: cut short, it is begun again by whoever asks
  /// again, and nothing can be put meanwhile.
  base::Result<void> remove(base::AccountId account, const Name& name,
                            const Precondition& condition);

  /// Makes all of the changes, in order, or none. Code::missing where a collection, or a record to
  /// be removed, is not there; Code::stale where a condition does not hold; Code::invalid where a
  /// document is not as its collection's schema says; Code::full where the plan has no room.
  /// `refusal` says of which change that is.
  base::Result<std::vector<Changed>> change(base::AccountId account,
                                            const std::vector<Change>& changes, Refusal& refusal);
  /// Code::missing where there is none, or it has expired.
  base::Result<StoredRecord> get(base::AccountId account, const Name& collection, const Name& id);
  /// A collection's records behind `after`, in no order that tells anything.
  base::Result<RecordPage> list(base::AccountId account, const Name& collection,
                                base::RecordId after, std::size_t records_max);

  /// Records about a person, in whatever collection.
  base::Result<SubjectPage> about(base::AccountId account, const Name& subject,
                                  base::RecordId after, std::size_t records_max);
  /// Removes them all, and answers how many there were.
  base::Result<std::uint64_t> remove_about(base::AccountId account, const Name& subject);

  /// Forgets the compiled schemas of accounts that have been erased. Called by app's timer.
  void tick();
  std::size_t schemas_remembered();

 private:
  /// What a document is checked against, as of a version of the collection.
  struct Ruled {
    base::OwnerId owner;
    base::RecordId tag;
    std::shared_ptr<const JsonSchema> schema;  // nothing: whatever it is
    std::uint64_t used = 0;                    // the later, the more
  };
  struct Prepared;
  Records(const Parts& parts, notice::CategoryId category, notice::PurposeId purpose);

  base::Result<gate::Permit> ask(base::AccountId account);
  base::Result<RecordCollection> find(store::Reader& reader, const gate::Permit& permit,
                                      base::RecordId id);
  base::Result<std::optional<StoredRecord>> find(store::Reader& reader, const gate::Permit& permit,
                                                 base::RecordId group, base::RecordId id);
  base::Result<Ruled> rule(const gate::Permit& permit, base::RecordId collection);
  void forget_rule(base::RecordId collection);
  base::Result<Prepared> prepare(const gate::Permit& permit, const Change& change,
                                 JsonSchema::Steps& steps, Refusal& refusal);
  base::Result<Changed> apply(store::Tx& tx, const gate::Permit& permit, const Change& change,
                              const Prepared& prepared, std::int64_t& filled);
  base::Result<void> put(store::Tx& tx, const gate::Permit& permit, const Prepared& prepared,
                         const Draft& draft, const Changed& changed);
  base::Result<vault::Key> subject_key(const gate::Permit& permit, const Name& subject,
                                       base::RecordId group, base::RecordId id);
  base::Result<void> drop(store::Tx& tx, const gate::Permit& permit, base::RecordId group,
                          const StoredRecord& record);
  base::Result<bool> is_closing(store::Reader& reader, const gate::Permit& permit,
                                const RecordCollection& closing);
  base::Result<bool> remove_some(const gate::Permit& permit, const RecordCollection& closing);
  base::Result<std::uint64_t> remove_some_about(store::Tx& tx, const gate::Permit& permit,
                                                base::RecordId group);

  Parts parts_;
  notice::CategoryId category_;
  notice::PurposeId purpose_;
  base::Mutex mutex_;
  std::map<base::RecordId, Ruled> rules_;  // by collection
  std::uint64_t uses_ = 0;
};

}  // namespace workspace
