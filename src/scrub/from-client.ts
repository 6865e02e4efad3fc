// A line of the client, in a session in which masks were handed out. What it sends back of them is put in their place again,
// only in the field that takes it; a mask among the arguments of a tool stands for nothing, and is refused.

import { answerLine, errorAnswer } from './answers.js';
import type { EchoKind, EchoMap } from './echo.js';
import { membersAt, messagesIn, stringAt } from './json-values.js';
import type { Member } from './json-values.js';
import { JsonScanner } from './json-strings.js';
import { isMessage } from './message.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';

export interface FromClient {
  /** What goes to the server: the very Buffer that was given when nothing changes. Undefined: nothing goes. */
  readonly forward: Buffer | undefined;
  /** What the client gets for a line that was refused, without a newline; undefined when nobody waits for an answer. */
  readonly answer?: Buffer | undefined;
}

/** As the exit status for bad data; outside of what JSON-RPC and MCP reserve. */
const REFUSED = 65;
const REASON =
  'the arguments hold a placeholder of a scrubbed credential; it stands for nothing, so the request was not passed on';

/** A line without its newline. Never throws for what a client may send. */
export function fromClient(line: Buffer, echoes: EchoMap): FromClient {
  if (!isMessage(line)) return { forward: line };
  const { isBatch, starts } = messagesIn(line);
  const requests = starts.map((start) => requestAt(line, start));
  if (requests.some((request) => request.params.some((params) => holdsMask(line, params, echoes))))
    return { forward: undefined, answer: refusal(line, requests, isBatch) };
  const edits = requests.flatMap((request) => restored(line, request, echoes));
  return { forward: edits.length === 0 ? line : splice(line, edits) };
}

interface Request {
  readonly method: string;
  readonly id: Member | undefined;
  /** Of each `params` there is: which of several counts, only the server knows. */
  readonly params: readonly Member[];
}

function requestAt(line: Buffer, at: number): Request {
  const members = membersAt(line, at);
  const last = (key: string): Member | undefined => members.findLast((member) => member.key === key);
  const method = last('method');
  return {
    method: method === undefined ? '' : stringAt(line, method),
    id: last('id'),
    params:
      method === undefined
        ? []
        : members.filter(({ key }) => key === 'params').flatMap(({ start }) => membersAt(line, start)),
  };
}

/** `[REDACTED:name]` anywhere, `REDACTED` as the password of a URI, or the URI of a resource as the client has it. */
const MASK = /\[(?:REDACTED[:\]]|MASKED\])|:\/\/[^\s/@"']{0,256}:REDACTED(?:-\d{1,3})?@/;

function holdsMask(line: Buffer, { key, start, end }: Member, echoes: EchoMap): boolean {
  if (key !== 'arguments') return false;
  const bytes = line.subarray(start, end);
  const scanner = new JsonScanner(bytes);
  for (let token = scanner.next(); token !== 'end' && token !== 'error'; token = scanner.next()) {
    if (token === 'number') continue;
    const text = stringAt(bytes, { start: scanner.start - 1, end: scanner.end + 1 });
    if (MASK.test(text) || echoes.original(['uri'], text) !== undefined) return true;
  }
  return false;
}

/** An error for each id in the line; of a batch nothing is passed on. */
function refusal(line: Buffer, requests: readonly Request[], isBatch: boolean): Buffer | undefined {
  const errors = requests.flatMap(({ id, method }) =>
    id === undefined || method === '' ? [] : [errorAnswer(line.toString('utf8', id.start, id.end), REFUSED, REASON)],
  );
  return answerLine(errors, isBatch);
}

type Edit = Omit<ByteEdit, 'name'>;

function restored(line: Buffer, { method, params }: Request, echoes: EchoMap): readonly Edit[] {
  return params.flatMap((member) => {
    const own = edit(line, member, kindsOf(method, member.key), echoes);
    if (method !== 'completion/complete' || member.key !== 'ref') return own;
    return membersAt(line, member.start).flatMap((inner) => edit(line, inner, REFERENCES.get(inner.key) ?? [], echoes));
  });
}

const REFERENCES: ReadonlyMap<string, readonly EchoKind[]> = new Map([
  ['uri', ['uri', 'template']],
  ['name', ['prompt']],
]);

/** What this parameter of this method returns. */
function kindsOf(method: string, key: string): readonly EchoKind[] {
  switch (key) {
    case 'uri':
      return /^resources\/(?:read|subscribe|unsubscribe)$/.test(method) ? ['uri', 'template'] : [];
    case 'cursor':
      return method.endsWith('/list') ? ['cursor'] : [];
    case 'requestState':
      return ['state'];
    case 'taskId':
      return method.startsWith('tasks/') ? ['task'] : [];
    case 'name':
      return method === 'tools/call' ? ['tool'] : method === 'prompts/get' ? ['prompt'] : [];
    default:
      return [];
  }
}

function edit(line: Buffer, { start, end }: Member, kinds: readonly EchoKind[], echoes: EchoMap): readonly Edit[] {
  const original = kinds.length === 0 ? undefined : echoes.original(kinds, stringAt(line, { start, end }));
  return original === undefined ? [] : [{ start: start + 1, end: end - 1, mask: original.toString('latin1') }];
}
