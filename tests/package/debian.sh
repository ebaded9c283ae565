#!/usr/bin/env bash
# The Debian package: what is in it is there, and works where it lies. debian.sh BUILD SOURCE WORK
set -euo pipefail
build=$1 source=$2 work=$3
rm -rf "$work" && mkdir -p "$work/root"
(cd "$build" && cpack -B "$work/made" >"$work/cpack.log")
deb=$(ls "$work"/made/tote_*.deb)
dpkg-deb -x "$deb" "$work/root"
dpkg-deb -e "$deb" "$work/control"
for file in usr/bin/tote usr/lib/systemd/system/tote.service etc/tote/tote.toml usr/share/man/man1/tote.1 \
  usr/share/bash-completion/completions/tote usr/share/doc/tote/operations.md usr/share/doc/tote/copyright; do
  [[ -f $work/root/$file ]] || { echo "the package has no $file"; exit 1; }
done
for script in postinst prerm postrm; do sh -n "$work/control/$script"; [[ -x $work/control/$script ]]; done
grep -qx /etc/tote/tote.toml "$work/control/conffiles"
grep -q '^Depends: .*librocksdb\|^Depends: .*libcaf-core' "$work/control/control"
# What the unit starts is what is installed, and the settings that come with it are right.
grep -q '^ExecStart=/usr/bin/tote serve --config /etc/tote/tote.toml$' "$work/root/usr/lib/systemd/system/tote.service"
"$work/root/usr/bin/tote" config check --config "$work/root/etc/tote/tote.toml" | grep -q '^data = "/var/lib/tote/data"'
[[ $("$work/root/usr/bin/tote" --version) == "$("$build/tote" --version)" ]]
# Every command of the program is in the manual, and in what a shell completes.
PATH=$work/root/usr/bin:$PATH
# shellcheck source=/dev/null
source "$source/packaging/tote.bash"
COMP_WORDS=(tote "") COMP_CWORD=1
_tote
((${#COMPREPLY[@]} > 10))
for command in "${COMPREPLY[@]}"; do
  grep -qw "$command" "$work/root/usr/share/man/man1/tote.1" || { echo "tote.1 doesn't name $command"; exit 1; }
done
COMP_WORDS=(tote serve --lis) COMP_CWORD=2
_tote
[[ ${COMPREPLY[*]} == --listen ]]
echo "$(basename "$deb"): sound"
