// A pickle machine that knows data and no code.
#include "harness/data/io/pickle.hpp"

#include <fmt/format.h>

#include <cstring>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {
namespace {

using Kind = Pickled::Kind;
using Value = std::shared_ptr<Pickled>;

Value make(Kind kind, std::string text = {}, std::vector<Value> items = {}) {
  return std::make_shared<Pickled>(Pickled{kind, 0, std::move(text), std::move(items)});
}
Value make_integer(std::int64_t number) {
  return std::make_shared<Pickled>(Pickled{Kind::integer, number, {}, {}});
}

class Machine {
 public:
  explicit Machine(const std::filesystem::path& file) : file_(file.string()), bytes_(read_file(file)) {}

  Value run() {
    for (;;) {
      const auto opcode = static_cast<unsigned char>(take(1)[0]);
      if (opcode == '.') return pop();
      step(opcode);
    }
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{} (pickle, byte {})", message, at_), {file_});
  }

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) fail("the file breaks off");
    const std::string_view taken(bytes_.data() + at_, size);
    at_ += size;
    return taken;
  }
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string::npos) fail("the file breaks off");
    std::string text(take(end - at_));
    take(1);
    return text;
  }

  void push(Value value) { stack_.push_back(std::move(value)); }
  Value pop() {
    if (stack_.empty()) fail("an empty stack");
    Value value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }
  Pickled& top(Kind kind) {
    if (stack_.empty() || stack_.back()->kind != kind) fail("an unexpected value");
    return *stack_.back();
  }
  std::vector<Value> pop_to_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) fail("no mark");
    std::vector<Value> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  std::vector<Value> pop_count(std::size_t count) {
    if (stack_.size() < count) fail("an empty stack");
    std::vector<Value> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  void remember(std::size_t key) {
    if (stack_.empty()) fail("an empty stack");
    memo_[key] = stack_.back();
  }
  void recall(std::size_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) fail("an unknown memo entry");
    push(found->second);
  }
  void extend(Kind kind, std::vector<Value> items) {
    if (kind == Kind::dict && items.size() % 2 != 0) fail("a key without a value");
    auto& target = top(kind).items;
    target.insert(target.end(), items.begin(), items.end());
  }

  void step(unsigned char opcode);
  void call();
  void build();
  static std::string latin1(const std::string& utf8);

  std::string file_, bytes_;
  std::size_t at_ = 0;
  std::vector<Value> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::size_t, Value> memo_;
};

void Machine::step(unsigned char opcode) {
  switch (opcode) {
    case 0x80:  // PROTO
      take(1);
      return;
    case 0x95:  // FRAME
      take(8);
      return;
    case '}':
      return push(make(Kind::dict));
    case ']':
      return push(make(Kind::list));
    case ')':
      return push(make(Kind::tuple));
    case '(':
      return marks_.push_back(stack_.size());
    case 'q':
      return remember(number<std::uint8_t>());
    case 'r':
      return remember(number<std::uint32_t>());
    case 0x94:  // MEMOIZE
      return remember(memo_.size());
    case 'h':
      return recall(number<std::uint8_t>());
    case 'j':
      return recall(number<std::uint32_t>());
    case 'U':
    case 'C':
    case 0x8c:  // SHORT_BINUNICODE
      return push(make(Kind::text, std::string(take(number<std::uint8_t>()))));
    case 'T':
    case 'X':
    case 'B':
      return push(make(Kind::text, std::string(take(number<std::uint32_t>()))));
    case 0x8d:  // BINUNICODE8
    case 0x8e:  // BINBYTES8
      return push(make(Kind::text, std::string(take(number<std::uint64_t>()))));
    case 'J':
      return push(make_integer(number<std::int32_t>()));
    case 'K':
      return push(make_integer(number<std::uint8_t>()));
    case 'M':
      return push(make_integer(number<std::uint16_t>()));
    case 'N':
      return push(make(Kind::none));
    case 0x88:
    case 0x89:
      return push(make_integer(opcode == 0x88));
    case 't':
      return push(make(Kind::tuple, {}, pop_to_mark()));
    case 0x85:
    case 0x86:
    case 0x87:
      return push(make(Kind::tuple, {}, pop_count(opcode - 0x84U)));
    case 'a':
      return extend(Kind::list, pop_count(1));
    case 'e':
      return extend(Kind::list, pop_to_mark());
    case 's':
      return extend(Kind::dict, pop_count(2));
    case 'u':
      return extend(Kind::dict, pop_to_mark());
    case 'c': {
      const std::string module = line();
      return push(make(Kind::global, module + " " + line()));
    }
    case 0x93: {  // STACK_GLOBAL
      const auto names = pop_count(2);
      return push(make(Kind::global, names[0]->text + " " + names[1]->text));
    }
    case 'R':
      return call();
    case 'b':
      return build();
    default:
      fail(fmt::format("opcode 0x{:02x} is not known", opcode));
  }
}

std::string Machine::latin1(const std::string& utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    const bool two = (c == 0xC2 || c == 0xC3) && i + 1 < utf8.size();
    bytes += two ? static_cast<char>((c & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3F)) : utf8[i];
  }
  return bytes;
}

void Machine::call() {
  const Value arguments = pop();
  const Value function = pop();
  const std::string& name = function->text;
  if (function->kind != Kind::global || arguments->kind != Kind::tuple) fail("a call of no function");
  if (name == "numpy.core.multiarray _reconstruct" || name == "numpy._core.multiarray _reconstruct") {
    push(make(Kind::array));
  } else if (name == "numpy dtype" && !arguments->items.empty()) {
    push(make(Kind::global, "dtype " + arguments->items[0]->text));
  } else if (name == "_codecs encode" && !arguments->items.empty()) {
    push(make(Kind::text, latin1(arguments->items[0]->text)));
  } else {
    fail(fmt::format("calls \"{}\", which is not known", name));
  }
}

void Machine::build() {
  const Value state = pop();
  if (stack_.empty()) fail("an empty stack");
  if (stack_.back()->kind == Kind::global) return;  // a dtype's byte order, which one byte does not have
  Pickled& array = top(Kind::array);
  // (version, shape, dtype, is Fortran, bytes)
  const auto& parts = state->items;
  if (state->kind != Kind::tuple || parts.size() != 5 || parts[1]->kind != Kind::tuple) fail("an unexpected array");
  if (parts[2]->text != "dtype u1" || parts[3]->integer != 0) fail("an array that is not uint8 in C order");
  std::uint64_t values = 1;
  for (const Value& extent : parts[1]->items) {
    if (extent->kind != Kind::integer || extent->integer < 0 || extent->integer > 1 << 30) fail("an impossible shape");
    values *= static_cast<std::uint64_t>(extent->integer);
    if (values > bytes_.size()) fail("an array larger than the file");
  }
  if (values != parts[4]->text.size()) fail("an array whose bytes do not fit its shape");
  array.items = parts[1]->items;
  array.text = parts[4]->text;
}

}  // namespace

const Pickled* Pickled::find(const std::string& key) const {
  if (kind != Kind::dict) return nullptr;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->kind == Kind::text && items[i]->text == key) return items[i + 1].get();
  }
  return nullptr;
}

std::shared_ptr<Pickled> read_pickle(const std::filesystem::path& file) {
  return Machine(file).run();
}

}  // namespace scant
