import {isUuidForm, normaliseUuid, UUID_FORM} from '../domain/parse-identity.ts';
import {normalised, written} from './scalar.ts';

/** A UUID, printed in lower case with dashes. */
export const uuidText = written(normalised(normaliseUuid, 'a UUID of 32 hexadecimal digits'), isUuidForm, UUID_FORM);
