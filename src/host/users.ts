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

/** The users and groups of this host by name and by number. */
export interface AccountDatabase {
  /** Undefined for what is neither a name of the host's files nor a number. */
  user(name: string): number | undefined;
  group(name: string): number | undefined;
  /** Undefined for a number without an entry. */
  primaryGroup(uid: number): number | undefined;
  /** The groups of which a user is a member, without the primary one. */
  groups(uid: number): readonly number[];
}

/** The kernel's numbers end before that which says "leave it as it is". @see setresuid(2) */
const NO_ID = 0xff_ff_ff_ff;

/**
 * Reads `/etc/passwd` and `/etc/group`. `+NUMBER` is a number also where it is a name, `NUMBER` where it is none.
 *
 * @see passwd(5), group(5)
 */
export async function readAccounts(): Promise<AccountDatabase> {
  return parseAccountDatabase(
    (await readTextIfThere('/etc/passwd')) ?? '',
    (await readTextIfThere('/etc/group')) ?? '',
  );
}

/** The database that the texts of passwd(5) and group(5) are. Of a number or name that is there twice the first counts. */
export function parseAccountDatabase(passwd: string, group: string): AccountDatabase {
  const [users, groups] = [parseLines(passwd), parseLines(group)];
  const find = (lines: readonly AccountLine[], name: string) => {
    const id = lines.find(line => line.name === name)?.id ?? (/^\+?\d{1,10}$/.test(name) ? Number(name) : NO_ID);
    return id < NO_ID ? id : undefined;
  };
  const entry = (uid: number) => users.find(({id}) => id === uid);
  return {
    user: name => find(users, name),
    group: name => find(groups, name),
    primaryGroup: uid => {
      const gid = entry(uid)?.rest[0];
      return gid && /^\d+$/.test(gid) ? Number(gid) : undefined;
    },
    groups: uid => {
      const name = entry(uid)?.name;
      if (name === undefined) return [];
      return groups.filter(({rest: [members = '']}) => members.split(',').includes(name)).map(({id}) => id);
    },
  };
}

interface AccountLine {
  readonly name: string;
  readonly id: number;
  readonly rest: readonly string[];
}

function parseLines(text: string): readonly AccountLine[] {
  return text.split('\n').flatMap(line => {
    const [name, , id, ...rest] = line.split(':');
    return name && id && /^\d+$/.test(id) ? [{name, id: Number(id), rest}] : [];
  });
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
