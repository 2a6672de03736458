import { Public } from '../applications/access.decorators';

@Public()
export class AllowedController {}
