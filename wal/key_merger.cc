#include "wal/key_merger.h"

#include <algorithm>

namespace tote::wal {

KeyMerger::Step KeyMerger::step() {
  if (options_.is_disk_full()) give_up();
  if (!begin() && begun_.empty()) return Step::idle;
  return go_on();
}

bool KeyMerger::begin() {
  if (begun_.size() == begun_max || options_.is_disk_full()) return false;
  std::set<std::string> busy = left_out_;
  std::size_t coming = 0;
  for (const Begun& begun : begun_) {
    coming += begun.merge->inputs().size() - 1;
    for (const auto& input : begun.merge->inputs()) busy.insert(input->path());
  }
  if (store_.count() <= options_.limits.runs_max + coming) return false;
  const std::vector<KeyStore::File> files = store_.files();
  std::vector<KeyRunSize> sizes;
  sizes.reserve(files.size());
  for (const auto& file : files) {
    const KeyRunFooter& footer = file.reader->footer();
    sizes.push_back({footer.file_bytes(), footer.oldest, footer.newest, !busy.contains(file.reader->path())});
  }
  const Neighbours chosen = choose_runs(sizes, coming, options_.limits);
  if (chosen.count == 0) return false;
  std::uint64_t bytes = 0;
  KeyRunMerge::Inputs inputs;
  for (std::size_t i = chosen.first; i < chosen.first + chosen.count; ++i) {
    bytes += sizes[i].bytes;
    inputs.push_back(files[i].reader);
  }
  if (!store_.has_room(bytes)) return false;
  std::string name = store_.name_for(files[chosen.first + chosen.count - 1]);
  auto merge = std::make_unique<KeyRunMerge>(store_.disk(), store_.path_of(name), std::move(inputs));
  begun_.push_back({std::move(name), std::move(merge)});
  return true;
}

KeyMerger::Step KeyMerger::go_on() {
  switch (begun_.back().merge->step()) {
    case KeyRunMerge::Step::more: return Step::more;
    case KeyRunMerge::Step::copied: return finish();
    case KeyRunMerge::Step::damaged: break;
  }
  leave_out();
  return Step::more;
}

KeyMerger::Step KeyMerger::finish() {
  const Begun& begun = begun_.back();
  KeyRunFooter footer;
  failure_ = begun.merge->finish(footer);
  if (failure_.empty()) failure_ = store_.replace(begun.merge->inputs(), begun.name, footer);
  if (!failure_.empty()) return Step::failed;
  begun_.pop_back();
  return Step::more;
}

// Unless it was let go meanwhile.
void KeyMerger::leave_out() {
  const KeyRunMerge& merge = *begun_.back().merge;
  const auto& input = merge.inputs()[merge.damaged_input()];
  if (store_.has(*input)) {
    left_out_.insert(input->path());
    options_.on_damage({input->footer().first, merge.damage()});
  }
  drop_last();
}

void KeyMerger::drop_last() {
  const std::string name = std::move(begun_.back().name);
  begun_.pop_back();
  store_.remove(name);
}

void KeyMerger::give_up() {
  while (!begun_.empty()) drop_last();
}

std::int64_t KeyMerger::rest_ms() const {
  // A step copies a mebibyte: 64 MiB a second, more when runs come faster than that.
  constexpr std::int64_t rest_ms_max = 16;
  const std::size_t wanted = options_.limits.runs_max + begun_max * (options_.limits.at_once_max - 1);
  const std::size_t runs = store_.count();
  const std::size_t relaxed = options_.limits.runs_max + options_.limits.at_once_max;
  if (runs <= relaxed) return rest_ms_max;
  if (runs >= wanted) return 0;
  return rest_ms_max * static_cast<std::int64_t>(wanted - runs) / static_cast<std::int64_t>(wanted - relaxed);
}

}  // namespace tote::wal
