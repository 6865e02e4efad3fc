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

/** Sets the stage, hands it to `act` and clears it away, whatever happens. */
export async function onStage<T>(act: (stage: Stage) => Promise<T>): Promise<T> {
  const ends: (() => Promise<void>)[] = [];
  try {
    // A fresh vault with the connection in it, a profile that names it, and the pin that stands for a person's consent.
    const home = await newHome('secretctl-demo-');
    ends.unshift(home.remove);
    const postgres = await startPostgres();
    ends.unshift(postgres.stop);
    const shop = await openShop(postgres, 'shop');
    await home.demand(['set', 'db/shop'], `${shop.url}\n`);
    const server = [serverPostgres, 'postgres:///'];
    const pin = await home.addProfile(PROFILE, nodeProfile(PROFILE, server, postgresVariables('secret://db/shop')));
    const direct = await connect({ command: process.execPath, args: server, env: shop.env });
    ends.unshift(direct.close);
    const launched = await home.launch(PROFILE, pin);
    ends.unshift(launched.close);
    const [row] = await postgres.run('SHOW server_version');
    return await act({ shop, port: postgres.port, version: String(row?.['server_version']), direct, launched });
  } finally {
    // The last that came up ends first: the clients before the database.
    for (const end of ends) await end();
  }
}
