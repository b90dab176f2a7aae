#include <algorithm>

#include "tidy/rules.h"

namespace tidy {
namespace {

const std::set<std::string> kNowhere;

const std::set<std::string>& allowed(const Layers& layers, const std::string& module) {
  const auto at = layers.find(module);
  return at == layers.end() ? kNowhere : at->second;
}

}  // namespace

Findings read_layers(const Source& file, Layers& layers) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || layers.contains(line.substr(0, colon))) {
      findings.push_back({file.path, i + 1, "not `module: dependency ...`, once for each module"});
      continue;
    }
    std::set<std::string> below;
    for (const std::string& dependency : words_of(line.substr(colon + 1))) {
      // What is not named yet stands higher: so every edge goes down, and there is no cycle.
      if (!layers.contains(dependency))
        findings.push_back({file.path, i + 1, dependency + " does not stand below"});
      below.insert(dependency);
    }
    layers[line.substr(0, colon)] = below;
  }
  return findings;
}

Findings include_edges(const Source& file, const Layers& layers) {
  Findings findings;
  const std::string module = file.module();
  if (module.empty() || !file.cpp() || file.test()) return findings;
  if (!layers.contains(module))
    findings.push_back({file.path, 0, "layers.txt does not name the module " + module});
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string include = include_of(file.lines[i]);
    if (!include.starts_with('"')) continue;
    const std::size_t slash = include.find('/');
    const std::string target = slash == std::string::npos ? "" : include.substr(1, slash - 1);
    if (target == module || allowed(layers, module).contains(target)) continue;
    findings.push_back({file.path, i + 1,
                        layers.contains(target) ? module + " may not include " + target
                                                : "not a path from src: " + include});
  }
  return findings;
}

Findings build_edges(const Source& file, const Layers& layers) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (!file.lines[i].starts_with("scalign_module(")) continue;
    std::string call = file.lines[i].substr(15);
    for (std::size_t next = i + 1; call.find(')') == std::string::npos && next < file.lines.size();
         ++next)
      call += " " + file.lines[next];
    const auto words = words_of(call.substr(0, call.find(')')));
    std::string section;
    for (const std::string& word : words) {
      if (word == "DEPS" || word == "LIBS" || word == "TEST_DEPS") {
        section = word;
      } else if (section == "DEPS" && !allowed(layers, words.front()).contains(word)) {
        findings.push_back({file.path, i + 1, words.front() + " may not depend on " + word});
      }
    }
  }
  return findings;
}

}  // namespace tidy
