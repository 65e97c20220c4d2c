import type {PositionalSpec} from '../argument-spec.ts';

/** The domain that a command is about. */
export const DOMAIN: PositionalSpec = {name: 'domain', help: 'name, id or UUID of the domain'};
