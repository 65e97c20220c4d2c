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

/** Numbers of users and groups; undefined for what is neither a name of the host's files nor a number. */
export interface AccountIds {
  user(name: string): number | undefined;
  group(name: string): number | undefined;
}

/** Reads `/etc/passwd` and `/etc/group` for their numbers. `+NUMBER` is a number also where it is a name, `NUMBER` where it is none. */
export async function readAccountIds(): Promise<AccountIds> {
  const users = parseIds((await readTextIfThere('/etc/passwd')) ?? '');
  const groups = parseIds((await readTextIfThere('/etc/group')) ?? '');
  const find = (ids: ReadonlyMap<string, number>, name: string) =>
    ids.get(name) ?? (/^\+?\d{1,10}$/.test(name) ? Number(name) : undefined);
  return {user: name => find(users, name), group: name => find(groups, name)};
}

function parseIds(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').map(line => line.split(':'));
  return new Map(
    lines.flatMap(([name, , id]) => (name && id && /^\d+$/.test(id) ? [[name, Number(id)] as const] : [])),
  );
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
