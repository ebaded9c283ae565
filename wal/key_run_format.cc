#include "wal/key_run_format.h"

namespace tote::wal {

using namespace key_run;

std::string KeyRunFooter::bytes() const {
  std::string out(magic);
  put_number(version, out);
  put_number(std::uint32_t{0}, out);
  for (const std::uint64_t number : {blocks, pages, entries, index_at, tables_at, first.value, last.value})
    put_number(number, out);
  put_number(oldest.ns, out);
  put_number(newest.ns, out);
  put_number(tables_checksum, out);
  put_number(index_sum, out);
  // The last number is the checksum of those before it.
  out.resize(footer_bytes - sizeof(std::uint64_t), '\0');
  put_number(checksum(out, out.size()), out);
  return out;
}

std::string KeyRunFooter::read(std::string_view bytes, KeyRunFooter& footer) {
  if (bytes.size() != footer_bytes || !bytes.starts_with(magic)) return "it doesn't end as a run of keys does";
  const std::string_view sealed = bytes.substr(0, footer_bytes - sizeof(std::uint64_t));
  if (number_at<std::uint64_t>(bytes, sealed.size()) != checksum(sealed, sealed.size()))
    return "the checksum of its end is wrong";
  const auto found = number_at<std::uint32_t>(bytes, magic.size());
  if (found != version)
    return "it has version " + std::to_string(found) + ", this program reads version " + std::to_string(version);
  std::size_t at = magic.size() + 8;
  const auto next = [&] {
    at += sizeof(std::uint64_t);
    return number_at<std::uint64_t>(bytes, at - sizeof(std::uint64_t));
  };
  for (std::uint64_t* number : {&footer.blocks, &footer.pages, &footer.entries, &footer.index_at, &footer.tables_at,
                                &footer.first.value, &footer.last.value})
    *number = next();
  footer.oldest = {static_cast<std::int64_t>(next())};
  footer.newest = {static_cast<std::int64_t>(next())};
  footer.tables_checksum = next();
  footer.index_sum = next();
  const bool fits = footer.blocks > 0 && footer.pages > 0 && footer.tables_at >= footer.index_at &&
                    footer.tables_at - footer.index_at == footer.pages * page_bytes;
  return fits ? std::string() : "its parts don't fit together";
}

std::uint64_t KeyRunFooter::file_bytes() const {
  return tables_at + (blocks + 1 + pages) * sizeof(std::uint64_t) + footer_bytes;
}

}  // namespace tote::wal
