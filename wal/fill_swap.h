// At a node's start, before its log is opened: an image that is whole (fill_target.h) takes the place of the log. Each
// step is synced before the next, and a start after a crash goes on where it was:
//
//   fill.whole   what is this node's own, and not the log's (what it has promised, whose disk it is, what its archive
//                has shipped), goes from the log that is there into the image. An image is of no use, and goes, where
//                the log that is there has taken anything since it was asked for, or is another one's
//   fill.ready   the files of the log that was there go
//   fill.moving  those of the image are linked to their place; the image goes
//
// A log that is in the middle of it is refused by everybody else (store_open.cc).
#pragma once

#include "wal/log.h"
#include "wal/log_reader.h"

namespace tote::wal {

// Without an image that is whole the log stays, and so does what is left of one. With damage a start can't go on, and
// the next one tries again. No other process may have the log.
Damage take_fill(const LogOptions& options);

}  // namespace tote::wal
