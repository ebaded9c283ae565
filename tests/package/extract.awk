# Writes each ```cpp and ```cmake block of a document to the file that its first line names ("// auction.h: …"), and what
# its ```console blocks say that programs print to output.txt. A block without a name is an error: it would never be run.
/^```(cpp|cmake)$/ { language = "code"; is_first = 1; next }
/^```console$/ { language = "console"; next }
/^```/ { language = ""; next }
language == "code" {
  if (is_first) {
    if ($0 !~ /^(\/\/|#) [a-zA-Z_.]+: /) {
      print FILENAME ":" FNR ": a block that names no file" > "/dev/stderr"
      exit 1
    }
    file = into "/" substr($2, 1, length($2) - 1)
    is_first = 0
  }
  print > file
}
language == "console" && !/^\$/ { print > (into "/output.txt") }
