import {quoteWord} from '../../base/quote-shell.ts';
import type {Remedy} from '../../model/access-report.ts';
import {commandRemedy} from '../access/remedy.ts';
import {categoriesOf, parseContext} from './context.ts';
import type {LabelQuestion, LabelView} from './label-view.ts';

/**
 * What would let a process in whom SELinux refuses: the switch of the policy for file systems that keep no labels, another label
 * for a file, or for a whole file system when it is mounted. A label is advised when the kernel says that it would do.
 *
 * @see libvirt 0.7.1, docs/drvqemu.html, "SELinux basic confinement"
 */
export function adviseLabels(question: LabelQuestion, target: string, view: LabelView): readonly Remedy[] {
  const {path} = question;
  const mount = view.mountOf(path);
  const wanted = view.candidates.find(label => isEnough(question, label, view));
  if (mount && !mount.superOptions.includes('seclabel')) {
    const policySwitch = view.switchOf(mount.fsType);
    const anew = mountedAnew(mount, view);
    if (policySwitch?.isOn === false) return [switchOn(policySwitch.name, mount.fsType), ...anew];
    return anew;
  }
  if (wanted === undefined) return [];
  const now = view.labelNow(path) ?? target;
  const chcon = commandRemedy({
    argv: ['chcon', wanted, path],
    changes: `${path} has the label '${wanted}' instead of '${now}', until it is labelled anew (restorecon)`,
    target: path,
    undo: ['chcon', now, path],
  });
  return [chcon, ...lasting(path, wanted)];
}

function isEnough({class: name, permissions}: LabelQuestion, target: string, {process, allows}: LabelView): boolean {
  return permissions.every(permission => allows({source: process, target, class: name, permission}));
}

function switchOn(name: string, fsType: string): Remedy {
  return commandRemedy({
    argv: ['setsebool', '-P', name, 'on'],
    changes: `every guest of this host may use files on ${fsType}; the switch is off now`,
    undo: ['setsebool', '-P', name, 'off'],
  });
}

/** Such a file system takes one label for all of its files when it is mounted. */
function mountedAnew(mount: {readonly point: string; readonly source: string}, {candidates}: LabelView) {
  const label = candidates.find(hasNoCategories);
  if (label === undefined) return [];
  const point = quoteWord(mount.point);
  return [
    {
      command: `umount ${point} && mount -o context=${quoteWord(`"${label}"`)} ${quoteWord(mount.source)} ${point}`,
      changes: `every file at ${mount.point} has the label '${label}'`,
    },
  ];
}

/** The policy's own table has types for paths; categories come and go with guests. */
function lasting(path: string, label: string): readonly Remedy[] {
  const type = parseContext(label)?.type;
  if (type === undefined || !hasNoCategories(label)) return [];
  const pattern = path.replace(/[.^$*+?()[\]{}|\\]/g, '\\$&');
  return [
    {
      command: `semanage fcontext -a -t ${type} ${quoteWord(pattern)} && restorecon ${quoteWord(path)}`,
      changes: `${path} has the type '${type}', also after it is labelled anew`,
    },
  ];
}

function hasNoCategories(label: string): boolean {
  const context = parseContext(label);
  return context !== undefined && categoriesOf(context) === undefined;
}
