// Words and names for text that holds no credential, with the words that scanners trip over among them.

import type { Random } from '../random.js';

const WORDS = (
  'account active address amount archive author batch binding branch buffer button cache cart category channel checkout ' +
  'client column commit config context counter currency customer cursor database default delivery device discount document ' +
  'element email employee endpoint entry event export feature field filter folder format gateway group handler header ' +
  'history image import index input invoice item job journal keyboard label language layer ledger level limit list local ' +
  'location logger machine manager mapping market memory message method metric module monkey name network node notice object ' +
  'offer option order origin owner package page parameter parser partner passenger passport path payment pending period ' +
  'person pipeline player policy position price primary priority process product profile project property provider public ' +
  'query queue quota range rate reason receipt record region relation release report request resource response result ' +
  'retry review role route sample schedule schema scope score search section segment sensor series server service session ' +
  'shipment signal size snapshot source stage state status step storage stream string subject summary supplier switch ' +
  'symbol system table target task team template tenant text theme thread ticket timeout title token topic total trace ' +
  'tracking transfer trigger type unit update upload user value vendor version view volume warehouse weight widget window ' +
  'worker zone secret password credential authorization key'
).split(' ');

export interface Words {
  readonly word: () => string;
  readonly camel: () => string;
  readonly pascal: () => string;
  readonly snake: () => string;
  readonly sentence: (least?: number, most?: number) => string;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function createWords(random: Random): Words {
  const word = (): string => random.pick(WORDS);
  const some = (least: number, most: number): string[] => Array.from({ length: random.between(least, most) }, word);
  return {
    word,
    camel: () => word() + some(1, 2).map(capital).join(''),
    pascal: () => some(1, 3).map(capital).join(''),
    snake: () => some(2, 3).join('_'),
    sentence: (least = 5, most = 14) => `${capital(some(least, most).join(' '))}.`,
  };
}

/** `make` as often as it takes for a document of about so many bytes. */
export function lines(bytes: number, make: (at: number) => string): string {
  const parts: string[] = [];
  for (let size = 0, at = 0; size < bytes; at++) {
    const part = make(at);
    parts.push(part);
    size += part.length + 1;
  }
  return `${parts.join('\n')}\n`;
}

export const uuid = (random: Random): string => {
  const part = (length: number): string => random.text('hex', length);
  return `${part(8)}-${part(4)}-4${part(3)}-${random.pick(Array.from('89ab'))}${part(3)}-${part(12)}`;
};

export const date = (random: Random): string => new Date(1.6e12 + random.below(1e9) * 150).toISOString();
