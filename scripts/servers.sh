#!/usr/bin/env bash
# The servers and programs that the tests start, and the typefaces that papers come in, from
# Debian's packages: installed where that is possible, else the tests that need them are skipped and
# say why (in CI they fail).
set -euo pipefail
missing=()
[ -x /usr/sbin/dovecot ] || missing+=(dovecot-imapd)
[ -x /usr/sbin/postfix ] || missing+=(postfix)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
if ! command -v tesseract >/dev/null || ! tesseract --list-langs 2>/dev/null | grep -qx chi_sim; then
  missing+=(tesseract-ocr tesseract-ocr-chi-sim)
fi
command -v unar >/dev/null || missing+=(unar)
# Letters are opened as a client shows them, their sheets as an office computes them.
command -v chromium >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
# What papers and screens are set in (`clerk doctor` names the same): pictures are compared with them.
faces=/usr/share/fonts fonts=()
[ -e $faces/opentype/noto/NotoSansCJK-Regular.ttc ] || fonts+=(fonts-noto-cjk)
[ -e $faces/truetype/wqy/wqy-microhei.ttc ] || fonts+=(fonts-wqy-microhei)
[ -e $faces/truetype/wqy/wqy-zenhei.ttc ] || fonts+=(fonts-wqy-zenhei)
[ -e $faces/truetype/arphic/uming.ttc ] || fonts+=(fonts-arphic-uming)
[ -e $faces/truetype/arphic/ukai.ttc ] || fonts+=(fonts-arphic-ukai)
[ -e $faces/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf ] || fonts+=(fonts-lxgw-wenkai)
[ ${#missing[@]} -eq 0 ] && [ ${#fonts[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "Not installed: ${missing[*]} ${fonts[*]} (no apt-get here); tests that need them are skipped" >&2
  exit 0
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo -n"; else
    echo "Not installed: ${missing[*]} ${fonts[*]} (not root); tests that need them are skipped" >&2
    exit 0
  fi
fi
echo "Installing ${missing[*]} ${fonts[*]} from Debian's packages ..."
# No server may start by itself: the tests start their own.
policy=/usr/sbin/policy-rc.d
made=""
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
  $sudo chmod +x $policy
  made=1
fi
trap '[ -z "$made" ] || $sudo rm -f $policy' EXIT
$sudo apt-get -qq update || [ ${#missing[@]} -eq 0 ]
install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null; }
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
# One by one: a release that lacks one of them has the others.
for font in ${fonts[@]+"${fonts[@]}"}; do
  install "$font" || echo "Not installed: $font; fewer names on screens are proven" >&2
done
