# Writes a source file that holds every rule: cmake -DRULES=<folder> -DOUTPUT=<file> -P embed_rules.cmake
file(GLOB files "${RULES}/*.yml")
list(SORT files)
set(rows "")
foreach(path IN LISTS files)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" text)
  string(APPEND rows "      {\"${name}\", R\"~~(${text})~~\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from analyzers/sigma/rules by embed_rules.cmake.
#include \"analyzers/sigma/own_rules.h\"

namespace iwamtrace::sigma {

std::span<const RuleText> own_rules() {
  static const std::vector<RuleText> kRules{
${rows}  };
  return kRules;
}

}  // namespace iwamtrace::sigma
")
