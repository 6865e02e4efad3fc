// Database URLs and the fields of a connection. Pure. People paste passwords as they are, so a URL that no URL parser
// takes is read too: the last `@` before the host ends the password, whatever stands in it.

import { SecretctlError } from '../errors.js';

/** Fields `engine`, `host`, `port`, `user`, `password`, `database`, `params`; those that a URL does not say are absent. */
export type Connection = ReadonlyMap<string, string>;

interface Engine {
  readonly name: string;
  readonly port?: string;
}

/** Schemes of database URLs. Anything else is no connection and stays one text. */
const ENGINES = {
  postgres: { name: 'postgres', port: '5432' },
  postgresql: { name: 'postgres', port: '5432' },
  cockroachdb: { name: 'cockroachdb', port: '26257' },
  redshift: { name: 'redshift', port: '5439' },
  mysql: { name: 'mysql', port: '3306' },
  mariadb: { name: 'mariadb', port: '3306' },
  mongodb: { name: 'mongodb', port: '27017' },
  // The ports are in the DNS record.
  'mongodb+srv': { name: 'mongodb+srv' },
  redis: { name: 'redis', port: '6379' },
  rediss: { name: 'rediss', port: '6379' },
  sqlserver: { name: 'sqlserver', port: '1433' },
  mssql: { name: 'sqlserver', port: '1433' },
  clickhouse: { name: 'clickhouse', port: '9000' },
} as const satisfies Record<string, Engine>;

const HOST = String.raw`(?:\[[0-9A-Fa-f:.]+(?:%[0-9A-Za-z._~-]+)?\]|[A-Za-z0-9._~%-]+)`;
const PORT = String.raw`(?::[0-9]+)?`;
/** One host or several (`a:1,b:2`), none for a local server; then the database. */
const PLACE = new RegExp(`^(?<hosts>(?:${HOST}${PORT}(?:,${HOST}${PORT})*)?)(?:/(?<path>[^?#@]*))?$`);
const ONE_HOST = new RegExp(`^(?<host>${HOST})(?::(?<port>[0-9]+))?$`);
/** Longer text is no URL that anyone would have written. */
const MAX_LENGTH = 8192;
const PARAMS = /^(?:[^=&@/?#:]+=[^&#]*(?:&[^=&@/?#:]+=[^&#]*)*)?$/;

/**
 * Undefined for anything but a database URL. Names of the result are the ones that `connectionUrlOf` takes. Throws
 * `bad-data` for a URL that could be read in two ways, or that hides a credential among its parameters.
 */
export function parseConnectionUrl(text: string): Connection | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, scheme = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^\p{Cc}]*)$/u.exec(text) ?? [];
  const engine = engineOf(scheme.toLowerCase());
  const parts = engine === undefined ? undefined : splitRest(rest);
  if (engine === undefined || parts === undefined) return undefined;
  refuseAmbiguous(rest, parts);
  const { user, password, params } = credentialsOf(parts);
  refuseHiddenCredential(params);
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['engine', engine.name],
    ...placeFields(parts.hosts, engine),
    ['user', user],
    ['password', password],
    // As libpq does: without a name, the database is the user's.
    ['database', nonEmpty(decodePercent(parts.path)) ?? (engine.name === 'postgres' ? user : undefined)],
    ['params', nonEmpty(params)],
  ];
  return new Map(fields.filter((field): field is readonly [string, string] => field[1] !== undefined));
}

/**
 * Every part is encoded, so that any URL parser reads back what the fields say; `params` are text of a query already.
 * Throws `bad-data` when no engine is named.
 */
export function connectionUrlOf(fields: Connection): string {
  const engine = fields.get('engine');
  if (engine === undefined) throw new SecretctlError('bad-data', 'the connection has no field engine');
  const part = (name: string): string => fields.get(name) ?? '';
  const password = fields.has('password') ? `:${encodePercent(part('password'))}` : '';
  const userInfo = fields.has('user') || password !== '' ? `${encodePercent(part('user'))}${password}@` : '';
  const port = fields.has('port') ? `:${part('port')}` : '';
  const path = fields.has('database') ? `/${encodePercent(part('database'))}` : '';
  const query = fields.has('params') ? `?${part('params')}` : '';
  return `${engine}://${userInfo}${hostOf(part('host'))}${port}${path}${query}`;
}

/** `user:12?34@host` also reads as the host `user`, port 12, with parameters: then the password would be taken for public. */
function refuseAmbiguous(rest: string, { user, params }: Parts): void {
  const beforeMark = rest.slice(0, rest.indexOf('?'));
  if (user !== '' || !params.includes('@') || !beforeMark.includes(':')) return;
  const hint = 'write ? as %3F and @ as %40 in the password, or in the parameters';
  throw new SecretctlError('bad-data', 'it is not clear where the password of this URL ends', hint);
}

/** As libpq does: `?user=` and `?password=` fill in what stands nowhere else, and then are parameters no more. */
function credentialsOf(parts: Parts): { user: string | undefined; password: string | undefined; params: string } {
  const params = parts.params === '' ? [] : parts.params.split('&');
  const take = (name: string, written: string): string | undefined => {
    const at = written === '' ? params.findIndex((parameter) => parameter.startsWith(`${name}=`)) : -1;
    const [parameter = ''] = at === -1 ? [] : params.splice(at, 1);
    return nonEmpty(decodePercent(written === '' ? parameter.slice(name.length + 1) : written));
  };
  const [user, password] = [take('user', parts.user), take('password', parts.password)];
  return { user, password, params: params.join('&') };
}

/** Parameters are not secret in a connection: they are shown, and may stand in arguments. */
function refuseHiddenCredential(params: string): void {
  const names = params.split('&').map((parameter) => parameter.slice(0, parameter.indexOf('=')));
  const found = names.find((name) => /pass|pwd|secret|token|api_?key/i.test(name));
  if (found === undefined) return;
  const hint = 'take it out of the URL and store it as a field: secretctl set NAME --field password';
  throw new SecretctlError('bad-data', `the URL has a credential among its parameters (${found})`, hint);
}

interface Parts {
  readonly user: string;
  readonly password: string;
  readonly hosts: string;
  readonly path: string;
  readonly params: string;
}

function engineOf(scheme: string): Engine | undefined {
  return Object.entries(ENGINES).find(([name]) => name === scheme)?.[1];
}

/** A `?` begins the parameters when what follows reads like parameters and what precedes like a place; else it is of the password. */
function splitRest(rest: string): Parts | undefined {
  for (let mark = rest.indexOf('?'); mark !== -1; mark = rest.indexOf('?', mark + 1)) {
    const params = rest.slice(mark + 1);
    const parts = PARAMS.test(params) ? splitPlace(rest.slice(0, mark), params) : undefined;
    if (parts !== undefined) return parts;
  }
  return splitPlace(rest, '');
}

function splitPlace(text: string, params: string): Parts | undefined {
  const at = text.lastIndexOf('@');
  const { hosts, path = '' } = PLACE.exec(text.slice(at + 1))?.groups ?? {};
  if (hosts === undefined) return undefined;
  const userInfo = text.slice(0, Math.max(at, 0));
  const colon = userInfo.indexOf(':');
  const [user, password] = colon === -1 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  return { user, password, hosts, path, params };
}

/** Several hosts stay one text with their ports; no host is this one. */
function placeFields(hosts: string, engine: Engine): readonly (readonly [string, string | undefined])[] {
  refuseBadPort(hosts);
  if (hosts.includes(',')) return [['host', hosts]];
  const { host = 'localhost', port = engine.port } = ONE_HOST.exec(hosts)?.groups ?? {};
  return [
    ['host', host.startsWith('[') ? host.slice(1, -1) : decodePercent(host)],
    ['port', port],
  ];
}

function refuseBadPort(hosts: string): void {
  const ports = hosts.split(',').map((host) => ONE_HOST.exec(host)?.groups?.['port'] ?? '1');
  const found = ports.find((port) => Number(port) < 1 || Number(port) > 65_535);
  if (found === undefined) return;
  const hint = 'a port is 1 to 65535; a password with : or @ in it may have been taken for a port';
  throw new SecretctlError('bad-data', 'the port of this URL is none', hint);
}

/** IPv6 in brackets, several hosts as they are; a socket's folder or anything odd is encoded. */
function hostOf(host: string): string {
  if (host.includes(',') && PLACE.test(host)) return host;
  const bracketed = `[${host}]`;
  return host.includes(':') && ONE_HOST.test(bracketed) ? bracketed : encodePercent(host);
}

/** A `%` that begins no valid escape stands for itself. */
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** RFC 3986 §2.3: all but the unreserved characters; encodeURIComponent leaves five more. */
function encodePercent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}
