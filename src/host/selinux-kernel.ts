import {closeSync, openSync, readFileSync, readSync, writeSync} from 'node:fs';

/** A question of who may do what: whether `source` has a permission of a class over `target`. */
export interface AccessQuestion {
  /** A context, as `target`. */
  readonly source: string;
  readonly target: string;
  /** The kernel's, e.g. `process`. */
  readonly class: string;
  readonly permission: string;
}

/** What the kernel answers about its SELinux policy. Undefined: it does not say, or not to this process. */
export interface SelinuxKernel {
  /** Whether the policy has a context. */
  knows(context: string): boolean | undefined;
  allows(question: AccessQuestion): boolean | undefined;
  /** The context that a process in `source` gets when it executes a file of `target`, unless it asks for another. */
  becomes(source: string, target: string): string | undefined;
  /** Whether the policy was made for a rule that came later, e.g. `nnp_nosuid_transition`. */
  hasCapability(name: string): boolean | undefined;
}

/**
 * The kernel of this host.
 *
 * @param root  instead of `/`, for a tree that was copied
 * @see Linux, security/selinux/selinuxfs.c: `context`, `access` and `create` take one write each, and answer a read
 */
export function selinuxKernel(root = ''): SelinuxKernel {
  const folder = `${root}/sys/fs/selinux`;
  const number = (path: string) => {
    const text = textOf(`${folder}/${path}`);
    return text === undefined ? undefined : Number(text);
  };
  return {
    knows: context => {
      const answer = ask(`${folder}/context`, context);
      return answer.is === 'text' ? true : answer.code === 'EINVAL' ? false : undefined;
    },
    allows: ({source, target, class: name, permission}) => {
      const [index, bit] = [number(`class/${name}/index`), number(`class/${name}/perms/${permission}`)];
      if (index === undefined || bit === undefined) return undefined;
      const answer = ask(`${folder}/access`, `${source} ${target} ${index}`);
      const allowed = answer.is === 'text' ? Number.parseInt(answer.text, 16) : Number.NaN;
      return Number.isNaN(allowed) ? undefined : (allowed >>> (bit - 1)) % 2 === 1;
    },
    becomes: (source, target) => {
      const index = number('class/process/index');
      const answer = index === undefined ? undefined : ask(`${folder}/create`, `${source} ${target} ${index}`);
      return answer?.is === 'text' ? answer.text : undefined;
    },
    hasCapability: name => {
      const value = number(`policy_capabilities/${name}`);
      return value === undefined ? undefined : value === 1;
    },
  };
}

type Answer = {readonly is: 'text'; readonly text: string} | {readonly is: 'error'; readonly code: string};

/** A page, as much as the kernel takes and gives. */
const MAX_BYTES = 4096;

function ask(path: string, question: string): Answer {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r+');
    writeSync(fd, question);
    const buffer = Buffer.alloc(MAX_BYTES);
    const length = readSync(fd, buffer, 0, MAX_BYTES, 0);
    return {is: 'text', text: buffer.toString('utf8', 0, length).replace(/[\0\n]+$/, '')};
  } catch (error) {
    return {is: 'error', code: error instanceof Error && 'code' in error ? String(error.code) : ''};
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not there, or not shown: said above
  }
}
