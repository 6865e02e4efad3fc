// Lines that relays are known to drop or to rewrite: unusual, and all of them what some server or client writes. None of them
// holds a credential.

const TEXTS = [
  '{"jsonrpc":"2.0","id":9007199254740993,"result":{"n":9223372036854775807,"d":1.0,"e":1e400,"E":1E400,"z":-0}}',
  '{"jsonrpc":"2.0","id":1,"result":{"long":0.10000000000000000001,"digits":123456789012345678901234567890}}',
  '{"result":{"a":1,"a":2,"__proto__":{"x":1},"10":1,"2":2},"id":"x","jsonrpc":"2.0"}',
  '  {"id" : null , "error":{"code":1.5,"message":"é \\u00e9 \\/ \\ud800","extra":[]},"more":true}  ',
  '{"jsonrpc":"2.0","id":1,"error":{"code":-32603}}',
  '{"jsonrpc":"2.0","error":{"code":-32700,"message":"no id"}}',
  '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"both"}}',
  '{"jsonrpc":"2.0","id":1.5,"result":{}}',
  '{"jsonrpc":"2.0","id":1,"result":null}',
  '{"jsonrpc":"2.0","id":1,"result":[1,2]}',
  '{"jsonrpc":"2.0","id":{"odd":true},"result":[]}',
  '{"id":1,"result":{"no":"jsonrpc"}}',
  '[{"jsonrpc":"2.0","id":1,"result":null},{"jsonrpc":"2.0","method":"n"}]',
  '[]',
  '{}',
  '{"jsonrpc":"2.0","method":"notifications/unknown","params":null}',
  '{"jsonrpc":"2.0","method":"notifications/unknown","params":[1,"a"]}',
  '{"jsonrpc":"2.0","method":"notifications/x","id":null}',
  '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{"bad":1},"progress":1}}',
  '{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
  '{"jsonrpc":"2.0","id":2,"result":{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create","params":{}}},"requestState":"b3BhcXVl"}}',
  '{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}}}',
  '{"jsonrpc":"2.0","unknown":{"top":"level"},"method":"com.example/unknown","params":{"_meta":{"x/y":1}}}',
  '{"jsonrpc":"2.0","method":"n","params":{"text":"\u00a0\u200b\u200d\u00ad\u2028\u2029\ufffd 東京 🗼"}}',
  '{"jsonrpc":"2.0","method":"n","params":{"text":"lone \\udc00 and \\ud83d, \\u0000, \\u007f"}}',
  '{"jsonrpc":"2.0",\t"method" :"n",\t"params": { } }\r',
  '',
  '\r',
  ' ',
];

/** Without their newlines. */
export const AWKWARD_LINES: readonly Buffer[] = [
  ...TEXTS.map((text) => Buffer.from(text)),
  // Bytes that are not UTF-8, inside a string.
  Buffer.concat([
    Buffer.from('{"jsonrpc":"2.0","method":"n","params":{"text":"'),
    Buffer.of(0xff, 0xc3, 0x28),
    Buffer.from('"}}'),
  ]),
];
