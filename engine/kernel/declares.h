// Does a kind declare a function of some name, whatever its parameters? One whose parameters don't fit is then an error
// of the compiler; asked for by its call it would be passed over, and the default taken for it.
#pragma once

namespace tote {

// Both have the name: `member` of the two together is ambiguous, and can't be named.
#define TOTE_DECLARES(Concept, member)                                   \
  struct Concept##Beside {                                               \
    int member = 0;                                                      \
  };                                                                     \
  template <class E>                                                     \
  struct Concept##Both : E, Concept##Beside {};                          \
  template <class E>                                                     \
  concept Concept = !requires { /* NOLINT(bugprone-macro-parentheses) */ \
    &Concept##Both<E>::member;                                           \
  }

TOTE_DECLARES(DeclaresCheck, check);
TOTE_DECLARES(DeclaresFits, fits);
TOTE_DECLARES(DeclaresNextDue, next_due);
TOTE_DECLARES(DeclaresDue, due);
TOTE_DECLARES(DeclaresEncode, encode);
TOTE_DECLARES(DeclaresDecode, decode);
TOTE_DECLARES(DeclaresAnswer, answer);
TOTE_DECLARES(DeclaresDigest, digest);
TOTE_DECLARES(DeclaresNameOf, name_of);
TOTE_DECLARES(DeclaresDescribeEvent, describe_event);
TOTE_DECLARES(DeclaresDescribeAnswer, describe_answer);
TOTE_DECLARES(DeclaresHolding, holding);
TOTE_DECLARES(DeclaresFollowUp, follow_up);
TOTE_DECLARES(DeclaresEffects, effects);
TOTE_DECLARES(DeclaresRecorded, recorded);
TOTE_DECLARES(DeclaresAlert, alert);
TOTE_DECLARES(DeclaresReport, report);
TOTE_DECLARES(DeclaresWatches, watches);
TOTE_DECLARES(DeclaresHear, hear);
TOTE_DECLARES(DeclaresTell, tell);
TOTE_DECLARES(DeclaresToldNames, told_names);
TOTE_DECLARES(DeclaresTables, tables);
TOTE_DECLARES(DeclaresRows, rows);
TOTE_DECLARES(DeclaresAudit, audit);
TOTE_DECLARES(DeclaresBooks, books);
TOTE_DECLARES(DeclaresDescribeFigures, describe_figures);

#undef TOTE_DECLARES

}  // namespace tote
