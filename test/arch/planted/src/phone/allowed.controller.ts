import { Public } from '../access/access.decorators';

@Public()
export class AllowedController {}
