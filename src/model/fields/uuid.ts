import {normaliseUuid} from '../domain/parse-identity.ts';
import {normalised} from './scalar.ts';

/** A UUID, printed in lower case with dashes. */
export const uuidText = normalised(normaliseUuid, 'a UUID of 32 hexadecimal digits');
