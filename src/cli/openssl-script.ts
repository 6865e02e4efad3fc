// The way out: a vault is read with a POSIX shell and OpenSSL 3, when there is no secretctl. See docs/vault-format.md.

/**
 * AES-GCM is counter mode from the block `nonce | 2`; `openssl enc` knows no GCM, so the tags are not checked, but the MAC of
 * the whole file is.
 */
export function opensslScript(): string {
  return String.raw`#!/bin/sh
# Reads a vault of secretctl (format 1) with a key file: sh read-vault.sh vault.sctl vault.key
# Prints one line of JSON for each secret. Needs OpenSSL 3, and od, tr, sed, head.
set -eu
vault=$1 keyfile=$2
hex() { od -An -v -tx1 | tr -d ' \n'; }
unbase64() { # base64url without padding → hex
  text=$(printf %s "$1" | tr -- '-_' '+/')
  while [ $(( \${#text} % 4 )) -ne 0 ]; do text="$text="; done
  printf '%s\n' "$text" | openssl base64 -d -A | hex
}
hkdf() { # key in hex, info
  openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:"$1" -kdfopt hexsalt: -kdfopt info:"$2" -binary HKDF 2>/dev/null | hex
}
open() { # key in hex, nonce | ciphertext | tag in hex → plaintext
  nonce=$(printf %s "$2" | cut -c1-24)
  cipher=$(printf %s "$2" | sed 's/^.\{24\}//; s/.\{32\}$//')
  tobytes "$cipher" | openssl enc -d -aes-256-ctr -K "$1" -iv "\${nonce}00000002"
}
tobytes() { # hex → bytes
  printf %s "$1" | sed 's/../&\n/g' | while read -r byte; do [ -z "$byte" ] || printf "\\$(printf %03o "0x$byte")"; done
}
id=$(sed -n '1s/^secretctl-vault\/1 \([^ ]*\) .*/\1/p' "$vault")
[ -n "$id" ] || { echo 'this is no vault of format 1' >&2; exit 65; }
keyhex=$(hex <"$keyfile")
slotid=$(openssl dgst -sha256 -binary "$keyfile" | head -c 8 | openssl base64 -A | tr -- '+/' '-_' | tr -d =)
wrapped=$(sed -n "s/^slot keyfile $slotid //p" "$vault" | head -n 1)
[ -n "$wrapped" ] || { echo 'the vault has no slot for this key file' >&2; exit 77; }
master=$(open "$(hkdf "$keyhex" 'slot|keyfile')" "$(unbase64 "$wrapped")" | hex)
mac=$(sed '/^mac /,$d' "$vault" | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$(hkdf "$master" mac)" -binary | hex)
[ "$mac" = "$(unbase64 "$(sed -n 's/^mac //p' "$vault")")" ] || { echo 'the MAC of the vault is wrong' >&2; exit 65; }
grep '^e ' "$vault" | while read -r _ entry version blob; do
  open "$(hkdf "$master" "entry|$entry|$version")" "$(unbase64 "$blob")"
  echo
done
`.replaceAll('\\${', '${');
}
