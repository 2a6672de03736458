/** Errors as Infobip writes them. */
import { fieldsIn, objectsIn, wordIn, type Fields } from './json-fields';
import { idText } from './gateway-answer';

/** Of v3 and of the APIs before it. */
export function errorCodeOf({ errorCode, requestError }: Fields): string | undefined {
  return wordIn(errorCode) ?? wordIn(serviceException(requestError)['messageId']);
}

function serviceException(requestError: unknown): Fields {
  return fieldsIn(fieldsIn(requestError)['serviceException']);
}

export function blamesNumber({ violations, requestError }: Fields): boolean {
  const named = objectsIn(violations).map(({ property }) => idText(property) ?? '');
  const earlier = Object.keys(fieldsIn(serviceException(requestError)['validationErrors']));
  return [...named, ...earlier].some((property) => /(^|\.)to$/.test(property));
}
