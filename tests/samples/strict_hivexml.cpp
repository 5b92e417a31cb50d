#include "strict_hivexml.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "make/hive_writer.h"
#include "model/text.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

// hivexml's tree as lines: "key|path|time|offset of the cell" and "value|path|name|offset|data".
constexpr std::string_view kHivexml = R"(
import base64, subprocess, sys, xml.etree.ElementTree as tree
def data(value):
    kind, text = value.get('type'), value.get('value', '')
    if value.get('default') and kind not in ('none', 'binary', 'unknown'):
        return None
    if kind == 'string-list':
        return b''.join((s.text or '').encode('utf-16-le') + b'\0\0' for s in value.findall('string'))
    if kind in ('string', 'expand'):
        return text.encode('utf-16-le') + b'\0\0'
    if kind == 'int32':
        return (int(text) & 0xffffffff).to_bytes(4, 'little')
    return base64.b64decode(text)
def offset(element):
    return int(element.find('byte_runs/byte_run').get('file_offset')) if element.find('byte_runs') is not None else 0
def walk(node, path):
    print('key|%s|%s|%d' % (path, node.find('mtime').text, offset(node)))
    for value in node.findall('value'):
        raw = data(value)
        print('value|%s|%s|%d|%s' % (path, value.get('key', ''), offset(value), '?' if raw is None else raw.hex()))
    for below in node.findall('node'):
        walk(below, path + '/' + below.get('name'))
run = subprocess.run(['hivexml', sys.argv[1]], stdout=subprocess.PIPE, check=True)
walk(tree.fromstring(run.stdout).find('node'), '')
)";

// The types that say how the data are to be shown.
bool shows_data_by_type(std::uint32_t type) {
  constexpr std::uint32_t kHighest = 11;  // REG_QWORD
  return type != kRegNone && type != kRegBinary && type <= kHighest;
}

std::string value_line(const MadeValue& value, const std::string& shown, std::uint32_t offset) {
  const bool as_number = value.name.empty() && shows_data_by_type(value.type);
  const bool placed = !value.data.empty() || shows_data_by_type(value.type) ||
                      value.type == kRegBinary;  // hivexml tells no place of the rest
  return "value|" + shown + '|' + value.name + '|' + std::to_string(placed ? offset : 0) + '|' +
         (as_number ? "?" : hex(as_bytes(value.data)));
}

void expected_of(const MadeKey& key, const std::string& path, const std::string& shown,
                 const HiveWriter& writer, std::vector<std::string>& lines) {
  lines.push_back("key|" + shown + '|' +
                  to_iso(Timestamp::from_unix((key.written - Timestamp::from_unix(0)) /
                                              Timestamp::kTicksPerSecond)) +
                  '|' + std::to_string(writer.offset_of(path)));
  for (const MadeValue& value : key.values) {
    lines.push_back(value_line(value, shown, writer.offset_of_value(path, value.name)));
  }
  for (const MadeKey& below : key.keys) {
    const std::string name = below.name.substr(0, below.name.find('\0'));  // as C has strings
    expected_of(below, path.empty() ? below.name : path + '\\' + below.name, shown + '/' + name,
                writer, lines);
  }
}

}  // namespace

void expect_hivexml_reads(const MadeHive& hive) {
  const HiveWriter writer(hive);
  const TemporaryFile script("hivexml.py", kHivexml);
  const TemporaryFile file("hive", writer.bytes());
  const ToolRun run = run_tool("python3", {script.path().string()}, file);
  ASSERT_EQ(run.exit_code, 0) << run.out.substr(0, 2000);
  std::vector<std::string> expected;
  expected_of(hive.root, "", "", writer, expected);
  std::vector<std::string> read = lines_of(run.out);
  std::ranges::sort(expected);
  std::ranges::sort(read);
  ASSERT_EQ(read.size(), expected.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i], expected[i]);
  }
}

}  // namespace iwamtrace
