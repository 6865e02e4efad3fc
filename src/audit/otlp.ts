// Records as OpenTelemetry log records, sent by OTLP/HTTP with the official SDK: nothing of it is loaded before somebody exports.

import type { LogAttributes } from '@opentelemetry/api-logs';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { SecretctlError } from '../errors.js';
import { isObject } from './json.js';
import type { StoredRecord } from './read.js';

export interface SendOptions {
  /** Of the collector's logs, with its path; else the OTEL_EXPORTER_OTLP_* variables decide. */
  readonly endpoint: string | undefined;
}

/** The last versions that run on Node 20. */
const INSTALL =
  'npm install -g @opentelemetry/{api-logs,sdk-logs,exporter-logs-otlp-http}@0.223.1 @opentelemetry/resources@2.12.1';
const AGAIN = 'secretctl audit export --format otlp --endpoint';
/** Records of one request. */
const BATCH = 512;
/** Members of a record that are no attributes: the log record has places of its own for them, or they are of the chain. */
const OWN_PLACE = new Set(['v', 't', 'prev', 'hmac']);

/** Resolves when the collector has taken all of them. Throws `unavailable`, and `not-supported` without the SDK. */
export async function sendRecords(records: readonly StoredRecord[], { endpoint }: SendOptions): Promise<void> {
  if (endpoint !== undefined) checkEndpoint(endpoint);
  const { api, sdk, exporters, resources } = await loadSdk();
  const outcome: { failure?: string } = {};
  const sender = new exporters.OTLPLogExporter(endpoint === undefined ? {} : { url: endpoint });
  const exporter = watched(sender, outcome);
  const processor = new sdk.BatchLogRecordProcessor({ exporter, maxExportBatchSize: BATCH, maxQueueSize: 2 * BATCH });
  const named = resources.resourceFromAttributes({ 'service.name': 'secretctl' });
  const resource = named.merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const provider = new sdk.LoggerProvider({ resource, processors: [processor] });
  const logger = provider.getLogger('secretctl.audit');
  const severities = { INFO: api.SeverityNumber.INFO, WARN: api.SeverityNumber.WARN };
  try {
    for (let at = 0; at < records.length && outcome.failure === undefined; at += BATCH) {
      for (const { members } of records.slice(at, at + BATCH)) {
        const severityText = isWarning(members) ? 'WARN' : 'INFO';
        logger.emit({
          timestamp: new Date(members.t),
          severityNumber: severities[severityText],
          severityText,
          eventName: `secretctl.audit.${members.ev}`,
          body: members.ev,
          attributes: attributesOf(members),
        });
      }
      // oxlint-disable-next-line no-await-in-loop -- the queue drops what does not fit
      await processor.forceFlush().catch(() => undefined);
    }
  } finally {
    await provider.shutdown().catch(() => undefined);
  }
  if (outcome.failure === undefined) return;
  const message = `the collector did not take the records (${outcome.failure})`;
  throw new SecretctlError('unavailable', message, `${AGAIN} URL`);
}

async function loadSdk() {
  try {
    const [api, sdk, exporters, resources] = await Promise.all([
      import('@opentelemetry/api-logs'),
      import('@opentelemetry/sdk-logs'),
      import('@opentelemetry/exporter-logs-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    return { api, sdk, exporters, resources };
  } catch {
    throw new SecretctlError('not-supported', 'the OpenTelemetry SDK, which sends records, is not installed', INSTALL);
  }
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new SecretctlError('usage', '--endpoint is no http or https address', `${AGAIN} http://localhost:4318/v1/logs`);
}

/** The SDK tells its own diagnostics of a failure, and not who asked. */
function watched(exporter: LogRecordExporter, outcome: { failure?: string }): LogRecordExporter {
  return {
    export(records: ReadableLogRecord[], done) {
      exporter.export(records, (result) => {
        if (`${result.code}` !== '0') outcome.failure ??= reasonOf(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The status, or the code of the system; never what the collector wrote. */
function reasonOf(error: unknown): string {
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'number' ? `status ${code}` : typeof code === 'string' ? code : 'no answer';
}

function isWarning({ ev, outcome }: StoredRecord['members']): boolean {
  return ev === 'refuse' || outcome === 'refused' || outcome === 'error' || outcome === 'withheld';
}

/** Texts, numbers and lists of texts are what they are; whatever is nested is JSON. */
function attributesOf(members: StoredRecord['members']): LogAttributes {
  const own = Object.entries(members).filter(([name]) => !OWN_PLACE.has(name));
  return Object.fromEntries(own.map(([name, value]) => [`secretctl.audit.${name}`, attributeOf(value)]));
}

function attributeOf(value: unknown): LogAttributes[string] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : JSON.stringify(value);
}
