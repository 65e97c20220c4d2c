import type {Mount} from '../../host/mounts.ts';
import type {AccessQuestion} from '../../host/selinux-kernel.ts';

/** What labels are judged by. */
export interface LabelView {
  /** The context of the guest's process. */
  readonly process: string;
  /** False: the kernel only logs what it would refuse. */
  readonly isEnforcing: boolean;
  /** The label of a file as a start leaves it; undefined where the host shows none. */
  readonly labelOf: (path: string) => string | undefined;
  /** As it is now. */
  readonly labelNow: (path: string) => string | undefined;
  readonly mountOf: (path: string) => Mount | undefined;
  /** The kernel's answer; undefined where it does not say, or not to this process. */
  readonly allows: (question: AccessQuestion) => boolean | undefined;
  /** The switch by which a policy lets guests use all of a type of file systems, and how it stands. */
  readonly switchOf: (fsType: string) => {readonly name: string; readonly isOn: boolean} | undefined;
  /** Labels that files of guests have, those with the guest's own categories first. */
  readonly candidates: readonly string[];
}

/** What a process needs of an element, as the kernel asks for it. */
export interface LabelQuestion {
  readonly path: string;
  readonly class: string;
  readonly permissions: readonly string[];
}
