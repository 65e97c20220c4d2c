import {type FigureGroup, ratioOf} from './figure.ts';
import {GUEST, timeCommand} from './lab.ts';
import {ScreenSession} from './screen-session.ts';

/** How long the program takes to say something, against Node doing nothing. */
export const startUp: FigureGroup = {
  figures: [
    {id: 'first-frame', title: 'start to first complete frame / node -e 0', unit: 'x', target: 8},
    {id: 'list', title: 'virtty list / node -e 0', unit: 'x', target: 2},
  ],
  async measure(lab) {
    const [frames, lists, bare]: number[][] = [[], [], []];
    await timeCommand(lab.command('list', '--all')); // the first one probes emulators and fills caches
    for (let run = 0; run < lab.runs; run++) {
      bare?.push(await timeCommand([process.execPath, '-e', '0']));
      lists?.push(await timeCommand(lab.command('list', '--all')));
      frames?.push(await timeToFirstFrame(lab.command()));
    }
    return [ratioOf(frames ?? [], bare ?? [], 'node'), ratioOf(lists ?? [], bare ?? [], 'node')];
  },
};

/** Milliseconds until the first frame is complete: the domains are there, and so is the last row. */
export async function timeToFirstFrame(command: readonly [string, ...string[]]): Promise<number> {
  const screen = new ScreenSession(command);
  const isComplete = (text: string) => text.includes(GUEST) && text.slice(text.lastIndexOf('\n') + 1).trim() !== '';
  const shownAt = await screen.waitFor('first frame', isComplete);
  await screen.close();
  return shownAt - screen.startedAt;
}
