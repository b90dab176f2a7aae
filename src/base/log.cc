#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace base {

std::string LogValue::quoted(std::string_view literal) {
  std::string out = "\"";
  for (const char c : literal) {
    if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

void Log::info(Literal event, std::initializer_list<LogField> fields) {
  write("info", event, fields);
}
void Log::warn(Literal event, std::initializer_list<LogField> fields) {
  write("warn", event, fields);
}
void Log::error(Literal event, std::initializer_list<LogField> fields) {
  write("error", event, fields);
}

void Log::write(const char* level, Literal event, std::initializer_list<LogField> fields) {
  std::string line = R"({"time":")" + rfc3339(clock_.now());
  line.append(R"(","level":")")
      .append(level)
      .append(R"(","event":)")
      .append(LogValue(event).json());
  for (const LogField& field : fields)
    line.append(",").append(LogValue(field.name).json()).append(":").append(field.value.json());
  line += "}";
  sink_(line);
}

Log::Sink stderr_sink() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("log", sink);
  logger->set_pattern("%v");
  return [logger](std::string_view line) { logger->info(line); };
}

}  // namespace base
