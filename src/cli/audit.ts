import type { Command, Flag } from './command.js';

const FILTERS: Readonly<Record<string, Flag>> = {
  since: { type: 'string', value: 'TIME', help: 'not older: 7d, 12h, 2030-01-31' },
  profile: { type: 'string', value: 'NAME', help: 'only launches of this profile' },
  event: { type: 'string', value: 'EVENT', help: 'launch, refuse, trust, resolve, read, tool, found or end' },
  secret: { type: 'string', value: 'NAME', help: 'only records that name this secret' },
};

export const auditList: Command = {
  name: 'audit list',
  summary: 'what was launched, called, handed out and scrubbed: names and counts',
  usage: '[--since TIME] [--profile NAME] [--event EVENT] [--secret NAME] [--last N] [--json]',
  details: 'Shows what the logs say; "secretctl audit verify" tells whether they are as they were written.',
  examples: ['secretctl audit list --last 20', 'secretctl audit list --since 7d --event tool --json'],
  flags: {
    ...FILTERS,
    last: { type: 'string', value: 'N', help: 'only the last N' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-audit.js')).runList(host, args),
};

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'say whether the audit logs are as they were written, and all there',
  usage: '[--json]',
  details:
    'Finds what was edited, deleted, reordered, cut off, moved from another log, and logs that are gone; then the status\n' +
    'is 65. A log that was not closed is no fault: its process runs, or was killed. The key comes from the vault.',
  examples: ['secretctl audit verify'],
  flags: { json: { type: 'boolean', help: 'print JSON' } },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-audit.js')).runVerify(host, args),
};

export const auditExport: Command = {
  name: 'audit export',
  summary: 'write the records for other programs: JSON lines, CSV, or OpenTelemetry',
  usage:
    '--format jsonl|csv|otlp [--out FILE] [--endpoint URL] [--since TIME] [--profile NAME] [--event EVENT] [--secret NAME]',
  details:
    'jsonl prints the lines as they stand in the logs. otlp sends log records by OTLP/HTTP with the OpenTelemetry SDK, to\n' +
    '--endpoint or where the OTEL_EXPORTER_OTLP_* variables say. Run "secretctl audit verify" first.',
  examples: ['secretctl audit export --format csv --since 30d --out audit.csv'],
  flags: {
    format: { type: 'string', value: 'FORMAT', help: 'jsonl, csv or otlp' },
    out: { type: 'string', value: 'FILE', help: 'a new file, instead of stdout' },
    endpoint: { type: 'string', value: 'URL', help: 'of the collector, for otlp: http://localhost:4318/v1/logs' },
    ...FILTERS,
  },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-audit.js')).runExport(host, args),
};

export const auditPrune: Command = {
  name: 'audit prune',
  summary: 'remove old audit logs; "audit verify" knows them from deleted ones',
  usage: '[--older-than 90d]',
  details: 'Launches do it once a day, for what is older than 90 days. Removes nothing from logs that do not verify.',
  examples: ['secretctl audit prune --older-than 30d'],
  flags: { 'older-than': { type: 'string', value: 'TIME', help: 'days or weeks: 30d, 12w' } },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-audit.js')).runPrune(host, args),
};
