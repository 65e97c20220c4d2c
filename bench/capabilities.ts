import {rmSync} from 'node:fs';
import path from 'node:path';
import {type FigureGroup, median, ratioOf} from './figure.ts';
import {type Lab, timeCommand} from './lab.ts';
import {hasLibvirt, timeLibvirtCold} from './libvirt-session.ts';
import {timeToFirstFrame} from './start-up.ts';

const WITHOUT = ({emulator}: Lab) => (emulator === undefined ? 'there is no emulator' : undefined);

/** What a user waits for who asks again. */
export const cachedCapabilities: FigureGroup = {
  figures: [{id: 'capabilities', title: 'virtty capabilities, all known / node -e 0', unit: 'x', target: 1.6}],
  unable: WITHOUT,
  async measure(lab) {
    const [known, bare]: [number[], number[]] = [[], []];
    await timeCommand(lab.command('capabilities'));
    for (let run = 0; run < lab.runs; run++) {
      bare.push(await timeCommand([process.execPath, '-e', '0']));
      known.push(await timeCommand(lab.command('capabilities')));
    }
    return [ratioOf(known, bare, 'node')];
  },
};

/** Whether the screen is held up while emulators are asked behind it. */
export const coldFirstFrame: FigureGroup = {
  figures: [{id: 'first-frame-cold', title: 'first frame, no emulator known / all known', unit: 'x', target: 1.1}],
  unable: WITHOUT,
  async measure(lab) {
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let run = 0; run < lab.runs; run++) {
      await timeCommand(lab.command('capabilities'));
      warm.push(await timeToFirstFrame(lab.command()));
      forget(lab);
      cold.push(await timeToFirstFrame(lab.command()));
    }
    return [ratioOf(cold, warm, 'all known')];
  },
};

/** All emulators of the host, of none of which anything is known. */
export const coldProbe: FigureGroup = {
  figures: [{id: 'cold-probe', title: 'virtty capabilities, nothing known', unit: 'ms', target: 8000}],
  unable: WITHOUT,
  async measure(lab) {
    const times: number[] = [];
    for (let run = 0; run < Math.min(lab.runs, 5); run++) times.push(await timeCold(lab));
    const value = median(times);
    return [
      {value, detail: `${times.length} runs, ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`},
    ];
  },
};

/** Beside libvirt on the same machine, in turns: ours, libvirt's, ours. */
export const coldProbeBesideLibvirt: FigureGroup = {
  figures: [{id: 'cold-probe-libvirt', title: 'the same / virsh capabilities', unit: 'x', target: 0.33}],
  unable: lab => WITHOUT(lab) ?? hasLibvirt(),
  async measure(lab) {
    const before = await timeCold(lab);
    const libvirt = await timeLibvirtCold();
    return [ratioOf([before, await timeCold(lab)], [libvirt], 'virsh')];
  },
};

function timeCold(lab: Lab): Promise<number> {
  forget(lab);
  return timeCommand(lab.command('capabilities'));
}

function forget({root}: Lab): void {
  rmSync(path.join(root, 'cache'), {recursive: true, force: true});
}
