import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-problems';
import { hostedSchema, redeemedSchema } from './hosted-verifications.dto';

/** What the OpenAPI document says of the calls of `hosted-verifications.controller.ts`, kept out of its way. */

const IdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 255 visible ASCII characters; a repeat within 24 h gets the first answer again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });

const number = ['phone_invalid', 'country_not_allowed', 'number_type_not_allowed', 'number_blocked'] as const;
const sending = ['resend_too_soon', 'send_limit_reached', 'recipient_locked', 'rate_limited'] as const;

export const DocumentBegin = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Begin a hosted verification',
      description:
        'Gives a link to send the person to, or a session for the component. Keep the id in the session of the person ' +
        'who begins.',
    }),
    IdempotencyKey(),
    ApiResponse({ status: 201, description: 'Begun, now or before.', standardSchema: hostedSchema }),
    ApiProblems(
      'invalid_request',
      ...number,
      'verification_pending',
      'idempotency_in_progress',
      'idempotency_key_reused',
      ...sending,
    ),
  );

export const DocumentRedeem = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Redeem a result',
      description:
        'The only proof. Take the id from the session of the person who comes back, never from the address. Works once, ' +
        'within two minutes; a repeat with the same Idempotency-Key gets the same answer.',
    }),
    ApiParam({ name: 'id', description: 'Id of the hosted verification', schema: { type: 'string' } }),
    IdempotencyKey(),
    ApiResponse({
      status: 200,
      description: 'The person holds this number.',
      standardSchema: redeemedSchema,
    }),
    ApiProblems('hosted_verification_not_found', 'result_used', 'result_expired'),
  );
