import {isExecutable} from './files.ts';

/** Where programs of the system are; what the user has put into PATH does not count. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The absolute path of a program of this system; undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const directory of DIRECTORIES) {
    if (await isExecutable(`${directory}/${name}`)) return `${directory}/${name}`;
  }
  return undefined;
}
