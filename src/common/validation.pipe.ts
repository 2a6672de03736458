import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { invalidRequest } from './validation';

/**
 * Checks what carries a schema (`@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`) and
 * hands on the schema's output. Nest's own pipe does the same, but tells its exception factory neither the
 * value nor the parameter, which the messages need to say `Missing` and to name the parameter.
 */
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { schema } = metadata;
    if (schema === undefined || metadata.type === 'custom') return value;
    const accept = (result: Awaited<ReturnType<(typeof schema)['~standard']['validate']>>): unknown => {
      if (result.issues) throw invalidRequest(result.issues, value, metadata.data ?? metadata.type);
      return result.value;
    };
    const result = schema['~standard'].validate(value);
    return result instanceof Promise ? result.then(accept) : accept(result);
  }
}
