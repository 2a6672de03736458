import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-problems';
import { checkAnswerSchema, verificationListSchema, verificationSchema } from './verifications.dto';

/** What the OpenAPI document says of the calls of `verifications.controller.ts`, kept out of its way. */

export const IdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 255 visible ASCII characters; a repeat within 24 h gets the first answer again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });

const Id = (): MethodDecorator =>
  ApiParam({ name: 'id', description: 'Id of the verification', schema: { type: 'string' } });

const ended = [
  'verification_approved',
  'verification_failed',
  'verification_expired',
  'verification_canceled',
  'verification_superseded',
] as const;
const sending = ['resend_too_soon', 'send_limit_reached', 'recipient_locked', 'rate_limited'] as const;
const number = ['phone_invalid', 'country_not_allowed', 'number_type_not_allowed', 'number_blocked'] as const;
const keyed = ['idempotency_in_progress', 'idempotency_key_reused'] as const;

export const DocumentCreate = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Send a code',
      description: 'Answers after the verification is stored; `Prefer: wait=N` waits for the first gateway.',
    }),
    IdempotencyKey(),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=N`: seconds to wait for the first gateway, at most 10.',
      schema: { type: 'string' },
    }),
    ApiResponse({ status: 201, description: 'A new verification.', standardSchema: verificationSchema }),
    ApiResponse({
      status: 200,
      description: 'A pending verification was joined.',
      standardSchema: verificationSchema,
    }),
    ApiProblems('invalid_request', 'forbidden', ...number, 'verification_pending', ...keyed, ...sending),
  );

export const DocumentCheck = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Check a code',
      description:
        'Only `valid: true` in the answer proves anything. Send an Idempotency-Key with every check.',
    }),
    Id(),
    IdempotencyKey(),
    ApiResponse({ status: 200, description: 'The guess was evaluated.', standardSchema: checkAnswerSchema }),
    ApiProblems('verification_not_found', ...ended, ...keyed, 'recipient_locked', 'rate_limited'),
  );

export const DocumentSend = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Send the same code again' }),
    Id(),
    ApiResponse({ status: 201, description: 'It is on its way.', standardSchema: verificationSchema }),
    ApiProblems('verification_not_found', ...ended, ...sending),
  );

export const DocumentCancel = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Cancel a verification',
      description: 'Its code is worth nothing from then on.',
    }),
    Id(),
    ApiResponse({ status: 200, description: 'Canceled, now or before.', standardSchema: verificationSchema }),
    ApiProblems('verification_not_found', ...ended.filter((code) => code !== 'verification_canceled')),
  );

export const DocumentGet = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Read a verification',
      description: 'Its status does not say who typed the code: only the answer to your own check does.',
    }),
    Id(),
    ApiResponse({ status: 200, description: 'As it is now.', standardSchema: verificationSchema }),
    ApiProblems('verification_not_found'),
  );

export const DocumentList = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'List verifications, newest first', description: 'May lag one second behind.' }),
    ApiResponse({ status: 200, description: 'One page.', standardSchema: verificationListSchema }),
  );
