#include "wal/segment_format.h"

#include <sys/random.h>

#include <charconv>

#include "wal/key_run_format.h"

namespace tote::wal {
namespace {

using key_run::checksum;
using key_run::number_at;
using key_run::put_number;

constexpr std::size_t hex_digits = 16;
constexpr std::size_t name_bytes = 3 * hex_digits + 2 + segment::ending.size();

std::string hex(std::uint64_t number) {
  std::string out(hex_digits, '0');
  for (std::size_t i = hex_digits; i-- > 0; number >>= 4) out[i] = "0123456789abcdef"[number & 15];
  return out;
}

bool read_hex(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return error == std::errc{} && end == text.data() + text.size() && hex(number) == text;
}

void put_hash(const FrameHash& hash, std::string& out) {
  put_number(hash.high, out);
  put_number(hash.low, out);
}

FrameHash hash_at(std::string_view bytes, std::size_t at) {
  return {number_at<std::uint64_t>(bytes, at), number_at<std::uint64_t>(bytes, at + 8)};
}

}  // namespace

std::string SegmentFooter::bytes() const {
  std::string out(segment::magic);
  put_number(segment::version, out);
  put_number(std::uint32_t{0}, out);
  out.append(log_id);
  put_number(first.value, out);
  put_number(last.value, out);
  put_number(oldest.ns, out);
  put_number(newest.ns, out);
  put_hash(previous, out);
  put_hash(hash, out);
  for (const std::uint64_t number : {frames, blocks, table_at, raw_bytes, table_checksum}) put_number(number, out);
  put_number(checksum(out, out.size()), out);
  return out;
}

std::string SegmentFooter::read(std::string_view bytes, SegmentFooter& footer) {
  if (bytes.size() != segment::footer_bytes || !bytes.starts_with(segment::magic)) return "its end isn't a segment's";
  const auto body = bytes.substr(0, segment::footer_bytes - 8);
  if (const auto version = number_at<std::uint32_t>(bytes, 8); version != segment::version)
    return "it has version " + std::to_string(version) + ", this program reads version " +
           std::to_string(segment::version);
  if (checksum(body, body.size()) != number_at<std::uint64_t>(bytes, body.size())) return "its end has changed";
  footer.log_id = bytes.substr(16, segment::id_bytes);
  footer.first = {number_at<std::uint64_t>(bytes, 48)};
  footer.last = {number_at<std::uint64_t>(bytes, 56)};
  footer.oldest = {number_at<std::int64_t>(bytes, 64)};
  footer.newest = {number_at<std::int64_t>(bytes, 72)};
  footer.previous = hash_at(bytes, 80);
  footer.hash = hash_at(bytes, 96);
  std::size_t at = 112;
  for (std::uint64_t* number :
       {&footer.frames, &footer.blocks, &footer.table_at, &footer.raw_bytes, &footer.table_checksum}) {
    *number = number_at<std::uint64_t>(bytes, at);
    at += 8;
  }
  return {};
}

SegmentName SegmentName::make(Lsn first, Lsn last) {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) return {};
  return {first, last, hex(first.value) + "-" + hex(last.value) + "-" + hex(random) + std::string(segment::ending)};
}

bool SegmentName::read(std::string_view text, SegmentName& name) {
  if (text.size() != name_bytes || !text.ends_with(segment::ending)) return false;
  std::uint64_t random = 0;
  if (text[hex_digits] != '-' || text[2 * hex_digits + 1] != '-') return false;
  if (!read_hex(text.substr(0, hex_digits), name.first.value) ||
      !read_hex(text.substr(hex_digits + 1, hex_digits), name.last.value) ||
      !read_hex(text.substr(2 * hex_digits + 2, hex_digits), random))
    return false;
  name.text = text;
  return Lsn{} < name.first && name.first <= name.last;
}

}  // namespace tote::wal
