export class InnerRepository {}
