// Everything the demo needs before the first question: a database, a vault, a profile, its pin. And its end.

import { newHome, nodeProfile, postgresVariables } from '../test/support/home.js';
import { connect, type Session } from '../test/support/mcp.js';
import { startPostgres } from '../test/support/postgres.js';
import { serverPostgres } from '../test/support/project.js';
import { openShop, type Shop } from '../test/support/shop.js';

const PROFILE = 'shop';

export interface Stage {
  readonly shop: Shop;
  readonly port: number;
  readonly version: string;
  /** The official server, started by the client itself. */
  readonly direct: Session;
  /** The same server behind `secretctl mcp-launch`. */
  readonly launched: Session;
}

/** Sets the stage, hands it to `act` and clears it away, whatever happens; `signal` stops it between two steps. */
export async function onStage<T>(signal: AbortSignal, act: (stage: Stage) => Promise<T>): Promise<T> {
  const ends: (() => Promise<void>)[] = [];
  const keep = <U extends object>(thing: U, end: () => Promise<void>): U => {
    // The last that came up ends first: the servers before the database, and the home of secretctl at the very end.
    ends.unshift(end);
    signal.throwIfAborted();
    return thing;
  };
  try {
    // A fresh vault with the connection in it, a profile that names it, and the pin that stands for a person's consent.
    const home = await newHome('secretctl-demo-').then((made) => keep(made, made.remove));
    const postgres = await startPostgres().then((started) => keep(started, started.stop));
    const shop = await openShop(postgres, 'shop');
    await home.demand(['set', 'db/shop'], `${shop.url}\n`);
    const server = [serverPostgres, 'postgres:///'];
    const pin = await home.addProfile(PROFILE, nodeProfile(PROFILE, server, postgresVariables('secret://db/shop')));
    const direct = await connect({ command: process.execPath, args: server, env: shop.env });
    keep(direct, () => endDirect(direct));
    const launched = await home.launch(PROFILE, pin);
    keep(launched, launched.close);
    const [row] = await postgres.run('SHOW server_version');
    return await act({ shop, port: postgres.port, version: String(row?.['server_version']), direct, launched });
  } finally {
    for (const end of ends) await end();
  }
}

/** At the end of its stdin the server lives on while its connections are idle; the SDK's client would wait for two seconds. */
function endDirect({ pid, close }: Session): Promise<void> {
  process.kill(pid, 'SIGTERM');
  return close();
}
