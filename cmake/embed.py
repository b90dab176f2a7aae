"""Writes a C++ source that holds files as byte arrays: embed.py NAMESPACE ROOT OUT FILES...

With --all in place of FILES, whatever stands in ROOT itself; then `names()` lists it.
"""
import os
import sys

namespace, root, out, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
whole = files == ['--all']
if whole:
    files = sorted(os.listdir(root))
parts = ['#include <array>\n#include <span>\n#include <string_view>\n#include <utility>\n\nnamespace %s {\nnamespace {\n' % namespace]
for number, name in enumerate(files):
    data = open(f'{root}/{name}', 'rb').read()
    body = ','.join(str(b) for b in data)
    parts.append(f'constexpr unsigned char kFile{number}[] = {{{body}{"," if body else ""}0}};\n')
parts.append('}  // namespace\n\nstd::string_view embedded(std::string_view path);\n')
parts.append('std::string_view embedded(std::string_view path) {\n')
for number, name in enumerate(files):
    parts.append(f'  if (path == "{name}") return {{reinterpret_cast<const char*>(kFile{number}), '
                 f'sizeof kFile{number} - 1}};\n')
parts.append('  return {};\n}\n')
if whole:
    listed = ''.join(f'    "{name}",\n' for name in files)
    parts.append(f'std::span<const std::string_view> names();\n'
                 f'std::span<const std::string_view> names() {{\n'
                 f'  static constexpr std::array<std::string_view, {len(files)}> all = {{\n{listed}  }};\n'
                 f'  return all;\n}}\n')
parts.append('}  // namespace %s\n' % namespace)
open(out, 'w').write(''.join(parts))
