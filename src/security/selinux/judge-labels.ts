import type {AccessFinding, AccessNeed, AccessStep, ElementKind, Remedy} from '../../model/access-report.ts';
import {adviseLabels} from './advise-labels.ts';
import {formatContext, parseContext} from './context.ts';
import type {LabelQuestion, LabelView} from './label-view.ts';

/** What labels add to findings. */
export interface JudgedLabels {
  readonly findings: readonly AccessFinding[];
  readonly notes: readonly string[];
}

/**
 * Findings with what SELinux refuses: it is asked after modes and access control lists, element by element. The emulator is
 * left out: the kernel asks other things for a program that is executed, and a start looks at them by itself.
 *
 * @see Linux, security/selinux/include/classmap.h for the names
 */
export function judgeLabels(findings: readonly AccessFinding[], view: LabelView): JudgedLabels {
  const notes = new Set<string>();
  const judged = findings.map(finding => {
    if (finding.role === 'emulator' || (finding.verdict !== 'ok' && finding.verdict !== 'unknown')) return finding;
    const refusing = finding.steps.map(step => refusedBy(step, view)).find(one => one !== undefined);
    if (refusing === undefined) return finding;
    if (refusing === 'unknown') {
      notes.add(
        `the policy does not let virtty ask what labels allow: '${view.process}' may be refused, which is in the kernel's log (ausearch -m avc); an administrator's shell may ask (virtty explain there)`,
      );
      return finding;
    }
    if (view.isEnforcing) return {...finding, ...refusing, verdict: 'refused' as const};
    notes.add(`SELinux only logs (permissive), else it would refuse: ${refusing.why}`);
    return finding;
  });
  return {findings: judged, notes: [...notes]};
}

interface Refusal {
  readonly why: string;
  readonly remedies: readonly Remedy[];
}

function refusedBy({path, kind, needs}: AccessStep, view: LabelView): Refusal | 'unknown' | undefined {
  const target = view.labelOf(path);
  const permissions = kind === undefined ? [] : permissionsFor(kind, needs);
  if (target === undefined || kind === undefined || permissions.length === 0) return undefined;
  const question = {path, class: CLASSES[kind] ?? 'file', permissions};
  const answers = permissions.map(permission =>
    view.allows({source: view.process, target, class: question.class, permission}),
  );
  const lacking = permissions.filter((_, index) => answers[index] === false);
  if (lacking.length > 0)
    return {why: describe(question, target, lacking, view), remedies: adviseLabels(question, target, view)};
  return answers.includes(undefined) ? 'unknown' : undefined;
}

const CLASSES: Readonly<Record<ElementKind, string | undefined>> = {
  directory: 'dir',
  file: 'file',
  'block device': 'blk_file',
  'character device': 'chr_file',
  socket: 'sock_file',
  pipe: 'fifo_file',
  link: 'lnk_file',
  other: undefined,
};

function permissionsFor(kind: ElementKind, needs: readonly AccessNeed[]): readonly string[] {
  if (kind === 'link') return ['read'];
  if (kind === 'socket') return needs.length === 0 ? [] : ['write'];
  const all = needs.flatMap(need => PERMISSIONS[need]);
  return [...new Set(all)];
}

const PERMISSIONS: Readonly<Record<AccessNeed, readonly string[]>> = {
  search: ['search'],
  read: ['open', 'read'],
  write: ['open', 'read', 'write'],
  execute: ['open', 'read', 'execute'],
  create: ['search', 'write', 'add_name'],
};

function describe(question: LabelQuestion, target: string, lacking: readonly string[], view: LabelView): string {
  const {path, class: name} = question;
  const says = `${path}: SELinux refuses '${view.process}' ${lacking.join(', ')} (${name}) at the label '${target}'`;
  return isOfOtherCategories(question, target, view) ? `${says}, which has the categories of another guest` : says;
}

/** The type would do, with the guest's own categories. */
function isOfOtherCategories({class: name, permissions}: LabelQuestion, target: string, view: LabelView): boolean {
  const range = parseContext(view.process)?.range;
  const context = parseContext(target);
  if (!context || range === undefined || context.range === range) return false;
  const own = formatContext({...context, range});
  return permissions.every(permission => view.allows({source: view.process, target: own, class: name, permission}));
}
