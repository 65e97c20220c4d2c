import {readTextIfThere} from './files.ts';

/** Names of users and groups as the host's files give them; a number that has none is shown as itself. */
export interface AccountNames {
  user(uid: number): string;
  group(gid: number): string;
}

/** Reads `/etc/passwd` and `/etc/group`. @see passwd(5), group(5) */
export async function readAccountNames(): Promise<AccountNames> {
  const users = parseAccounts((await readTextIfThere('/etc/passwd')) ?? '');
  const groups = parseAccounts((await readTextIfThere('/etc/group')) ?? '');
  return {user: uid => users.get(uid) ?? String(uid), group: gid => groups.get(gid) ?? String(gid)};
}

/** Number to name from a file with lines `name:password:number:...`; the first line of a number counts. */
export function parseAccounts(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
