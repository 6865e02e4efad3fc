// How `secretctl scrub` reads its input: as one stream of text, or line by line where lines are messages or are explained.

import { createFindings } from '../relay/findings.js';
import { createFramer, isWhole, NEWLINE, type Line } from '../relay/frames.js';
import type { Scrubber } from '../scrub/core.js';
import type { Explainer, FindingDetail } from '../scrub/explain.js';

export interface Filter {
  readonly push: (chunk: Buffer) => Buffer;
  readonly end: () => Buffer;
  /** Name → how often it was found, sorted by name. */
  readonly counts: () => Readonly<Record<string, number>>;
  /** How many lines, or parts of endless ones, could not be scrubbed and are missing from the output. */
  readonly missing: () => number;
}

export interface LineFilterOptions {
  readonly scrubber: Scrubber;
  /** Each line is a message where it can be one. */
  readonly json: boolean;
  readonly explainer: Explainer | undefined;
  readonly onDetail: (line: number, detail: FindingDetail) => void;
  /** A line that could not be scrubbed, or is too long, and was left out. */
  readonly onDropped: (line: number) => void;
}

export function textFilter(scrubber: Scrubber): Filter {
  const stream = scrubber.textStream();
  return {
    push: (chunk) => stream.push(chunk),
    end: () => stream.end(),
    counts() {
      const findings = createFindings();
      findings.add(stream.findings);
      return findings.counts();
    },
    missing: () => stream.withheld,
  };
}

export function lineFilter({ scrubber, json, explainer, onDetail, onDropped }: LineFilterOptions): Filter {
  const framer = createFramer();
  const findings = createFindings();
  let number = 0;
  let missing = 0;
  const scrubLine = (whole: Line): Buffer => {
    number++;
    if (!isWhole(whole)) return dropped(number);
    const end = whole.at(-1) === NEWLINE ? whole.length - 1 : whole.length;
    const line = whole.subarray(0, end);
    try {
      const scrubbed = json ? scrubber.message(line) : { kind: 'text' as const, ...scrubber.text(line) };
      findings.add(scrubbed.findings);
      for (const detail of explainer?.explain(line, scrubbed.bytes, scrubbed.kind) ?? []) onDetail(number, detail);
      return Buffer.concat([scrubbed.bytes, whole.subarray(end)]);
    } catch {
      return dropped(number);
    }
  };
  const dropped = (line: number): Buffer => {
    missing++;
    onDropped(line);
    return Buffer.alloc(0);
  };
  return {
    push: (chunk) => Buffer.concat(framer.push(chunk).map(scrubLine)),
    end: () => Buffer.concat(framer.end().map(scrubLine)),
    counts: () => findings.counts(),
    missing: () => missing,
  };
}
