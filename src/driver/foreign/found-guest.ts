import type {ListedProcess} from '../../host/process-list.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import type {Domain} from '../domain.ts';
import type {GuestChannels} from './guest-channels.ts';

/** A guest that others started, with what was read of it once. */
export interface FoundGuest {
  readonly process: ListedProcess;
  readonly channels: GuestChannels;
  /** The slaves of its ptys in the order of making; undefined where this user may not know. */
  readonly ptys: readonly string[] | undefined;
  /** Absent for a command line with errors. */
  readonly def?: DomainDef;
  readonly domain: Domain;
}
