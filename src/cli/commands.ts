// Every command, in the order of the help. A new command is a file and a line here.

import { auditExport, auditList, auditPrune, auditVerify } from './audit.js';
import type { Command } from './command.js';
import { get } from './get.js';
import { exportSecrets, importSecrets } from './exchange.js';
import { generate } from './generate.js';
import { helpCommand } from './help-command.js';
import { history, rename } from './history.js';
import { identityNew, identityShow } from './identity.js';
import { init } from './init.js';
import { list, remove } from './list.js';
import { mcpLaunch } from './mcp-launch.js';
import { mergeDriver } from './merge-driver.js';
import { prefetch, profilePin } from './pin.js';
import { profileCheck, profileList, profileShow } from './profile.js';
import { recipientsAdd, recipientsList, recipientsRemove } from './recipients.js';
import { run } from './run.js';
import { scrub } from './scrub.js';
import { seal, unseal } from './seal.js';
import { set } from './set.js';
import { trust, untrust } from './trust.js';
import { slotsAdd, slotsList, slotsRemove } from './vault-slots.js';
import { vaultExport, vaultRekey, vaultVerify } from './vault.js';
import { version } from './version.js';

export const COMMANDS: readonly Command[] = [
  init,
  set,
  get,
  list,
  remove,
  rename,
  history,
  generate,
  importSecrets,
  exportSecrets,
  mcpLaunch,
  run,
  profileList,
  profileShow,
  profileCheck,
  profilePin,
  prefetch,
  trust,
  untrust,
  identityNew,
  identityShow,
  seal,
  unseal,
  recipientsList,
  recipientsAdd,
  recipientsRemove,
  mergeDriver,
  scrub,
  slotsList,
  slotsAdd,
  slotsRemove,
  vaultVerify,
  vaultRekey,
  vaultExport,
  auditList,
  auditVerify,
  auditExport,
  auditPrune,
  version,
  helpCommand(() => COMMANDS),
];
