// What customers agree to, as the notice's file has it.
#include "notice/markdown.h"
#include "pages/impl.h"
#include "pages/pages.h"

namespace pages {

std::string Pages::terms(const Visitor& visitor) const {
  const notice::Terms& terms = impl_->document.terms;
  const std::string& language = visitor.language;
  Values::List parts;
  for (const notice::TermsPart& part : terms.parts)
    parts.push_back(Values()
                        .text("id", part.id)
                        .text("title", notice::in(part.title, language))
                        .text("html", notice::html(notice::in(part.text, language))));
  Values values = impl_->frame(visitor, notice::in(terms.title, language), Place::none);
  values.text("version", std::to_string(terms.version))
      .text("effective", terms.effective)
      .text("heading", notice::in(terms.title, language))
      .text("lead", notice::in(terms.lead, language))
      .list("parts", std::move(parts));
  return impl_->templates.render("terms", values);
}

}  // namespace pages
