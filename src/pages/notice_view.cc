// The notice as a page: clauses with their marks, and the tally of all.
#include <nlohmann/json.hpp>

#include "notice/render.h"
#include "pages/impl.h"
#include "pages/words.h"

namespace pages {
namespace {

using Json = nlohmann::json;

struct Shown {
  std::string_view style, word;
};

Shown shown(Mark::State state) {
  switch (state) {
    case Mark::State::holds:
      return {"holds", "Holds"};
    case Mark::State::pending:
      return {"pending", "Waiting"};
    case Mark::State::broken:
      return {"broken", "Does not hold"};
    case Mark::State::attested:
      return {"holds", "Attested"};
    case Mark::State::not_applicable:
      return {"unknown", "Does not apply here"};
    case Mark::State::not_measured:
      break;
  }
  return {"unknown", "Not measured yet"};
}

struct Tally {
  std::size_t all = 0, measured = 0, hold = 0, broken = 0;
};

void count(Tally& tally, Mark::State state) {
  ++tally.all;
  if (state != Mark::State::not_measured) ++tally.measured;
  if (state == Mark::State::broken) ++tally.broken;
  if (state == Mark::State::holds || state == Mark::State::attested ||
      state == Mark::State::not_applicable)
    ++tally.hold;
}

Values tally_values(const Tally& tally) {
  Values out;
  if (tally.measured == 0) {
    return out.text("class", "unknown")
        .text("text", number(tally.all) + " promises, none measured yet")
        .text("explained",
              "What keeps each of them will be measured and stand beside it. Until "
              "then we say so.");
  }
  const bool all_hold = tally.hold == tally.all;
  return out.text("class", tally.broken > 0 ? "broken"
                           : all_hold       ? "holds"
                                            : "pending")
      .text("text", number(tally.hold) + " of " + number(tally.all) + " hold")
      .text("explained", "Measured on the running server.");
}

Values mark_values(const Mark& mark) {
  const Shown as = shown(mark.state);
  Values out;
  return out.text("class", std::string(as.style))
      .text("word", std::string(as.word))
      .maybe("figure", "text", mark.figure)
      .maybe("method", "text", mark.method);
}

Values to_values(const Json& object);

// A list of texts becomes a list of groups with one text, `item`.
Values::List to_list(const Json& array) {
  Values::List out;
  for (const Json& each : array)
    out.push_back(each.is_object() ? to_values(each)
                                   : Values().text("item", each.get<std::string>()));
  return out;
}

Values to_values(const Json& object) {
  Values out;
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean()) {
      out.flag(name, value.get<bool>());
    } else if (value.is_array()) {
      out.list(name, to_list(value));
    } else if (value.is_object()) {
      out.group(name, to_values(value));
    } else {
      out.text(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  return out;
}

}  // namespace

Values notice_model(const notice::Document& document, std::string_view language) {
  return to_values(Json::parse(notice::page_model_json(document, language)));
}

void put_marks(Values& model, const Marks& marks) {
  const Mark unmeasured;
  Tally tally;
  Values::List ticks, faults;
  for (Values& section : model.items("sections")) {
    for (Values& clause : section.items("clauses")) {
      const std::string& id = clause.at("id");
      const auto found = marks.find(id);
      const Mark& mark = found == marks.end() ? unmeasured : found->second;
      const Shown as = shown(mark.state);
      count(tally, mark.state);
      ticks.push_back(Values().text("class", std::string(as.style)));
      if (mark.state == Mark::State::broken) faults.push_back(Values().text("id", id));
      clause.group("mark", mark_values(mark));
    }
  }
  model.group("tally", tally_values(tally))
      .list("ticks", std::move(ticks))
      .flag("has_faults", !faults.empty())
      .list("faults", std::move(faults));
}

}  // namespace pages
