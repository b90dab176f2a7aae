// Inside of Pages: what every page is made with. Owns templates, assets and the parts of the notice
// that do not change from one visitor to the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notice/document.h"
#include "pages/application.h"
#include "pages/assets.h"
#include "pages/pages.h"
#include "pages/templates.h"
#include "pages/values.h"

namespace pages {

/// Which entry of a menu is the page itself.
enum class Place : std::uint8_t { none, notice, login, files, account };

struct Pages::Impl {
  explicit Impl(const notice::Document& from) : document(from) {}

  /// What head, header, footer and sidebar need.
  Values frame(const Visitor& visitor, std::string title, Place place) const;
  /// Adds `promises`: clauses of the notice, short, for the margin.
  void promise(Values& values, const Visitor& visitor,
               std::initializer_list<std::string_view> clauses) const;

  /// Adds what everybody ticks who begins, beside the versions of what she is shown.
  void declaration(Values& values, Ticked adult_professional, Ticked terms,
                   const FieldErrors& errors) const;

  /// The notice between header and footer: the same for all who look.
  std::string notice_html(std::string_view language, const Marks& marks) const;

  notice::Document document;
  Templates templates;
  Assets assets;
  std::optional<Application> application;
  std::map<std::string, std::string, std::less<>> unmarked;  // notice_html without marks
};

/// Adds the summary of errors; `title` says what they keep from happening.
void put_errors(Values& values, std::string title, const FieldErrors& errors,
                std::initializer_list<std::string_view> fields);
/// A field of a form: what was typed, and what is wrong with it.
Values field(std::string value, std::string_view name, const FieldErrors& errors);
/// Adds the field `code` where `second` asks for it.
void put_code(Values& values, const SecondField& second, const FieldErrors& errors);
/// A moment for people and for machines.
Values moment(base::Time time);
/// The same of a day.
Values date(base::Time time);

/// The notice as its page shows it, in one language: notice::page_model_json as Values.
Values notice_model(const notice::Document& document, std::string_view language);
/// Adds a mark to each clause of the model, and the tally of all.
void put_marks(Values& model, const Marks& marks);

}  // namespace pages
