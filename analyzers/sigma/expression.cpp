#include "analyzers/sigma/expression.h"

#include <utility>

namespace iwamtrace::sigma {
namespace {

Expression joined(Expression::Op op, std::vector<Expression> parts) {
  if (parts.size() == 1) {
    return std::move(parts.front());
  }
  return Expression{op, std::move(parts), {}};
}

}  // namespace

Expression test_of(ValueTest test) {
  return Expression{Expression::Op::kTest, {}, std::move(test)};
}

Expression all_of(std::vector<Expression> parts) {
  return joined(Expression::Op::kAll, std::move(parts));
}

Expression any_of(std::vector<Expression> parts) {
  return joined(Expression::Op::kAny, std::move(parts));
}

Expression not_of(Expression part) {
  std::vector<Expression> parts;
  parts.push_back(std::move(part));
  return Expression{Expression::Op::kNot, std::move(parts), {}};
}

}  // namespace iwamtrace::sigma
