import {homedir, userInfo} from 'node:os';

/** As whom this process runs. */
export interface CurrentUser {
  /** Effective, as the group. */
  readonly uid: number;
  readonly gid: number;
  /** The number itself where the host's database has no such user. */
  readonly name: string;
  readonly home: string;
}

/**
 * Who runs this program, also a user without an entry in the database: a container or a service may choose any number.
 *
 * @param env  whose `HOME` counts before the database
 */
export function currentUser(env: Readonly<Record<string, string | undefined>> = process.env): CurrentUser {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  return {
    uid,
    gid,
    name: orElse(() => userInfo().username, String(uid)),
    home: env.HOME || orElse(homedir, '/'),
  };
}

/** Node throws where the database has no entry. @see Node, os.userInfo and os.homedir */
function orElse(ask: () => string, otherwise: string): string {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
