import type {Mount} from '../../host/mounts.ts';
import type {PathElement, PathWalk} from '../../host/path-walk.ts';
import type {AccessFinding, AccessNeed, AccessStep} from '../../model/access-report.ts';
import type {HostResource} from '../../model/host-resource.ts';
import type {Actor, ElementFacts} from './access-facts.ts';
import {adviseRemedies} from './advise.ts';
import {type AccountWords, closedFuse, explainRefusal} from './explain-refusal.ts';
import {isClosedTo, isNetwork} from './file-systems.ts';

/** A file or device that a guest's process opens. */
export interface WantedAccess extends Pick<HostResource, 'path' | 'device' | 'created'> {
  readonly role: AccessFinding['role'];
  readonly access: AccessFinding['access'];
  readonly isDirectory: boolean;
}

/** An element of a path and what is needed of it. */
export interface NeededStep {
  readonly element: PathElement;
  readonly needs: readonly AccessNeed[];
}

/** What a process needs of each element on its way to a file; of a link itself nothing is needed. */
export function neededSteps(walk: PathWalk, wanted: WantedAccess): readonly NeededStep[] {
  const elements = walk.elements.filter(({kind}) => kind !== 'link');
  const reached = walk.stoppedAt === undefined;
  return elements.map((element, index) => {
    const isLast = index === elements.length - 1;
    if (!isLast) return {element, needs: ['search']};
    if (reached) return {element, needs: leafNeeds(element, wanted)};
    return {element, needs: walk.stoppedAt?.why === 'missing' && wanted.created ? ['create'] : ['search']};
  });
}

function leafNeeds({kind}: PathElement, {access, isDirectory}: WantedAccess): readonly AccessNeed[] {
  if (access === 'execute') return ['execute'];
  if (kind !== 'directory' && !isDirectory) return [access];
  return access === 'write' ? ['read', 'create'] : ['read', 'search'];
}

/** The kernel's answer to one need; undefined where it could not be asked. */
export type Answer = (path: string, need: AccessNeed) => boolean | undefined;

/** What judging takes from outside. */
export interface JudgeContext {
  readonly actor: Actor;
  readonly words: AccountWords;
  readonly answer: Answer;
  readonly factsOf: (element: PathElement) => ElementFacts;
  readonly mountOf: (path: string) => Mount | undefined;
  /** Why a start cannot make a file the guest's that it would; undefined for every other. */
  readonly keepsOwner: (path: string) => string | undefined;
}

/** Whether a process reaches a file, and if not, the element that refuses, why, and what would help. */
export function judgeAccess(wanted: WantedAccess, walk: PathWalk, context: JudgeContext): AccessFinding {
  const {role, device, path, access} = wanted;
  const judged = neededSteps(walk, wanted).map(step => ({...step, verdict: verdictOf(step, context.answer)}));
  const steps = judged.map(({element, needs, verdict}) => accessStep(element, needs, verdict));
  const links = walk.elements.filter(({kind}) => kind === 'link').map(link => accessStep(link, [], 'allowed'));
  const base = {
    role,
    path,
    access,
    steps: inOrder(walk, [...steps, ...links]),
    ...(device === undefined ? {} : {device}),
  };
  const refusing = judged.find(({verdict}) => verdict === 'refused');
  if (refusing) {
    const facts = context.factsOf(refusing.element);
    const needs = refusing.needs.filter(need => context.answer(refusing.element.path, need) === false);
    const kept = context.keepsOwner(refusing.element.path);
    const why = `${refusing.element.path}: ${explainRefusal(facts, needs, context.actor, context.words)}`;
    return {
      ...base,
      verdict: 'refused',
      why: kept === undefined ? why : `${why}; a start cannot make it the guest's: ${kept}`,
      remedies: adviseRemedies(facts, needs, context.actor, context.words),
    };
  }
  if (walk.stoppedAt && !(walk.stoppedAt.why === 'missing' && wanted.created))
    return stopped(base, walk.stoppedAt, context);
  const isKnown = judged.every(({verdict}) => verdict === 'allowed');
  return {...base, verdict: isKnown ? 'ok' : 'unknown', remedies: []};
}

function verdictOf({element, needs}: NeededStep, answer: Answer): AccessStep['verdict'] {
  const answers = needs.map(need => answer(element.path, need));
  if (answers.includes(false)) return 'refused';
  return answers.includes(undefined) ? 'unknown' : 'allowed';
}

function stopped(
  base: Omit<AccessFinding, 'verdict' | 'remedies'>,
  {path, why}: NonNullable<PathWalk['stoppedAt']>,
  context: JudgeContext,
): AccessFinding {
  const steps = [...base.steps, {path, needs: [], verdict: 'missing' as const}];
  switch (why) {
    case 'missing':
      return {...base, steps, verdict: 'missing', why: `${path}: ${missingWords(base.steps.at(-1))}`, remedies: []};
    case 'loop':
      return {...base, steps, verdict: 'missing', why: `${path}: its links lead round and round`, remedies: []};
    case 'unreadable':
      return hidden(base, path, context);
  }
}

/** A link that leads nowhere is named, and a file where a directory has to be. */
function missingWords(last: AccessStep | undefined): string {
  const words = 'there is no such file or directory';
  if (last?.kind === 'link') return `${words}, and ${last.path} is a link to it`;
  return last?.kind === 'directory' || last === undefined ? words : `${last.path} is no directory`;
}

/** Of what this program may not look at, the kernel's answer for the guest's user is all that there is. */
function hidden(
  base: Omit<AccessFinding, 'verdict' | 'remedies'>,
  path: string,
  {actor, words, answer, mountOf}: JudgeContext,
): AccessFinding {
  const mount = mountOf(path);
  const step = (verdict: AccessStep['verdict']) => [...base.steps, {path, needs: [], verdict}];
  if (mount && isClosedTo(mount, actor)) {
    const why = `${path}: ${closedFuse(mount, words)}`;
    return {...base, steps: step('refused'), verdict: 'refused', why, remedies: []};
  }
  if (answer(base.path, base.access) === true) return {...base, verdict: 'ok', remedies: []};
  const server = mount && isNetwork(mount.fsType) ? `, as the ${mount.fsType} server takes root for nobody` : '';
  const why = `${path}: this program itself may not look at it${server}`;
  if (answer(base.path, base.access) === undefined)
    return {...base, steps: step('unknown'), verdict: 'unknown', why, remedies: []};
  const both = `${why}, and ${words.user(actor.uid)} cannot open ${base.path}`;
  return {...base, steps: step('refused'), verdict: 'refused', why: both, remedies: []};
}

function accessStep(element: PathElement, needs: readonly AccessNeed[], verdict: AccessStep['verdict']): AccessStep {
  const {path, kind, mode, uid, gid, target} = element;
  return {path, kind, mode, uid, gid, needs, verdict, ...(target === undefined ? {} : {target})};
}

function inOrder(walk: PathWalk, steps: readonly AccessStep[]): readonly AccessStep[] {
  const order = new Map(walk.elements.map(({path}, index) => [path, index]));
  return steps.toSorted((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
}
