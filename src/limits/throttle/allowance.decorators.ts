import { SetMetadata } from '@nestjs/common';

/** Metadata key under which a route keeps the name of its allowance. */
export const ALLOWANCE = 'sixdigit:allowance';

/** Metadata key of routes that are counted only when a key is sent. */
export const FREE_WITHOUT_KEY = 'sixdigit:free-without-key';

/** For probes that tell the admin key more: a balancer is never refused, and nobody tries keys without limit. */
export const FreeWithoutKey = (): MethodDecorator => SetMetadata(FREE_WITHOUT_KEY, true);

/**
 * A route whose calls are counted apart from all others of the same caller, up to the same limit. For calls behind
 * which a person waits with a code in hand: whatever else the caller does, these get through.
 */
export const OwnAllowance = (name: string): MethodDecorator => SetMetadata(ALLOWANCE, name);
