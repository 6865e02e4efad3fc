// Who is a process, so that a lock left by a dead one is told from a lock that is held: pids are used again, and mean
// nothing on another host, after a reboot or in another pid namespace.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from '../errors.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (proc(5), field 22 of stat); empty where there is no /proc. */
  readonly start: string;
  /** Empty where the system has none. */
  readonly boot: string;
  /** Host name, and the pid namespace where there are such. */
  readonly host: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) ?? '', boot: bootId(), host: hostId() };
}

/** False for another host: what lives there cannot be seen from here. */
export function isSurelyDead(owner: ProcessIdentity): boolean {
  if (owner.host !== hostId()) return false;
  if (owner.boot !== bootId()) return true;
  const start = startOf(owner.pid);
  return start === undefined || start !== owner.start;
}

/** Undefined when no such process runs; a zombie does not run. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat !== '') return startFromStat(stat);
  return textOf('/proc/self/stat') === '' && isRunning(pid) ? '' : undefined;
}

/** The name of the command, in parentheses, may hold spaces and parentheses: count from the last one. */
function startFromStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id').trim();
}

function hostId(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
