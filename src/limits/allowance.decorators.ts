import { SetMetadata } from '@nestjs/common';

/** Metadata key under which a route keeps the name of its allowance. */
export const ALLOWANCE = 'sixdigit:allowance';

/**
 * A route whose calls are counted apart from all others of the same caller, up to the same limit. For calls behind
 * which a person waits with a code in hand: whatever else the caller does, these get through.
 */
export const OwnAllowance = (name: string): MethodDecorator => SetMetadata(ALLOWANCE, name);
