// Random data that is no secret: nothing may ever be found in it.

import type { Random } from '../random.js';
import { createWords, date, lines, uuid } from './words.js';

export interface Kind {
  readonly name: string;
  /** Not a single finding is accepted. */
  readonly never?: true;
  readonly make: (random: Random) => string;
}

const SIZE = 12_000;
const base64 = (random: Random, length: number): string => random.bytes(length).toString('base64');

export const DATA: readonly Kind[] = [
  { name: 'UUIDs, as rows', never: true, make: uuidRows },
  { name: 'UUIDs, as JSON', never: true, make: uuidJson },
  { name: 'digests', never: true, make: digests },
  { name: 'git log', never: true, make: gitLog },
  { name: 'git diff --raw, ls-tree', never: true, make: gitTree },
  { name: 'package-lock.json', never: true, make: packageLock },
  { name: 'yarn.lock, Cargo.lock, go.sum, poetry.lock', never: true, make: otherLocks },
  { name: 'base64 images in text', never: true, make: imagesInText },
  { name: 'certificates and public keys', make: publicKeys },
  { name: 'container images and manifests', never: true, make: manifests },
];

function uuidRows(random: Random): string {
  const { word } = createWords(random);
  return lines(SIZE, (at) => ` ${at} | ${uuid(random)} | ${word()} | ${date(random)} | ${uuid(random).toUpperCase()}`);
}

function uuidJson(random: Random): string {
  const { snake } = createWords(random);
  return lines(SIZE, (at) =>
    JSON.stringify({
      id: uuid(random),
      request_id: uuid(random),
      [`${snake()}_id`]: uuid(random),
      token_id: uuid(random),
      n: at,
    }),
  );
}

/** In the forms in which tools print them. */
function digests(random: Random): string {
  const { snake } = createWords(random);
  return lines(SIZE, (at) => {
    const length = random.pick([32, 40, 64, 96, 128]);
    const digest = random.text('hex', length);
    return (
      [
        `${digest}  ${snake()}.tar.gz`,
        `SHA256 (${snake()}.zip) = ${random.text('hex', 64)}`,
        `sha256:${random.text('hex', 64)} ${snake()}`,
        JSON.stringify({ file: `${snake()}.js`, etag: digest, checksum: random.text('hex', 64) }),
        `ETag: "${random.text('hex', 32)}"`,
        `sha512-${base64(random, 64)}`,
      ][at % 6] ?? ''
    );
  });
}

function gitLog(random: Random): string {
  const { sentence, pascal } = createWords(random);
  return lines(SIZE, (at) =>
    at % 3 === 0
      ? `${random.text('hex', 8)} ${sentence()}`
      : [
          `commit ${random.text('hex', 40)}`,
          ...(at % 3 === 2 ? [`Merge: ${random.text('hex', 10)} ${random.text('hex', 10)}`] : []),
          `Author: ${pascal()} ${pascal()} <${pascal().toLowerCase()}@example.com>`,
          `Date:   ${date(random)}`,
          '',
          `    ${sentence()}`,
          '',
          `    Change-Id: I${random.text('hex', 40)}`,
          '',
        ].join('\n'),
  );
}

function gitTree(random: Random): string {
  const { snake } = createWords(random);
  return lines(SIZE, (at) =>
    at % 2 === 0
      ? `100644 blob ${random.text('hex', 40)}\tsrc/${snake()}.ts`
      : `:100644 100644 ${random.text('hex', 40)} ${random.text('hex', 40)} M\tsrc/${snake()}.ts`,
  );
}

function packageLock(random: Random): string {
  const { word } = createWords(random);
  const entries = Array.from({ length: 40 }, () => {
    const name = `${word()}-${word()}`;
    const version = `${random.below(20)}.${random.below(30)}.${random.below(10)}`;
    const resolved = `https://registry.example.com/${name}/-/${name}-${version}.tgz`;
    return [`node_modules/${name}`, { version, resolved, integrity: `sha512-${base64(random, 64)}`, license: 'MIT' }];
  });
  return JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: Object.fromEntries(entries) }, null, 2);
}

function otherLocks(random: Random): string {
  const { word } = createWords(random);
  return lines(SIZE, (at) => {
    const name = `${word()}-${word()}`;
    const version = `${random.below(9)}.${random.below(30)}.0`;
    const file = `${name}-${version}-py3-none-any.whl`;
    return (
      [
        `"${name}@^${version}":\n  version "${version}"\n  resolved "https://r.example.com/${name}.tgz#${random.text('hex', 40)}"\n  integrity sha512-${base64(random, 64)}`,
        `[[package]]\nname = "${name}"\nversion = "${version}"\nchecksum = "${random.text('hex', 64)}"`,
        `github.com/${word()}/${name} v${version} h1:${base64(random, 32)}\ngithub.com/${word()}/${name} v${version}/go.mod h1:${base64(random, 32)}`,
        `    {file = "${file}", hash = "sha256:${random.text('hex', 64)}"},`,
        `${name}==${version} \\\n    --hash=sha256:${random.text('hex', 64)}`,
      ][at % 5] ?? ''
    );
  });
}

/** Data URIs, MIME blocks and fields, where nothing but chance could look like a token. */
function imagesInText(random: Random): string {
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    random.bytes(random.between(2000, 9000)),
  ]);
  const font = base64(random, 4000);
  return [
    `<img alt="logo" src="data:image/png;base64,${png.toString('base64')}">`,
    `@font-face { src: url(data:font/woff2;base64,${font}) format("woff2"); }`,
    (base64(random, 3000).match(/.{1,76}/g) ?? []).join('\n'),
    JSON.stringify({ mimeType: 'image/jpeg', thumbnail: base64(random, 2500) }),
  ].join('\n');
}

/** Public by their name. */
function publicKeys(random: Random): string {
  return lines(SIZE, (at) => {
    const body = (base64(random, 700).match(/.{1,64}/g) ?? []).join('\n');
    return at % 2 === 0
      ? `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`
      : `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${base64(random, 33)} ann@example\n-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----`;
  });
}

function manifests(random: Random): string {
  const { word } = createWords(random);
  return lines(SIZE, (at) =>
    at % 2 === 0
      ? `image: registry.example.com/${word()}/${word()}@sha256:${random.text('hex', 64)}`
      : JSON.stringify({
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          size: random.below(1e8),
          digest: `sha256:${random.text('hex', 64)}`,
        }),
  );
}
