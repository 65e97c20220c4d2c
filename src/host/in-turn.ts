/** The last job of each key: what a process does to a file is one thing, whoever in it does it. */
const last = new Map<string, Promise<unknown>>();

/**
 * Runs a job when all before it with the same key have ended, well or not. For a file of an instance, which one process
 * owns, so that nobody changes it between another's reading and writing.
 *
 * @param key  e.g. the absolute path of the file
 */
export async function inTurn<T>(key: string, job: () => Promise<T>): Promise<T> {
  const before = last.get(key);
  const run = (async () => {
    await before?.catch(() => undefined); // its own caller is told
    return job();
  })();
  last.set(key, run);
  try {
    return await run;
  } finally {
    if (last.get(key) === run) last.delete(key);
  }
}
